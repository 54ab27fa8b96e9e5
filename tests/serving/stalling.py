"""A processor that is late on cue, in this process."""

import threading

from engine.backends import StepEngine
from engine.errors import StepAborted
from engine.poses import Bools
from engine.step_graph import StepGraph
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig


class Stalling:
    """onnxruntime whose engines wait to be aborted, each at some of its steps.

    Args:
        stalls: For each engine in the order of making, which of its steps, from 0.
        patience_s: They wait so long, and then do the step.
    """

    accelerator = False

    def __init__(self, *stalls: set[int], patience_s: float = 20.0) -> None:
        self._stalls = list(stalls)
        self._patience_s = patience_s
        self.engines: list[StallingEngine] = []

    def refusal(self) -> str:
        return ""

    def open(self, graph: StepGraph, streams: int) -> StepEngine:
        engine = OnnxRuntimeBackend(OnnxRuntimeConfig()).open(graph, streams)
        stalls = self._stalls.pop(0) if self._stalls else set()
        self.engines.append(StallingEngine(engine, stalls, self._patience_s))
        return self.engines[-1]


class StallingEngine:
    def __init__(self, engine: StepEngine, stalls: set[int], patience_s: float) -> None:
        self.aborts = 0
        self._engine = engine
        self._patience_s = patience_s
        self._stalls = stalls
        self._count = -1
        self._aborted = threading.Event()
        self.streams, self.x, self.outputs = engine.streams, engine.x, engine.outputs

    def step(self, active: Bools) -> None:
        self._count += 1
        if self._count in self._stalls:
            self._aborted.clear()
            if self._aborted.wait(self._patience_s):
                raise StepAborted("as asked")
        self._engine.step(active)

    def reset(self, stream: int) -> None:
        self._engine.reset(stream)

    def abort(self) -> None:
        self.aborts += 1
        self._aborted.set()

    def close(self) -> None:
        self._engine.close()

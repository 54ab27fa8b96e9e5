"""The process of an accelerator killed in mid-run: how long until the processor has taken over."""

import threading
from multiprocessing import active_children

import numpy as np

from benchmarks.engines.subject import random_ticks
from benchmarks.gpu.options import GpuOptions
from benchmarks.gpu.own_process import Report
from benchmarks.gpu.serving import TimedGraph, served_by, until_served
from benchmarks.report import Result
from engine.clock import NS_PER_MS, SystemClock
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import PROCESSOR
from engine.serving.engine_group import EngineGroup
from engine.step_graph import StepGraph
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL

_PAUSE_S = 0.01
_TICKS_BETWEEN = 100


def failover(spec: BackendSpec, options: GpuOptions, report: Report) -> None:
    """Kill it while it serves, again and again; see `Part`."""
    graph = read_model(SHIPPED_MODEL).graph
    for streams in options.killed_sizes:
        with report.gaps.unless_it_runs(f"{spec.use}: killed with {streams} streams"):
            report.figures[str(streams)] = _killed(spec, graph, streams, options.kills)
        report.keep()


def _killed(spec: BackendSpec, graph: StepGraph, streams: int, kills: int) -> Result:
    taken_over_ms: list[float] = []
    served_again_s: list[float] = []
    with served_by(spec, graph) as runner:
        session = _Session(runner, graph, streams)
        until_served(runner, spec.name, session.tick, _PAUSE_S)
        for _ in range(kills):
            session.run(_TICKS_BETWEEN)
            taken_over_ms.append(_kill(runner, session))
            served_again_s.append(until_served(runner, spec.name, session.tick, _PAUSE_S))
        session.close()
        return {
            "kills": kills,
            "kill_to_tick_of_the_processor_ms": [round(ms, 2) for ms in taken_over_ms],
            "served_again_after_s": served_again_s,
            "ticks": session.ticks,
            "ticks_without_outputs": runner.without_outputs,
            "largest_difference": float(f"{session.largest:.3g}"),
            "reasons": sorted(
                {change.reason for change in runner.changes if change.after == PROCESSOR}
            ),
        }


def _kill(runner: TimedGraph, session: "_Session") -> float:
    """Milliseconds from the kill to the first tick that the processor has run instead."""
    begin_ns = SystemClock().now_ns()
    for process in active_children():
        process.kill()
    while runner.backend.name != PROCESSOR:
        session.tick()
    return (runner.ended_ns - begin_ns) / NS_PER_MS


class _Session:
    """Ticks of noise, each compared with a processor that nothing happens to."""

    def __init__(self, runner: TimedGraph, graph: StepGraph, streams: int) -> None:
        runner.reserve(streams)
        self._runner = runner
        self._undisturbed = EngineGroup(BackendSpec(PROCESSOR).make(), graph)
        self._undisturbed.reserve(streams)
        self._rows = random_ticks(graph, 50, streams)
        self._on = np.ones(streams, np.bool_)
        self.ticks = 0
        self.largest = 0.0

    def run(self, ticks: int) -> None:
        """Some, at a pace that leaves room for whatever goes on behind them."""
        never = threading.Event()
        for _ in range(ticks):
            self.tick()
            never.wait(_PAUSE_S)

    def tick(self) -> None:
        """One."""
        x = self._rows[self.ticks % len(self._rows)]
        self.ticks += 1
        given = self._runner.step(x, self._on)
        for one, other in zip(given, self._undisturbed.step(x, self._on), strict=True):
            self.largest = max(self.largest, float(np.abs(one - other).max()))

    def close(self) -> None:
        """Free the undisturbed one."""
        self._undisturbed.close()

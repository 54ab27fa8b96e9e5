"""A graph served as the engine serves it, until a backend has taken over from the processor."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.clock import NS_PER_MS, NS_PER_S, SystemClock
from engine.errors import DeviceError
from engine.poses import F32, Bools
from engine.serving.backend_spec import BackendSpec
from engine.serving.candidates import Candidates
from engine.serving.changes import BackendChange
from engine.serving.choice import PROCESSOR
from engine.serving.limits import ServingLimits
from engine.serving.served import ServedGraph
from engine.step_graph import StepGraph

_WITHIN_S = 120.0


class TimedGraph(ServedGraph):
    """One backend and the processor; knows what each step took, who served, what was given up.

    Args:
        spec: The backend.
        graph: What it runs.
    """

    def __init__(self, spec: BackendSpec, graph: StepGraph) -> None:
        limits = ServingLimits()
        self.changes: list[BackendChange] = []
        self.took_ms: list[float] = []
        self.ended_ns = 0
        self.without_outputs = 0
        candidates = Candidates([spec], limits, named=True)
        super().__init__(graph, BackendSpec(PROCESSOR), candidates, limits, self.changes.append)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`."""
        begin_ns = self._clock.now_ns()
        outputs = super().step(x, active)
        self.ended_ns = self._clock.now_ns()
        self.took_ms.append((self.ended_ns - begin_ns) / NS_PER_MS)
        self.without_outputs += self.late is not None
        return outputs


@contextmanager
def served_by(spec: BackendSpec, graph: StepGraph) -> Iterator[TimedGraph]:
    """Closed at the end."""
    runner = TimedGraph(spec, graph)
    try:
        yield runner
    finally:
        runner.close()


def until_served(
    runner: ServedGraph, name: str, tick: Callable[[], object], pause_s: float
) -> float:
    """Run ticks until a backend serves.

    Returns:
        Seconds that took.

    Raises:
        DeviceError: It does not, and why.
    """
    clock, never = SystemClock(), threading.Event()
    begin_ns = clock.now_ns()
    while runner.backend.name != name:
        passed_s = (clock.now_ns() - begin_ns) / NS_PER_S
        if passed_s > _WITHIN_S:
            raise DeviceError(f"did not take over within {_WITHIN_S:g} s: {runner.backend.reason}")
        tick()
        clock.wait(never, pause_s)
    return round((clock.now_ns() - begin_ns) / NS_PER_S, 3)

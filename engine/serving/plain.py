"""A step graph on one backend of the processor in this process, without a second way."""

from engine.backends import Backend, BackendStatus, RunGraph
from engine.clock import Clock, SystemClock
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits
from engine.serving.missed import MissedTicks
from engine.serving.processor import WatchedProcessor
from engine.step_graph import StepGraph


class PlainRunner:
    """Keeps `GraphRunner` with one backend, whose steps are watched: see `WatchedProcessor`.

    Args:
        name: Of the backend.
        backend: The backend; of the processor.
        graph: What to run.
        limits: For the bound of a step.
        clock: Time.
    """

    def __init__(
        self,
        name: str,
        backend: Backend,
        graph: StepGraph,
        limits: ServingLimits | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.backend = BackendStatus(name, "as configured")
        self._missed = MissedTicks(EngineGroup(backend, graph), graph)
        bound_ms = (limits or ServingLimits()).bound_ms
        self._processor = WatchedProcessor(
            self._missed, graph.name, bound_ms, clock or SystemClock()
        )

    @property
    def late(self) -> Bools | None:
        """See `GraphRunner.late`."""
        return self._processor.late

    def reserve(self, streams: int) -> None:
        """See `GraphRunner.reserve`."""
        self._processor.reserve(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`."""
        outputs = self._processor.step(x, active)
        if self._processor.late is not None:
            self._missed.add(x, self._processor.late)
        return outputs

    def reset(self, stream: int) -> None:
        """See `GraphRunner.reset`."""
        self._missed.reset(stream)

    def close(self) -> None:
        """See `GraphRunner.close`."""
        self._processor.close()


def plainly(name: str, backend: Backend, limits: ServingLimits | None = None) -> RunGraph:
    """Run graphs on one backend and nothing else."""
    return lambda graph: PlainRunner(name, backend, graph, limits)

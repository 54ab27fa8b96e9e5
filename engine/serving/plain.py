"""A step graph on one backend in this process, without a second way."""

from engine.backends import Backend, BackendStatus, RunGraph
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.step_graph import StepGraph


class PlainRunner:
    """Keeps `GraphRunner` with one backend; what that raises goes to the caller.

    Args:
        name: Of the backend.
        backend: The backend.
        graph: What to run.
    """

    def __init__(self, name: str, backend: Backend, graph: StepGraph) -> None:
        self.backend = BackendStatus(name, "as configured")
        self._group = EngineGroup(backend, graph)

    def reserve(self, streams: int) -> None:
        """See `GraphRunner.reserve`."""
        self._group.reserve(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`."""
        return self._group.step(x, active)

    def reset(self, stream: int) -> None:
        """See `GraphRunner.reset`."""
        self._group.reset(stream)

    def close(self) -> None:
        """See `GraphRunner.close`."""
        self._group.close()


def plainly(name: str, backend: Backend) -> RunGraph:
    """Run graphs on one backend and nothing else."""
    return lambda graph: PlainRunner(name, backend, graph)

"""The ticks that engines were given and did not get done, where they serve without a break."""

from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.step_graph import StepGraph


class MissedTicks:
    """Keeps `Backlog` where only ticks that were given up are ever missing.

    So nothing is kept, copied or compared until there is one.

    Args:
        group: The engines, their memory empty.
        graph: What they run.
    """

    def __init__(self, group: EngineGroup, graph: StepGraph) -> None:
        self.group = group
        self._history = TickHistory(graph.receptive_field, graph.row)
        self._follower = Follower(group, self._history, graph)
        self._any = False

    def missing(self, wanted: Bools) -> int:
        """See `Backlog.missing`."""
        if not self._any:
            return 0
        self._any = self._follower.missing() > 0
        return self._follower.missing(wanted)

    def read_missing(self, wanted: Bools) -> tuple[F32, Bools]:
        """See `Backlog.read_missing`."""
        return self._follower.read_missing(wanted)

    def catch_up(self, x: F32, active: Bools) -> None:
        """See `Backlog.catch_up`."""
        self._follower.catch_up(x, active)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `Backlog.step`."""
        return self.group.step(x, active)

    def add(self, x: F32, late: Bools) -> None:
        """These rows, `(S,)`, did not get their tick of `(S, …)`."""
        self._history.reserve(len(x))
        self._history.add(x, late)
        self._any = True

    def reset(self, stream: int) -> None:
        """Let one row forget everything, and what it missed."""
        if self._any and stream < self._history.streams:
            self._history.reset(stream)  # and its memory before the next tick, as it is behind
        else:
            self.group.reset(stream)

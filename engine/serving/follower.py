"""Engines whose memory follows the history, wherever they have been meanwhile."""

import numpy as np

from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.history import Numbers, TickHistory
from engine.step_graph import StepGraph


class Follower:
    """Knows for each row up to which tick a group's memory has come, and brings it on.

    A row that is new, was reset, or is so far behind that the ring has lost its ticks begins anew
    with the first tick that matters. One thread at a time; whoever adds to the history meanwhile
    shares a lock with the callers of `read_missing` and `step`.

    Args:
        group: The engines, their memory empty.
        history: What to follow.
        graph: What the engines run.
    """

    def __init__(self, group: EngineGroup, history: TickHistory, graph: StepGraph) -> None:
        self.group = group
        self._history = history
        self._row = graph.row
        self._done: Numbers = np.zeros(0, np.int64)
        self._x: F32 = np.zeros((0, *graph.row), np.float32)

    @property
    def rows(self) -> int:
        """Rows it follows: those there are, as far as there is room."""
        return min(self.group.room, self._history.streams)

    def missing(self, wanted: Bools | None = None) -> int:
        """Ticks that the row furthest behind lacks.

        Args:
            wanted: `(S,)` rows that count; all by default.
        """
        self._align()
        behind = self._history.end[: self.rows] - self._done
        if wanted is not None:
            behind = behind[wanted[: self.rows]]
        return int(behind.max(initial=0))

    def read_missing(self, wanted: Bools | None = None) -> tuple[F32, Bools]:
        """The next tick of every row that lacks one, `(S, …)`, and which these are, `(S,)`.

        The array is overwritten by the next call.
        """
        self._align()
        active = self._done < self._history.end[: self.rows]
        if wanted is not None:
            active &= wanted[: self.rows]
        lacking = np.flatnonzero(active)
        self._history.read(lacking, self._done[lacking], self._x)
        return self._x, active

    def catch_up(self, x: F32, active: Bools) -> None:
        """Run what `read_missing` gave; the history may have changed meanwhile.

        Raises:
            StepAborted: Rows of engines that had taken the tick are further now, others are not.
            EngineError: The group is of no more use.
        """
        self._run(x, active)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """Run a tick that the history does not have yet; the rows are to lack none.

        Raises:
            StepAborted, EngineError: See `catch_up`.
        """
        self._align()
        return self._run(x, active)

    def _run(self, x: F32, active: Bools) -> tuple[F32, ...]:
        try:
            return self.group.step(x, active)
        finally:
            taken = active[: self.group.taken]
            self._done[: len(taken)] += taken

    def _align(self) -> None:
        """Empty the memory of rows that can not or need not go on from where they are."""
        if len(self._done) < self.rows:
            more = self.rows - len(self._done)
            self._done = np.append(self._done, np.zeros(more, np.int64))
            self._x = np.zeros((self.rows, *self._row), np.float32)
        start, end = self._history.start[: self.rows], self._history.end[: self.rows]
        for row in np.flatnonzero((self._done < start) | (self._done > end)):
            self.group.reset(int(row))
            self._done[row] = start[row]

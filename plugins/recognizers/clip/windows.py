"""A network of whole windows as one that is given a tick at a time."""

import numpy as np

from engine.backends import BackendStatus, GraphRunner, RunGraph
from engine.poses import F32, Bools
from engine.step_graph import StepGraph


class WindowRunner:
    """Keeps `GraphRunner` for a graph whose input is a window: a ring of ticks for each stream.

    The network is run at the first tick of a stream and at every `stride`-th after it; in between
    what it said last stands. The ring lies here, in numpy, and not in the graph: inside it, a
    stride would be an `If` whose condition is one for all rows of a block, while each row has a
    phase of its own, and every tick would copy all windows. So the graph has no memory, a backend
    that takes over has nothing to make anew, and who runs when is decided by a stream's own ticks
    alone: the same live, in a replay, and whatever other streams do.

    A run that was given up for want of time leaves its rows `late` until their next one, as none of
    these ticks has an output.

    Args:
        graph: One row of its input is `(window, …)`.
        run_graph: Runs it.
        stride: Ticks from one run to the next.
    """

    def __init__(self, graph: StepGraph, run_graph: RunGraph, stride: int) -> None:
        self._runner: GraphRunner = run_graph(graph)
        self._window, *tick = graph.row
        self._stride = stride
        self._ring: F32 = np.zeros((0, self._window, *tick), np.float32)
        self._said = tuple(np.zeros((0, *row), np.float32) for _, row in graph.outputs)
        self._ticks = np.zeros(0, np.int64)
        self._lost: Bools = np.zeros(0, np.bool_)
        self._late: Bools | None = None

    @property
    def backend(self) -> BackendStatus:
        """See `GraphRunner.backend`."""
        return self._runner.backend

    @property
    def late(self) -> Bools | None:
        """See `GraphRunner.late`."""
        return self._late

    def reserve(self, streams: int) -> None:
        """See `GraphRunner.reserve`."""
        self._runner.reserve(streams)
        more = streams - len(self._ticks)
        if more > 0:
            self._ring = _grown(self._ring, more)
            self._said = tuple(_grown(said, more) for said in self._said)
            self._ticks = np.append(self._ticks, np.zeros(more, np.int64))
            self._lost = np.append(self._lost, np.zeros(more, np.bool_))

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """See `GraphRunner.step`."""
        rows = np.flatnonzero(active)
        due = active & (self._ticks % self._stride == 0)
        self._ring[rows, self._ticks[rows] % self._window] = x[rows]
        self._ticks[rows] += 1
        if due.any():
            self._run(due)
        late = self._lost & active
        self._late = late if late.any() else None
        return self._said

    def reset(self, stream: int) -> None:
        """See `GraphRunner.reset`."""
        self._runner.reset(stream)
        for numbers in (self._ring, *self._said):
            numbers[stream] = 0.0
        self._ticks[stream] = 0
        self._lost[stream] = False

    def close(self) -> None:
        """See `GraphRunner.close`."""
        self._runner.close()

    def _run(self, due: Bools) -> None:
        rows = np.flatnonzero(due)
        windows = np.zeros_like(self._ring)
        order = (self._ticks[rows, None] + np.arange(self._window)) % self._window
        windows[rows] = self._ring[rows[:, None], order]
        outputs = self._runner.step(windows, due)
        for said, output in zip(self._said, outputs, strict=True):
            said[rows] = output[rows]
        late = self._runner.late
        self._lost[rows] = False if late is None else late[rows]


def _grown(array: F32, rows: int) -> F32:
    return np.concatenate((array, np.zeros((rows, *array.shape[1:]), np.float32)))

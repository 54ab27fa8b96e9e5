"""The last ticks of every stream, from which an engine's memory can be made anew."""

import numpy as np
import numpy.typing as npt

from engine.poses import F32, Bools

Numbers = npt.NDArray[np.int64]
"""`(S,)`: a tick's number in its stream."""


class TickHistory:
    """A ring of the last `receptive_field` inputs of each stream; nothing is allocated by a tick.

    Ticks are numbered, each stream by itself, as idle rows have none. A reset takes a number too,
    so that whoever follows sees it by the numbers alone. Memory: a receptive field of inputs a
    stream, 0.26 MB with the shipped model.

    Args:
        receptive_field: Ticks to keep.
        row: Shape of one stream's input.
    """

    def __init__(self, receptive_field: int, row: tuple[int, ...]) -> None:
        self._ring: F32 = np.zeros((0, receptive_field, *row), np.float32)
        self._length = receptive_field
        self.end: Numbers = np.zeros(0, np.int64)
        """Number of the next tick."""
        self._reset: Numbers = np.zeros(0, np.int64)

    @property
    def streams(self) -> int:
        """Rows there are."""
        return len(self.end)

    @property
    def start(self) -> Numbers:
        """Number of the first tick that matters: nothing before it is remembered."""
        return np.maximum(self._reset, self.end - self._length)

    def reserve(self, streams: int) -> None:
        """Have at least so many rows; new ones have seen nothing."""
        more = streams - self.streams
        if more > 0:
            ring = np.zeros((streams, *self._ring.shape[1:]), np.float32)
            ring[: self.streams] = self._ring
            self._ring = ring
            self.end = np.append(self.end, np.zeros(more, np.int64))
            self._reset = np.append(self._reset, np.zeros(more, np.int64))

    def add(self, x: F32, active: Bools) -> None:
        """Remember a tick, `(S, …)`, of the rows that are `active`, `(S,)`; S of the first rows."""
        rows = np.flatnonzero(active)
        self._ring[rows, self.end[rows] % self._length] = x[rows]
        self.end[rows] += 1

    def reset(self, stream: int) -> None:
        """Nothing before now matters for this stream."""
        self.end[stream] += 1
        self._reset[stream] = self.end[stream]

    def read(self, rows: npt.NDArray[np.intp], numbers: Numbers, into: F32) -> None:
        """Copy the tick `numbers[i]` of row `rows[i]` to `into[rows[i]]`."""
        into[rows] = self._ring[rows, numbers % self._length]

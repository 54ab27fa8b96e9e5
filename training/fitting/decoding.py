"""The engine's event decoder for one class over one long array, fast enough to search with."""

import math

import numpy as np
import numpy.typing as npt

from engine.config import ClassDecoderConfig
from engine.poses import F32
from training.network.config import RATE_HZ

_Rise = tuple[int, int, int, bool]


def decoded_events(
    scores: F32, point: ClassDecoderConfig, merge_gap_s: float
) -> npt.NDArray[np.int64]:
    """Events of one class; the same as `engine.core.decode` finds, without gaps and splits.

    Args:
        scores: `(T,)` float32 at 25 ticks a second, all valid.
        point: Thresholds and shortest duration, all given.
        merge_gap_s: A dip of at most this does not end an event.

    Returns:
        `(E, 2)` int64: first tick, and first tick after.
    """
    assert point.onset is not None
    assert point.offset is not None
    assert point.min_duration_s is not None
    dip = math.floor(merge_gap_s * RATE_HZ + 1e-6)
    shortest = max(1, math.ceil(point.min_duration_s * RATE_HZ - 1e-6))
    merged = _merged(_rises(scores, point.onset, point.offset, dip), dip)
    events = [(start, end) for start, end in merged if end - start >= shortest]
    return np.array(events, np.int64).reshape(-1, 2)


def _rises(scores: F32, onset: float, offset: float, dip: int) -> list[_Rise]:
    """Stretches at or above the offset: start, start as it is dated, end, onset reached."""
    above = np.concatenate(([False], scores >= np.float32(offset), [False]))
    edges = np.flatnonzero(above[1:] != above[:-1])
    certain = np.flatnonzero(scores >= np.float32(onset))
    rises = []
    for start, end in edges.reshape(-1, 2).tolist():
        place = int(np.searchsorted(certain, start))
        reached = place < len(certain) and certain[place] < end
        dated = start
        if reached:
            # A long half-belief is cut off in steps of the merge gap, like the decoder does.
            before = int(certain[place]) - 1 - start
            dated = start + max(0, before) // (dip + 1) * (dip + 1)
        rises.append((start, dated, end, reached))
    return rises


def _merged(rises: list[_Rise], dip: int) -> list[tuple[int, int]]:
    events: list[tuple[int, int]] = []
    for start, dated, end, reached in rises:
        if events and start - events[-1][1] <= dip:
            events[-1] = (events[-1][0], end)
        elif reached:
            events.append((dated, end))
    return events

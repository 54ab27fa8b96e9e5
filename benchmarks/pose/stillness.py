"""Stretches in which nobody moves, and how much landmarks do all the same."""

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.pose.distances import HANDS, PARTS, places_px, shoulders_px
from plugins.pose.direct.region import F64
from training.simulator.landmarks.recorded import RecordedPose

WINDOW_S = 1.0
STILL = {"body": 0.01, **dict.fromkeys(HANDS, 0.02)}
"""In a still stretch half of the points stray less from their mean, in shoulder widths."""
_SEEN = 0.5
_FEWEST_FRAMES = 5


def still_windows(reference: RecordedPose, part: str) -> list[slice]:
    """Frames of seconds, one after the other, in which a part is seen and does not move.

    Args:
        reference: The graph's smoothed track. Whoever is judged has no say in it.
        part: See `distances.PARTS`.
    """
    return [window for window in _windows(reference) if _is_still(reference, part, window)]


def jitter(track: RecordedPose, reference: RecordedPose, part: str, window: slice) -> F64:
    """Second differences of each point over a window, in shoulder widths of the reference.

    Flat and finite: where the track lacks the part there is none.
    """
    places = places_px(track)[window, PARTS[part]]
    second = places[2:] - 2 * places[1:-1] + places[:-2]
    size_px = float(np.nanmedian(shoulders_px(reference)[window]))
    moved = np.hypot(second[..., 0], second[..., 1]) / size_px
    return np.asarray(moved[np.isfinite(moved)], np.float64)


def pooled(values: Sequence[F64]) -> F64:
    """All of them in one row."""
    return np.concatenate([np.zeros(0), *values])


def _windows(track: RecordedPose) -> Iterator[slice]:
    second = np.floor(track.times_s / WINDOW_S)
    starts = np.flatnonzero(np.diff(second, prepend=-1.0)).tolist()
    for start, end in zip(starts, [*starts[1:], len(second)], strict=True):
        if end - start >= _FEWEST_FRAMES:
            yield slice(start, end)


def _is_still(track: RecordedPose, part: str, window: slice) -> bool:
    seen = (track.joints[window, PARTS[part], 2] > _SEEN).all(axis=0)
    size_px = shoulders_px(track)[window]
    if not seen.any() or not np.isfinite(size_px).all():
        return False
    places = places_px(track)[window, PARTS[part]][:, seen]
    strays = np.sqrt(places.var(axis=0).sum(axis=-1)) / np.median(size_px)
    return bool(np.median(strays) < STILL[part])

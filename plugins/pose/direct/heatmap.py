"""Moves landmarks to the middle of what their heatmaps show."""

import numpy as np
import numpy.typing as npt

from engine.poses import F32, Bools
from plugins.pose.direct.numbers import sigmoid
from plugins.pose.direct.region import F64

# The wheel's graph asks for a window of 7, but what it gives is that of 9: with 7 the worst
# landmark is off by 2.6 px in the first picture, with 9 by 0.01.
WINDOW = 9
_MIN_CONFIDENCE = 0.5

Indices = npt.NDArray[np.int64]


def refined(parts: F64, heatmap: F32) -> F64:
    """Landmarks corrected by their heatmaps.

    Args:
        parts: `(n, 2)` x and y as parts of the side of the crop.
        heatmap: `(h, w, m)` logits, a map for each landmark, m at least n.

    Returns:
        `(n, 2)`: the mean over a window about each place, weighted by the map's probability; a
        landmark outside the crop, or with a faint map, stays where it is.
    """
    height, width = heatmap.shape[:2]
    cells = np.trunc(parts * (width, height))
    inside = ((cells >= 0) & (cells < (width, height))).all(axis=1)
    columns, rows = np.where(inside[:, None], cells, 0).astype(np.int64).T
    offsets = np.arange(WINDOW) - WINDOW // 2
    at_rows, at_columns = rows[:, None] + offsets, columns[:, None] + offsets
    there = _within(at_rows, height)[:, :, None] & _within(at_columns, width)[:, None, :]
    windows = heatmap[
        np.clip(at_rows, 0, height - 1)[:, :, None],
        np.clip(at_columns, 0, width - 1)[:, None, :],
        np.arange(len(parts))[:, None, None],
    ]
    weights = np.where(there, sigmoid(windows), 0.0)
    total = weights.sum(axis=(1, 2))
    usable = inside & (weights.max(axis=(1, 2)) >= _MIN_CONFIDENCE)
    safe = np.where(usable, total, 1.0)
    x = (weights.sum(axis=1) * at_columns).sum(axis=1) / safe / width
    y = (weights.sum(axis=2) * at_rows).sum(axis=1) / safe / height
    return np.where(usable[:, None], np.stack([x, y], axis=1), parts)


def _within(index: Indices, size: int) -> Bools:
    return (index >= 0) & (index < size)

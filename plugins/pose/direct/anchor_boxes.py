"""What the two detectors have in common: boxes at the cells of grids, and which are the same."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from plugins.pose.direct.numbers import sigmoid
from plugins.pose.direct.region import F64

Grid = tuple[int, int]
"""Cells a side, and boxes in each of them."""

_SAME_OVERLAP = 0.3
_TINIEST = 1e-12


class AnchorBoxes:
    """Reads what a detector of MediaPipe's says. Pure.

    Args:
        grids: Of the detector, in the order of its boxes.
        points: It tells for each box, after the box itself.
        side_px: Of its picture.
    """

    def __init__(self, grids: Sequence[Grid], points: int, side_px: int) -> None:
        self._middles = np.concatenate([_middles(cells, boxes) for cells, boxes in grids])
        self._places = 2 + points
        self._side_px = side_px

    def found(self, raw: F32, logits: F32, min_score: float) -> list[tuple[F64, float]]:
        """What is there, the surest first.

        Args:
            raw: Of the network, flat.
            logits: Of the network, flat.
            min_score: Smallest score, 0..1.

        Returns:
            `(2 + points, 2)` middle and size of a box, then its points, as parts of the side, and
            its score. Each is the mean of all that overlap the surest, weighted by score.
        """
        scores = sigmoid(logits)
        likely = np.flatnonzero(scores >= min_score)
        return _merged(self._decoded(raw, likely), scores[likely])

    def _decoded(self, raw: F32, cells: npt.NDArray[np.int64]) -> F64:
        places = raw.reshape(-1, self._places, 2)[cells].astype(np.float64) / self._side_px
        # All but the size are told from the cell's middle.
        places[:, [0, *range(2, self._places)]] += self._middles[cells][:, None]
        return places


def _middles(cells: int, boxes: int) -> F64:
    down, right = np.divmod(np.arange(cells * cells), cells)
    grid = np.stack([right + 0.5, down + 0.5], axis=1) / cells
    return np.repeat(grid, boxes, axis=0)


def _merged(places: F64, scores: F64) -> list[tuple[F64, float]]:
    found = []
    left = np.argsort(-scores, kind="stable")
    while left.size:
        same = _overlaps(places[left[0]], places[left]) > _SAME_OVERLAP
        same[0] = True
        group = left[same]
        weights = scores[group] / scores[group].sum()
        found.append((np.tensordot(weights, places[group], axes=1), float(scores[left[0]])))
        left = left[~same]
    return found


def _overlaps(one: F64, others: F64) -> F64:
    """`(n,)` part of the union that two boxes share."""
    low = np.maximum(one[0] - one[1] / 2, others[:, 0] - others[:, 1] / 2)
    high = np.minimum(one[0] + one[1] / 2, others[:, 0] + others[:, 1] / 2)
    shared = np.clip(high - low, 0.0, None).prod(axis=1)
    union = np.prod(one[1]) + others[:, 1].prod(axis=1) - shared
    return np.asarray(shared / np.maximum(union, _TINIEST), np.float64)

"""Finds people in a whole picture."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.crop import BLACK, crop
from plugins.pose.direct.network_files import PERSON_DETECTOR
from plugins.pose.direct.numbers import sigmoid
from plugins.pose.direct.region import F64, UPRIGHT_RAD, Region, aligned, letterbox
from plugins.pose.direct.runtime import Network

_SIDE_PX = PERSON_DETECTOR.side_px
# Cells a side, and boxes in each of them.
_GRIDS = ((28, 2), (14, 2), (7, 6))
_SAME_PERSON_OVERLAP = 0.3
# What a region has more than the body's circle.
ROOM = 1.25
_TINIEST = 1e-12


@dataclass(frozen=True)
class Detection:
    """A person that was found.

    Attributes:
        region: What the body network is to look at.
        shoulders_px: x and y of the middle between the shoulders.
        score: 0..1.
    """

    region: Region
    shoulders_px: tuple[float, float]
    score: float


class PersonDetector:
    """Looks at a picture, or at a square of it. One thread at a time.

    Args:
        network: The person detector, loaded.
        min_score: Smallest score of a person, 0..1.
    """

    def __init__(self, network: Network, min_score: float) -> None:
        self._network = network
        self._min_score = min_score

    def find(self, image: U8, view: Region | None = None) -> list[Detection]:
        """The people in a picture, the surest first.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            view: The square to look at; all of the picture if None. People much smaller than
                it are not found: of four in a room it takes the nearest.

        Raises:
            ModelError: The network failed.
        """
        view = view or letterbox(image.shape[1], image.shape[0])
        crop(image, view, self._network.picture, BLACK)
        boxes, logits = self._network.run()
        scores = sigmoid(logits)
        likely = np.flatnonzero(scores >= self._min_score)
        places = _decoded(boxes.reshape(-1, 12)[likely], likely)
        merged = _merged(places, scores[likely])
        return [_detection(place, score, view) for place, score in merged]


@cache
def _anchors() -> F64:
    """`(2254, 2)` middles of the cells, as parts of the side."""
    middles = []
    for cells, boxes in _GRIDS:
        down, right = np.divmod(np.arange(cells * cells), cells)
        grid = np.stack([right + 0.5, down + 0.5], axis=1) / cells
        middles.append(np.repeat(grid, boxes, axis=0))
    return np.concatenate(middles)


def _decoded(raw: F32, cells: npt.NDArray[np.int64]) -> F64:
    """`(n, 6, 2)`: middle and size of a box, then four points; as parts of the side.

    The points: middle of the hips, end of the body's circle about it, middle of the shoulders,
    end of the upper body's circle.
    """
    places = raw.reshape(-1, 6, 2).astype(np.float64) / _SIDE_PX
    places[:, [0, 2, 3, 4, 5]] += _anchors()[cells][:, None]
    return places


def _merged(places: F64, scores: F64) -> list[tuple[F64, float]]:
    """One place a person: the mean of all that overlap the surest, weighted by score."""
    found = []
    left = np.argsort(-scores, kind="stable")
    while left.size:
        same = _overlaps(places[left[0]], places[left]) > _SAME_PERSON_OVERLAP
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


def _detection(place: F64, score: float, view: Region) -> Detection:
    hips, end, shoulders = view.project(place[2:5]).tolist()
    return Detection(
        region=aligned(hips, end, UPRIGHT_RAD).scaled(ROOM),
        shoulders_px=(shoulders[0], shoulders[1]),
        score=score,
    )

"""The zones of one tick in place: how far points are from each."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from plugins.recognizers.geometric.body import Face, Point, Trunk
from plugins.recognizers.geometric.zones import ANCHORS, MIDDLE_OF_FACE, POINTS, ZONES

_CAPSULES = [capsule for zone in ZONES for capsule in zone.capsules]
_COUNT = len(_CAPSULES)
_RADIUS = np.array([radius for _, _, radius in _CAPSULES])
_FIRST = np.cumsum([0, *(len(zone.capsules) for zone in ZONES[:-1])])
# Hand points are up to a finger's breadth apart.
_UNDER = 0.18


def _row(anchor: str) -> npt.NDArray[np.complex128]:
    return np.array([ANCHORS[anchor].get(point, 0.0) for point in POINTS], np.complex128)


_MATRIX = np.array(
    [
        *(_row(start) for start, _, _ in _CAPSULES),
        *(_row(end) - _row(start) for start, end, _ in _CAPSULES),
        *(_row(part) for part in MIDDLE_OF_FACE),
    ]
)


class Surface:
    """The zones of `zones.ZONES` on one body at one tick.

    Args:
        face: The head.
        trunk: The trunk.
    """

    def __init__(self, face: Face, trunk: Trunk) -> None:
        self._unit = face.width
        width = trunk.width
        measured = (
            *face.pairs,
            *(face.nose, face.eyes, face.ears, face.mouth, trunk.neck),
            *(face.right * self._unit, face.down * self._unit),
            *(trunk.right * width, trunk.down * width),
        )
        places = _MATRIX @ np.array(measured)
        self._start = places[:_COUNT]
        # A capsule that is a circle has no length to divide by.
        self._along = places[_COUNT : 2 * _COUNT] + 1e-9 * self._unit
        self._middle = places[2 * _COUNT :]

    def distances(self, points: Sequence[Point]) -> npt.NDArray[np.float64]:
        """Distance of each of N points to each zone in face widths, `(N, Z)`; negative inside."""
        # In units of a capsule's axis, the part along it is the real part of a quotient.
        place = (np.array(points)[:, None] - self._start) / self._along
        part = np.minimum(np.maximum(place.real, 0.0), 1.0)
        to_capsule = np.abs(place - part) * (np.abs(self._along) / self._unit) - _RADIUS
        nearest: npt.NDArray[np.float64] = np.minimum.reduceat(to_capsule, _FIRST, axis=1)
        return nearest

    def covered(self, points: Sequence[Point]) -> float:
        """Which part, 0..1, of the middle of the face lies under hand points."""
        gaps = np.abs(self._middle[:, None] - np.array(points)).min(axis=1)
        return float((gaps < _UNDER * self._unit).mean())

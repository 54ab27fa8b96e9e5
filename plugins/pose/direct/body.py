"""The body in its region."""

from dataclasses import dataclass, replace

import numpy as np

from engine.frames import U8
from plugins.pose.direct.crop import crop
from plugins.pose.direct.heatmap import refined
from plugins.pose.direct.network_files import BODY
from plugins.pose.direct.numbers import finite, sigmoid
from plugins.pose.direct.region import F64, UPRIGHT_RAD, Region, aligned
from plugins.pose.direct.runtime import Network

POINTS = 33
_ROWS = 39
_HEATMAP = (64, 64, _ROWS)
# Two points that only say where the body is: the middle of the hips and the end of its circle.
_MIDDLE, _END = 33, 34
_ROOM = 1.25
# Wrist, little finger, index finger and thumb of the left side; those of the right lie between.
_LEFT_HAND, _HAND_POINTS = 15, 4


@dataclass(frozen=True)
class Body:
    """What the network saw.

    Attributes:
        points_px: `(35, 3)` float64: x, y and z in pixels of the picture, z from the middle of
            the hips; the last two points say where the body is.
        visibility: `(33,)` float64, 0..1.
        score: Of the whole body, 0..1.
    """

    points_px: F64
    visibility: F64
    score: float

    @property
    def circle(self) -> Region:
        """About the hips, around the whole body."""
        return circle(self.points_px[_MIDDLE:])

    def with_wrist_moved(self, side: int, right_px: float, down_px: float) -> "Body":
        """The same with the wrist, thumb and fingers of a side (0 left, 1 right) elsewhere."""
        points_px = self.points_px.copy()
        points_px[_LEFT_HAND + side :: 2][:_HAND_POINTS, :2] += right_px, down_px
        return replace(self, points_px=points_px)


def circle(points_px: F64) -> Region:
    """The region of a body by the two points that say where it is, `(2, 2 or more)` px."""
    middle, end = points_px[:, :2].tolist()
    return aligned(middle, end, UPRIGHT_RAD)


def next_region(points_px: F64) -> Region:
    """Where to look in the next picture; as `circle`, with some room."""
    return circle(points_px).scaled(_ROOM)


class BodyNetwork:
    """Looks at one region. One thread at a time.

    Args:
        network: The body network, loaded.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def see(self, image: U8, region: Region, *, quick: bool = False) -> Body:
        """The body in `region` of `(H, W, 3)` uint8 RGB; `quick` as of `crop`.

        Raises:
            ModelError: The network failed.
        """
        crop(image, region, self._network.picture, quick=quick)
        landmarks, score, heatmap = self._network.run()
        rows = landmarks.reshape(_ROWS, 5)[: _END + 1].astype(np.float64)
        parts = refined(rows[:, :2] / BODY.side_px, heatmap.reshape(_HEATMAP))
        points_px = np.empty((_END + 1, 3))
        points_px[:, :2] = region.project(parts)
        points_px[:, 2] = rows[:, 2] / BODY.side_px * region.side_px
        return Body(points_px, sigmoid(rows[:POINTS, 3]), finite(score[0]))

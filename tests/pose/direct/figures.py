"""Bodies and hands in a region, without a network."""

import numpy as np

from plugins.pose.direct.body import Body
from plugins.pose.direct.hand import Hand
from plugins.pose.direct.region import F64, Region

SIZE_PX = (640, 480)


def body(
    left: tuple[float, float] = (420.0, 300.0),
    right: tuple[float, float] = (220.0, 300.0),
    visibility: float = 0.99,
    score: float = 0.99,
) -> Body:
    """A body of 400 px about the middle of the picture, both hands upright above their wrists."""
    points = np.zeros((35, 3))
    points[:, :2] = 320.0, 240.0
    points[34, 1] = 240.0 - 200.0
    for side, wrist in enumerate((left, right)):
        for number, above in ((15, 0.0), (17, 40.0), (19, 40.0)):
            points[number + side, :2] = wrist[0], wrist[1] - above
    return Body(points, np.full(33, visibility), score)


def hand_points(wrist: tuple[float, float] = (420.0, 300.0), size_px: float = 40.0) -> F64:
    """`(21, 3)` of an upright open hand: the palm is a square of that size above the wrist."""
    points = np.zeros((21, 3))
    points[:, :2] = wrist
    for finger, right in ((1, -0.5), (5, -0.25), (9, 0.0), (13, 0.25), (17, 0.5)):
        for joint in range(4):
            points[finger + joint, :2] += size_px * right, -size_px * (1 + 0.25 * joint)
    points[1:5, 1] = wrist[1] - 0.2 * size_px
    return points


def hand(
    wrist: tuple[float, float] = (420.0, 300.0), score: float = 0.9, side_px: float = 100.0
) -> Hand:
    return Hand(hand_points(wrist), score, Region(wrist[0], wrist[1] - 20.0, side_px, 0.0))

"""Where a hand is to be looked for: by the body, by a network, and by the hand before."""

import math
from dataclasses import replace

import numpy as np

from engine.frames import U8
from plugins.pose.direct.crop import crop
from plugins.pose.direct.network_files import HAND_PLACER
from plugins.pose.direct.region import (
    DOWNWARD_RAD,
    F64,
    UPRIGHT_RAD,
    Region,
    aligned,
    rotation,
)
from plugins.pose.direct.runtime import Network

# Parts of a region's side by which it is moved towards the fingers, and then made larger.
_TOWARDS_FINGERS = -0.1
_BODY_ROOM = 2.7
_PALM_ROOM = 2.0
# The hand's points that do not move with the fingertips, and its joints at the palm.
_PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
_WRIST, _INDEX, _MIDDLE, _RING = 0, 5, 9, 13
# All points of a hand before must lie in so much of the region that is told.
_INSIDE = 0.9


def by_body(wrist: F64, pinky: F64, index: F64) -> Region:
    """From three points of the body, `(2,)` px each; coarse."""
    middle = (2 * index + pinky) / 3
    region = aligned(middle.tolist(), wrist.tolist(), DOWNWARD_RAD)
    return region.shifted(_TOWARDS_FINGERS).scaled(_BODY_ROOM)


def by_hand(points_px: F64) -> Region:
    """From a hand's own points, `(21, 2 or more)` px."""
    joints = (points_px[_INDEX] + points_px[_RING]) / 2
    turn = rotation(points_px[_WRIST], (joints + points_px[_MIDDLE]) / 2, UPRIGHT_RAD)
    palm = points_px[_PALM, :2]
    middle = (palm.min(axis=0) + palm.max(axis=0)) / 2
    cos, sin = math.cos(turn), math.sin(turn)
    axes = np.array([[cos, -sin], [sin, cos]])
    turned = (palm - middle) @ axes
    low, high = turned.min(axis=0), turned.max(axis=0)
    x, y = middle + axes @ ((low + high) / 2)
    # The way towards the fingers is a part of the height, the side is the larger of both.
    width, height = (high - low).tolist()
    tall = Region(float(x), float(y), height, turn).shifted(_TOWARDS_FINGERS)
    return replace(tall, side_px=max(width, height) * _PALM_ROOM)


def agrees(before: Region, points_px: F64, told: Region) -> bool:
    """Whether the hand before may say where to look, or `told` must.

    Args:
        before: By the hand before.
        points_px: `(21, 2 or more)` its points.
        told: By the body and the placing network.
    """
    return before.agrees_with(told) and _contains(told.scaled(_INSIDE), points_px)


def _contains(region: Region, points_px: F64) -> bool:
    cos, sin = math.cos(region.rotation_rad), math.sin(region.rotation_rad)
    away = points_px[:, :2] - (region.x_px, region.y_px)
    turned = away @ np.array([[cos, -sin], [sin, cos]])
    return bool((np.abs(turned) <= region.side_px / 2).all())


class HandPlacer:
    """Makes a coarse region precise. One thread at a time.

    Args:
        network: The hand placer, loaded.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def place(self, image: U8, coarse: Region, *, quick: bool = False) -> Region:
        """The region of a hand in `(H, W, 3)` uint8 RGB; `quick` as of `crop`.

        Raises:
            ModelError: The network failed.
        """
        crop(image, coarse, self._network.picture, quick=quick)
        (points,) = self._network.run()
        parts = points.reshape(2, 2).astype(np.float64) / HAND_PLACER.side_px
        middle, end = coarse.project(parts).tolist()
        return aligned(middle, end, DOWNWARD_RAD).shifted(_TOWARDS_FINGERS)

"""A hand in its region."""

from dataclasses import dataclass

import numpy as np

from engine.frames import U8
from plugins.pose.direct.crop import crop
from plugins.pose.direct.network_files import HAND
from plugins.pose.direct.numbers import finite
from plugins.pose.direct.region import F64, Region
from plugins.pose.direct.runtime import Network

POINTS = 21
# The network's depth is in its own pixels, a bit more than its horizontal ones.
_DEPTH_SCALE = 0.4


@dataclass(frozen=True)
class Hand:
    """What the network saw.

    Attributes:
        points_px: `(21, 3)` float64: x, y and z in pixels of the picture, z from the wrist.
        score: That there is a hand, 0..1.
        region: Where it looked.
    """

    points_px: F64
    score: float
    region: Region


class HandNetwork:
    """Looks at one region. One thread at a time.

    Args:
        network: A hand network, loaded.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def see(self, image: U8, region: Region, *, quick: bool = False) -> Hand:
        """The hand in `region` of `(H, W, 3)` uint8 RGB; `quick` as of `crop`.

        Raises:
            ModelError: The network failed.
        """
        crop(image, region, self._network.picture, quick=quick)
        landmarks, score = self._network.run()
        parts = landmarks.reshape(POINTS, 3).astype(np.float64) / HAND.side_px
        points_px = np.empty((POINTS, 3))
        points_px[:, :2] = region.project(parts[:, :2])
        points_px[:, 2] = parts[:, 2] / _DEPTH_SCALE * region.side_px
        return Hand(points_px, finite(score[0]), region)

"""Finds palms in a square of a picture, where a hand is not where the body says."""

from dataclasses import dataclass

from engine.frames import U8
from plugins.pose.direct.anchor_boxes import AnchorBoxes
from plugins.pose.direct.crop import BLACK, crop
from plugins.pose.direct.network_files import PALM_DETECTOR
from plugins.pose.direct.region import F64, UPRIGHT_RAD, Region, aligned
from plugins.pose.direct.runtime import Network

# Points: wrist, then the knuckles from the index finger to the little one, then two of the thumb.
_BOXES = AnchorBoxes(((24, 2), (12, 6)), 7, PALM_DETECTOR.side_px)
_SIZE, _WRIST, _MIDDLE = 1, 2, 4
_MIN_SCORE = 0.5
# What MediaPipe's own hand tracking does: the region begins half a palm further towards the
# fingers and is so many times as large.
_TOWARDS_FINGERS = -0.5
_ROOM = 2.6


@dataclass(frozen=True)
class Palm:
    """One that was found.

    Attributes:
        region: Where the hand network is to look.
        size_px: Side of the square about the palm alone.
    """

    region: Region
    size_px: float


class PalmDetector:
    """Looks at a square of a picture. One thread at a time.

    Args:
        network: The palm detector, loaded.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def find(self, image: U8, view: Region) -> list[Palm]:
        """The palms in `view` of `(H, W, 3)` uint8 RGB, the surest first.

        Raises:
            ModelError: The network failed.
        """
        crop(image, view, self._network.picture, BLACK)
        boxes, logits = self._network.run()
        found = _BOXES.found(boxes, logits, _MIN_SCORE)
        return [_palm(place, view) for place, _ in found]


def _palm(place: F64, view: Region) -> Palm:
    middle, wrist, knuckle = view.project(place[[0, _WRIST, _MIDDLE]]).tolist()
    size_px = float(place[_SIZE].max()) * view.side_px
    turn = aligned(wrist, knuckle, UPRIGHT_RAD).rotation_rad
    upright = Region(middle[0], middle[1], size_px, turn)
    return Palm(upright.shifted(_TOWARDS_FINGERS).scaled(_ROOM), size_px)

"""Finds people in a whole picture."""

from dataclasses import dataclass

from engine.frames import U8
from plugins.pose.direct.anchor_boxes import AnchorBoxes
from plugins.pose.direct.crop import BLACK, crop
from plugins.pose.direct.network_files import PERSON_DETECTOR
from plugins.pose.direct.region import F64, UPRIGHT_RAD, Region, aligned, letterbox
from plugins.pose.direct.runtime import Network

# Points: middle of the hips, end of the body's circle about it, middle of the shoulders, end of the
# upper body's circle.
_BOXES = AnchorBoxes(((28, 2), (14, 2), (7, 6)), 4, PERSON_DETECTOR.side_px)
# What a region has more than the body's circle.
ROOM = 1.25


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
        found = _BOXES.found(boxes, logits, self._min_score)
        return [_detection(place, score, view) for place, score in found]


def _detection(place: F64, score: float, view: Region) -> Detection:
    hips, end, shoulders = view.project(place[2:5]).tolist()
    return Detection(
        region=aligned(hips, end, UPRIGHT_RAD).scaled(ROOM),
        shoulders_px=(shoulders[0], shoulders[1]),
        score=score,
    )

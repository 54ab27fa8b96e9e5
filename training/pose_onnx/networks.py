"""The networks of mediapipe's wheel that can be converted, and what goes in and out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

LIMIT = 1e-4
"""The largest difference to the original that is allowed, see `Unit`."""


class Unit(Enum):
    """What one number of an output means, and so what a difference is measured by.

    Attributes:
        PX: Pixels of the network's input; a difference counts as a part of the input's side.
        METRE: A difference counts as it is.
        PROBABILITY: The same.
        LOGIT: A difference counts as one of the probabilities, which is what is used, or as a
            part of the largest logit, whichever is more: a probability near 1 hides a difference.
    """

    PX = "px"
    METRE = "m"
    PROBABILITY = "probability"
    LOGIT = "logit"


@dataclass(frozen=True)
class Output:
    """An output of a network.

    Attributes:
        name: Ours; the files have none worth the name.
        units: Of the numbers along its last axis, again and again.
        kept: Whether it is kept unless something else is asked for.
        limit: The largest difference that is allowed.
    """

    name: str
    units: tuple[Unit, ...]
    kept: bool = True
    limit: float = LIMIT


@dataclass(frozen=True)
class Network:
    """A network in the wheel.

    Attributes:
        file: Below `modules` in mediapipe's folder.
        side_px: Of its input, `(N, side, side, 3)` RGB.
        low: What black is.
        high: What white is.
        outputs: In the order of the file.
        view_px: Centre x, centre y and side of what of the portrait it is tried on.
    """

    file: str
    side_px: int
    low: float
    high: float
    outputs: tuple[Output, ...]
    view_px: tuple[int, int, int]

    @property
    def name(self) -> str:
        """That of the file."""
        return Path(self.file).stem

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the outputs that are kept unless something else is asked for."""
        return tuple(output.name for output in self.outputs if output.kept)


_PX, _METRE, _LOGIT, _PROBABILITY = (Unit.PX,), (Unit.METRE,), (Unit.LOGIT,), (Unit.PROBABILITY,)

_DETECTION = (Output("boxes", _PX), Output("logits", _LOGIT))

_HAND = (
    Output("landmarks", _PX),
    Output("flag", _PROBABILITY),
    Output("handedness", _PROBABILITY),
    Output("world", _METRE),
)

_BODY = (
    Output("landmarks", (*_PX * 3, *_LOGIT * 2)),  # x, y, z, visibility, presence
    Output("flag", _PROBABILITY),
    # A third of the time. Its logits reach 1,800: in float32 the runtimes that read the original
    # (OpenVINO, LiteRT, LiteRT with XNNPACK) differ by as much as 0.9 of them among themselves.
    Output("segmentation", _LOGIT, kept=False, limit=1e-2),
    Output("heatmap", _LOGIT),
    Output("world", _METRE, kept=False),  # nothing here reads it
)

_RECROP = (Output("points", _PX),)

_FACE = (Output("landmarks", _PX), Output("flag", _LOGIT))

# The portrait is 512 by 600 and ends above the hips; beyond its edge it is repeated.
_ALL, _UPRIGHT, _COLLAR, _HEAD = (256, 300, 600), (256, 560, 1150), (256, 500, 200), (256, 170, 330)

_NETWORKS = (
    Network("pose_detection/pose_detection.tflite", 224, -1, 1, _DETECTION, _ALL),
    Network("pose_landmark/pose_landmark_full.tflite", 256, 0, 1, _BODY, _UPRIGHT),
    Network("holistic_landmark/hand_recrop.tflite", 256, 0, 1, _RECROP, _COLLAR),
    Network("hand_landmark/hand_landmark_full.tflite", 224, 0, 1, _HAND, _COLLAR),
    Network("hand_landmark/hand_landmark_lite.tflite", 224, 0, 1, _HAND, _COLLAR),
    Network("palm_detection/palm_detection_full.tflite", 192, 0, 1, _DETECTION, _ALL),
    Network("palm_detection/palm_detection_lite.tflite", 192, 0, 1, _DETECTION, _ALL),
    Network("face_landmark/face_landmark.tflite", 192, 0, 1, _FACE, _HEAD),
)

NETWORKS: Mapping[str, Network] = MappingProxyType({one.name: one for one in _NETWORKS})
"""By name."""

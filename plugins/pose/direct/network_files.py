"""The networks inside MediaPipe's wheel: where they lie, what goes in and what comes out."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine.errors import ModelError


@dataclass(frozen=True)
class NetworkFile:
    """One network.

    Attributes:
        name: What this project calls it.
        path: Below MediaPipe's `modules`.
        side_px: Side of the square picture it takes.
        from_minus_one: Whether its pixels go from -1 to 1 instead of from 0 to 1.
        keep: Numbers of the outputs that are used. What only the others need is not computed:
            leaving out the segmentation of the body takes a third off its time.
    """

    name: str
    path: str
    side_px: int
    keep: tuple[int, ...]
    from_minus_one: bool = False


PERSON_DETECTOR = NetworkFile(
    "person detector", "pose_detection/pose_detection.tflite", 224, (0, 1), from_minus_one=True
)
# Of five: landmarks, score, segmentation, heatmap, landmarks in metres.
BODY = NetworkFile("body", "pose_landmark/pose_landmark_full.tflite", 256, (0, 1, 3))
PALM_DETECTOR = NetworkFile(
    "palm detector", "palm_detection/palm_detection_full.tflite", 192, (0, 1)
)
HAND_PLACER = NetworkFile("hand placer", "holistic_landmark/hand_recrop.tflite", 256, (0,))
# Of four: landmarks, score, which hand it is, landmarks in metres.
HAND = NetworkFile("hand", "hand_landmark/hand_landmark_full.tflite", 224, (0, 1))
FACE = NetworkFile("face", "face_landmark/face_landmark.tflite", 192, (0, 1))

NETWORKS = (PERSON_DETECTOR, BODY, PALM_DETECTOR, HAND_PLACER, HAND, FACE)


def modules_folder() -> Path:
    """Where the wheel keeps its networks. MediaPipe itself is not imported (that takes 0.7 s).

    Raises:
        ModelError: It is not installed.
    """
    spec = find_spec("mediapipe")
    if spec is None or spec.origin is None:
        raise ModelError("mediapipe is not installed: expected 0.10.21; `make run` installs it")
    return Path(spec.origin).parent / "modules"


def located(network: NetworkFile) -> Path:
    """Where the file lies.

    Raises:
        ModelError: MediaPipe is not installed, or is one without networks inside.
    """
    path = modules_folder() / network.path
    if not path.is_file():
        raise ModelError(
            f"the {network.name} network is not there: expected mediapipe 0.10.21 with "
            f"modules/{network.path} inside; `make run` installs it"
        )
    return path

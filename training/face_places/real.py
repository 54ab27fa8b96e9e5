"""The same classifiers on real clips: touches of the head that annotations name."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.face_places.classifier import Classifier
from training.face_places.features import Inputs, Templates, features
from training.face_places.touches import CLASSES
from training.simulator.landmarks.recorded import RecordedPose
from training.simulator.ticks import RATE_HZ, to_ticks

# What annotations call them, and the classes that it may be.
_MEANINGS: dict[str, tuple[str, ...]] = {
    "touch_cheek_jaw": ("touch_face", "touch_jaw"),
    "touch_jaw": ("touch_face", "touch_jaw"),  # "along jaw/cheek"
    "touch_chin_mouth": ("touch_face", "touch_jaw"),
    "touch_mouth": ("touch_face",),
    "touch_forehead": ("touch_forehead",),
}


@dataclass(frozen=True)
class RealTouch:
    """One annotated touch.

    Attributes:
        clip: File name.
        start_s: When it begins.
        meant: Classes that it may be.
        joints: `(T, 75, 4)` its ticks as a `StepModel` gets them.
        outline: `(T, 22, 2)` in the same units.
    """

    clip: str
    start_s: float
    meant: tuple[str, ...]
    joints: F32
    outline: F32

    def named(self, classifier: Classifier, inputs: Inputs, average: Templates) -> str:
        """What a classifier calls the whole touch."""
        x = features(self.joints, self.outline, inputs, average)
        return CLASSES[int(classifier.log_probabilities(x).sum(axis=0).argmax())]


def real_touches(annotations: Path, recordings: Sequence[RecordedPose]) -> list[RealTouch]:
    """Touches of the head in recordings of 97 joints that annotations name.

    Raises:
        UsageError: The annotations cannot be read.
    """
    try:
        rows = list(csv.DictReader(annotations.read_text(encoding="utf-8").splitlines()))
        named = [
            (row["file"], float(row["start_s"]), float(row["end_s"]), _MEANINGS[row["label"]])
            for row in rows
            if row["label"] in _MEANINGS and row["hand_contact"] == "yes"
        ]
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(f"{annotations}: cannot be read as annotations: {error}") from error
    by_name = {recording.name: recording for recording in recordings}
    found = []
    for clip, start_s, end_s, meant in named:
        if clip in by_name:
            joints = _ticks(by_name[clip], start_s, end_s)
            body = len(HOLISTIC_75)
            found.append(RealTouch(clip, start_s, meant, joints[:, :body], joints[:, body:, :2]))
    return [touch for touch in found if len(touch.joints)]


def _ticks(recording: RecordedPose, start_s: float, end_s: float) -> F32:
    """`(T, 97, 4)` of an interval, with the slow frame that all before it gives."""
    times = recording.times_s[None]
    count = int((times[0, -1] - times[0, 0]) * RATE_HZ) + 1
    aspect = np.array([recording.aspect], np.float32)
    joints, depth = recording.joints[None], recording.depth[None]
    ticks = to_ticks(times, joints, depth, recording.valid[None], aspect, count)
    t = ticks.t_s[0]
    kept: F32 = ticks.joints[0][(t >= start_s) & (t <= end_s) & ticks.valid[0]]
    return kept

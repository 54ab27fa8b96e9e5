"""The resting pose: medians over the seconds in which head and shoulders are still."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import CalibrationError
from engine.person import Resting
from engine.poses import PoseSample
from engine.skeletons import Skeleton

SHOULDERS_NOT_VISIBLE = "shoulders_not_visible"
HEAD_NOT_VISIBLE = "head_not_visible"
HEAD_TURNED = "head_turned"

REFUSALS: dict[str, str] = {
    SHOULDERS_NOT_VISIBLE: "both shoulders must be in the picture",
    HEAD_NOT_VISIBLE: "nose and both ears must be in the picture",
    HEAD_TURNED: "the face must look towards the camera",
}

MIN_STILL_S = 5
# In a second of ordinary sitting the head sways by a centimetre or two; a shoulder width is about
# 40 cm, and the pose network's jitter is below 0.02 of it.
STILL_RANGE = 0.08
_VISIBLE = 0.5
# Nose beside the ears' middle by this part of the ear distance: a yaw of about 30°, at which the
# ears already look a tenth closer than they are.
_TURNED = 0.35
_BLOCK_NS = 1_000_000_000
# A second with fewer frames says nothing about stillness.
_MIN_FRAMES = 3
_JOINTS = ("left_shoulder", "right_shoulder", "left_ear", "right_ear", "nose")


@dataclass(frozen=True)
class _Look:
    """One frame, reduced to what is measured.

    Attributes:
        block: Epoch and whole second the frame falls into.
        track: `(4,)` px: x and y of the shoulders' middle and of the nose.
        proportions: `(4,)` in the order of `Resting`.
        shoulder_px: Shoulder width, the unit of `track`.
    """

    block: tuple[int, int]
    track: npt.NDArray[np.float64]
    proportions: npt.NDArray[np.float64]
    shoulder_px: float


class RestingMeasurement:
    """Collects frames and finds the resting pose in them.

    A second is still when nose and shoulders' middle stay within `STILL_RANGE` shoulder widths,
    outermost tenth of the frames aside. Only head and shoulders count: they are what is
    measured, and hands may do what they like. Every still second has one vote, so that the frame
    rate plays no part.

    Args:
        joints: Joint set of the samples; must name shoulders, ears and nose.
    """

    def __init__(self, joints: Skeleton) -> None:
        self._indices = [joints.index(name) for name in _JOINTS]
        self._blocks: dict[tuple[int, int], list[_Look]] = {}

    def add(self, sample: PoseSample) -> str:
        """Take a valid sample.

        Returns:
            Empty, or one of `REFUSALS` when the sample cannot be measured.
        """
        points = sample.joints[self._indices].astype(np.float64)
        visible = points[:, 2] >= _VISIBLE
        if not visible[:2].all():
            return SHOULDERS_NOT_VISIBLE
        if not visible[2:].all():
            return HEAD_NOT_VISIBLE
        px = points[:, :2] * (sample.width_px, sample.height_px)
        shoulder_px = float(np.hypot(*(px[0] - px[1])))
        ear_px = float(np.hypot(*(px[2] - px[3])))
        ears, shoulders = (px[2] + px[3]) / 2, (px[0] + px[1]) / 2
        if shoulder_px == 0:
            return SHOULDERS_NOT_VISIBLE
        if abs(px[4, 0] - ears[0]) > _TURNED * ear_px or ear_px == 0:
            return HEAD_TURNED
        look = _Look(
            block=(sample.epoch, sample.capture_ns // _BLOCK_NS),
            track=np.concatenate([shoulders, px[4]]),
            proportions=np.array(
                [
                    shoulder_px / ear_px,
                    (shoulders[1] - ears[1]) / shoulder_px,
                    (px[4, 1] - ears[1]) / ear_px,
                    shoulder_px / sample.width_px,
                ]
            ),
            shoulder_px=shoulder_px,
        )
        self._blocks.setdefault(look.block, []).append(look)
        return ""

    def finish(self) -> Resting:
        """The resting pose.

        Raises:
            CalibrationError: Fewer than `MIN_STILL_S` seconds were still.
        """
        usable = [looks for looks in self._blocks.values() if len(looks) >= _MIN_FRAMES]
        still = [looks for looks in usable if _is_still(looks)]
        if len(still) < MIN_STILL_S:
            raise CalibrationError(
                f"expected at least {MIN_STILL_S} s in which head and shoulders are still and "
                f"face the camera, got {len(still)} s of {len(usable)} s measured. "
                "Sit as you usually do, with head and both shoulders in the picture, and try again."
            )
        votes = [np.median([look.proportions for look in looks], axis=0) for looks in still]
        per_ear, height, pitch, ratio = np.median(votes, axis=0).round(4).tolist()
        return Resting(
            shoulder_per_ear_width=per_ear,
            head_height=height,
            head_pitch=pitch,
            shoulder_width_ratio=ratio,
        )


def _is_still(looks: list[_Look]) -> bool:
    tracks = np.array([look.track for look in looks])
    unit = float(np.median([look.shoulder_px for look in looks]))
    low, high = np.percentile(tracks, (5, 95), axis=0)
    return bool(((high - low) <= STILL_RANGE * unit).all())

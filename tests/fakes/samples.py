"""Pose samples made by hand."""

import numpy as np

from engine.poses import NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75

_UPRIGHT = {
    "nose": (0.50, 0.30),
    "left_ear": (0.54, 0.29),
    "right_ear": (0.46, 0.29),
    "left_shoulder": (0.60, 0.50),
    "right_shoulder": (0.40, 0.50),
}


def upright(
    t_s: float,
    joints: dict[str, tuple[float, float]] | None = None,
    *,
    seq: int = 0,
    epoch: int = 0,
    dx: float = 0.0,
) -> PoseSample:
    """A person with a head and shoulders, moved right by `dx`; more joints by name."""
    array = np.zeros((len(HOLISTIC_75), 3), np.float32)
    for name, (x, y) in {**_UPRIGHT, **(joints or {})}.items():
        array[HOLISTIC_75.index(name)] = (x + dx, y, 1.0)
    return PoseSample(
        capture_ns=round(t_s * 1e9),
        epoch=epoch,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joints=array,
        depth=None,
        valid=True,
        reason="",
        parts=("body",),
        width_px=640,
        height_px=480,
    )


def nobody(t_s: float, *, seq: int = 0, epoch: int = 0, reason: str = NO_PERSON) -> PoseSample:
    """A sample without a person."""
    return invalid_sample(
        capture_ns=round(t_s * 1e9),
        epoch=epoch,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joint_count=len(HOLISTIC_75),
        reason=reason,
        width_px=640,
        height_px=480,
    )

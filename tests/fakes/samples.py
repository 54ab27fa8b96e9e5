"""Pose samples made by hand."""

from dataclasses import replace

import numpy as np

from engine.poses import NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75, HOLISTIC_97

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


def with_face(sample: PoseSample) -> PoseSample:
    """The same in the joint set with the face; where there is a nose, its points are about it."""
    start, end = HOLISTIC_97.parts["face"]
    face = np.zeros((end - start, 3), np.float32)
    nose = sample.joints[HOLISTIC_75.index("nose")]
    if nose[2] > 0:
        turn = np.linspace(0.0, 6.0, len(face))
        face[:, 0] = nose[0] + 0.03 * np.sin(turn)
        face[:, 1] = nose[1] + 0.05 * np.cos(turn)
        face[:, 2] = 0.9
    depth = np.linspace(-0.02, 0.02, len(face), dtype=np.float32)
    return replace(
        sample,
        skeleton=HOLISTIC_97.name,
        joints=np.concatenate((sample.joints, face)),
        depth=None if sample.depth is None else np.concatenate((sample.depth, depth)),
        parts=(*sample.parts, "face") if face.any() else sample.parts,
    )

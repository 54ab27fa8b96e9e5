"""Joints of one frame, inside the process."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PoseSample:
    """What the pose stage saw in one frame, or why it saw nothing.

    Attributes:
        capture_ns: Copied from the frame.
        epoch: Copied from the frame.
        seq: Running number at the pose stage, from 0, over all epochs.
        skeleton: Name of the joint set, see `engine.skeletons`.
        joints: `(J, 3)` float32: x and y as parts of the image's width and height (0..1 inside
            the picture, y down), confidence 0..1. A joint that was not found has confidence 0
            and coordinates 0. Always finite.
        depth: `(J,)` float32 in image widths, smaller is nearer, or None. Not metric: a hand
            that touches the face reads far in front of it.
        valid: Whether a person was found.
        reason: Why not, one of `REASONS`; empty when valid.
        parts: Which parts of the skeleton are tracked, e.g. `("body", "left_hand")`.
        width_px: Width of the frame; with the height it gives the aspect ratio.
        height_px: Height of the frame.
        pose_ms: What the pose stage took for this sample.
        degrade_level: How much the governor left out for it; 0 is nothing.
        person: Who it is: a running number from 1, kept through short losses and not given to
            anybody else; 0 for nobody, or where people are not told apart.
    """

    capture_ns: int
    epoch: int
    seq: int
    skeleton: str
    joints: F32
    depth: F32 | None
    valid: bool
    reason: str
    parts: tuple[str, ...]
    width_px: int
    height_px: int
    pose_ms: float = 0.0
    degrade_level: int = 0
    person: int = 0


NO_PERSON = "no_person"
IMPLAUSIBLE = "implausible_person"
PERSON_LOST = "person_lost"
UNCONFIRMED = "unconfirmed_person"
NOT_FINITE = "not_finite"
FRAME_TOO_SMALL = "frame_too_small"
NO_FRAME = "no_frame"
SPARSE = "sparse_samples"

REASONS: dict[str, str] = {
    NO_PERSON: "nobody was found in the picture",
    IMPLAUSIBLE: "something was found that is not built like a person in view",
    UNCONFIRMED: "somebody has just appeared and must stay a moment to count as a person",
    PERSON_LOST: "a person was there within the last second and is not found now",
    NOT_FINITE: "the pose network gave numbers that are not finite",
    FRAME_TOO_SMALL: "the picture is too small to hold a person",
    NO_FRAME: "the source gives no frames",
    SPARSE: "samples are too far apart to tell what happens between them",
}


def invalid_sample(
    *,
    capture_ns: int,
    epoch: int,
    seq: int,
    skeleton: str,
    joint_count: int,
    reason: str,
    width_px: int = 0,
    height_px: int = 0,
    pose_ms: float = 0.0,
    person: int = 0,
) -> PoseSample:
    """A sample that says that there is no pose, and why."""
    return PoseSample(
        capture_ns=capture_ns,
        epoch=epoch,
        seq=seq,
        skeleton=skeleton,
        joints=np.zeros((joint_count, 3), np.float32),
        depth=None,
        valid=False,
        reason=reason,
        parts=(),
        width_px=width_px,
        height_px=height_px,
        pose_ms=pose_ms,
        person=person,
    )

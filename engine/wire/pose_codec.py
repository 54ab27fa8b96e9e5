"""Pose samples as message bodies: arrays to little-endian float32 bytes and back, checked."""

import numpy as np

from engine.errors import FeedError, ModelError
from engine.messages import PoseBody
from engine.poses import F32, PoseSample
from engine.skeletons import SKELETONS

_LITTLE = np.dtype("<f4")
_JOINT_BYTES = 3 * _LITTLE.itemsize


def pose_body(sample: PoseSample) -> PoseBody:
    """The body that says what `sample` says. Any thread.

    Raises:
        ModelError: The arrays have the wrong shape or hold numbers that are not finite; a sample
            that passed the check behind the pose stage never does.
    """
    if sample.joints.ndim != 2 or sample.joints.shape[1] != 3:
        raise ModelError(f"expected joints of shape (J, 3), got {sample.joints.shape}")
    if sample.depth is not None and sample.depth.shape != sample.joints.shape[:1]:
        raise ModelError(
            f"expected depth of shape {sample.joints.shape[:1]}, got {sample.depth.shape}"
        )
    return PoseBody(
        sample_seq=sample.seq,
        skeleton=sample.skeleton,
        joints=_to_bytes(sample.joints, "joints"),
        depth=None if sample.depth is None else _to_bytes(sample.depth, "depth"),
        valid=sample.valid,
        reason=sample.reason,
        parts=sample.parts,
        width_px=sample.width_px,
        height_px=sample.height_px,
        pose_ms=sample.pose_ms,
        person=sample.person,
    )


def pose_sample(
    body: PoseBody, *, epoch: int, capture_ns: int, degrade_level: int = 0
) -> PoseSample:
    """The sample that `body` was made of; its arrays are read-only. Any thread.

    Args:
        body: Of a `pose` message or a recorded input.
        epoch: From its envelope.
        capture_ns: From its envelope.
        degrade_level: From its envelope.

    Raises:
        FeedError: An array has the wrong size or holds numbers that are not finite.
    """
    joint_count = _joint_count(body)
    depth = None
    if body.depth is not None:
        depth = _from_bytes(body.depth, joint_count * _LITTLE.itemsize, "depth")
    return PoseSample(
        capture_ns=capture_ns,
        epoch=epoch,
        seq=body.sample_seq,
        skeleton=body.skeleton,
        joints=_from_bytes(body.joints, joint_count * _JOINT_BYTES, "joints").reshape(-1, 3),
        depth=depth,
        valid=body.valid,
        reason=body.reason,
        parts=body.parts,
        width_px=body.width_px,
        height_px=body.height_px,
        pose_ms=body.pose_ms,
        degrade_level=degrade_level,
        person=body.person,
    )


def _joint_count(body: PoseBody) -> int:
    """From the joint set if it is known here, else from the bytes."""
    known = SKELETONS.get(body.skeleton)
    return len(known) if known else len(body.joints) // _JOINT_BYTES


def _to_bytes(array: F32, what: str) -> bytes:
    if not np.isfinite(array).all():
        raise ModelError(f"{what} of a pose sample must be finite, got NaN or infinity")
    return np.ascontiguousarray(array, dtype=_LITTLE).tobytes()


def _from_bytes(data: bytes, expected_bytes: int, what: str) -> F32:
    if len(data) != expected_bytes:
        raise FeedError(f"expected {expected_bytes} bytes of {what}, got {len(data)}")
    array = np.frombuffer(data, dtype=_LITTLE).astype(np.float32, copy=False)
    if not np.isfinite(array).all():
        raise FeedError(f"{what} of a pose must be finite, got NaN or infinity")
    return array

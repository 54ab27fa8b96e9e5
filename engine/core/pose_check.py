"""The boundary behind the pose stage: what passes here is trusted by everything after it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.errors import ModelError
from engine.poses import NOT_FINITE, PoseSample
from engine.skeletons import skeleton


def checked(sample: PoseSample) -> PoseSample:
    """`sample` if it keeps its contract, else one that is not valid and says why.

    Raises:
        ModelError: Joints or depth have the wrong shape or type: a broken plugin, not a bad
            picture.
    """
    expected = (len(skeleton(sample.skeleton)), 3)
    if sample.joints.shape != expected or sample.joints.dtype != np.float32:
        raise ModelError(
            f"pose plugin gave joints of shape {sample.joints.shape} {sample.joints.dtype}, "
            f"expected {expected} float32"
        )
    depth = sample.depth
    if depth is not None and (depth.shape != expected[:1] or depth.dtype != np.float32):
        raise ModelError(
            f"pose plugin gave depth of shape {depth.shape} {depth.dtype}, "
            f"expected {expected[:1]} float32 or none"
        )
    if sample.valid and (sample.width_px <= 0 or sample.height_px <= 0):
        raise ModelError(
            "a valid sample needs the size of its frame, "
            f"got {sample.width_px} × {sample.height_px} pixels"
        )
    if depth is not None and not np.isfinite(depth).all():
        sample = replace(sample, depth=None)
    if np.isfinite(sample.joints).all():
        return sample
    return replace(
        sample,
        joints=np.zeros(expected, np.float32),
        depth=None,
        valid=False,
        reason=NOT_FINITE,
        parts=(),
    )


def checked_all(samples: Sequence[PoseSample], most: int) -> list[PoseSample]:
    """The samples of one frame, each `checked`.

    Args:
        samples: One a slot.
        most: How many slots there are.

    Raises:
        ModelError: One of them does not keep its contract, or they do not fit together.
    """
    if len(samples) != most:
        raise ModelError(f"pose plugin gave {len(samples)} samples of a frame, expected {most}")
    persons = [sample.person for sample in samples if sample.person]
    if len(set(persons)) < len(persons):
        raise ModelError(f"pose plugin put a person into two slots at a time: {persons}")
    if most > 1 and any(sample.valid and not sample.person for sample in samples):
        raise ModelError("pose plugin gave a valid sample of several people without its person")
    return [checked(sample) for sample in samples]

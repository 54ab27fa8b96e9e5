"""A sample in the joint set that somebody asks for."""

from dataclasses import replace

from engine.errors import ModelError
from engine.poses import PoseSample
from engine.skeletons import Skeleton, covers


def in_joint_set(sample: PoseSample, wanted: Skeleton) -> PoseSample:
    """`sample` in the joint set `wanted`: as it is, or without the joints that are more.

    Raises:
        ModelError: Its joint set does not begin with that of `wanted`.
    """
    if sample.skeleton == wanted.name:
        return sample
    if not covers(sample.skeleton, wanted.name):
        raise ModelError(
            f"the recogniser expects skeleton '{wanted.name}' or one that begins with its joints, "
            f"the pose stage gives '{sample.skeleton}'"
        )
    count = len(wanted)
    return replace(
        sample,
        skeleton=wanted.name,
        joints=sample.joints[:count],
        depth=None if sample.depth is None else sample.depth[:count],
        parts=tuple(part for part in sample.parts if part in wanted.parts),
    )

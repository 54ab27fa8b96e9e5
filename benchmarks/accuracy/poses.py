"""Poses of the clips, made once by the engine's default pose stage."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.clock import NS_PER_S
from engine.config import Config
from engine.poses import NO_PERSON, PoseSample
from engine.skeletons import HOLISTIC_75
from training.simulator.landmarks.recorded import RecordedPose, record


def recorded_poses(clips: Path, cache: Path) -> dict[str, RecordedPose]:
    """Poses of every clip by file name; what the cache does not hold is made and put there.

    Args:
        clips: Holds `video/`.
        cache: Folder of one file a clip.

    Raises:
        UsageError: There are no clips, or the cache cannot be written.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    return {recording.name: recording for recording in record(clips, cache, Config().pose)}


def pose_samples(recording: RecordedPose) -> Iterator[PoseSample]:
    """The samples as the core took them. Why a sample is not valid is not recorded."""
    parts = HOLISTIC_75.parts.items()
    for seq, time_s in enumerate(recording.times_s.tolist()):
        joints, valid = recording.joints[seq], bool(recording.valid[seq])
        yield PoseSample(
            capture_ns=round(time_s * NS_PER_S),
            epoch=0,
            seq=seq,
            skeleton=HOLISTIC_75.name,
            joints=joints,
            depth=recording.depth[seq] if valid else None,
            valid=valid,
            reason="" if valid else NO_PERSON,
            parts=tuple(name for name, (a, b) in parts if np.any(joints[a:b, 2] > 0)),
            width_px=recording.width_px,
            height_px=recording.height_px,
        )

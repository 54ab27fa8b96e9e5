"""Tracks of a person who does what a test says."""

from collections.abc import Sequence

import numpy as np

from engine.skeletons import HOLISTIC_75
from training.simulator.landmarks.recorded import RecordedPose

WIDTH_PX, HEIGHT_PX = 400, 200
SHOULDERS_PX = 100.0
FPS = 20.0
_SHOULDERS = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]


def track(
    moved_px: Sequence[float], *, name: str = "clip", valid: Sequence[bool] = (), hands: bool = True
) -> RecordedPose:
    """Somebody with all joints at one place but the shoulders, moved to the right frame by frame.

    Args:
        moved_px: How far, for each frame.
        name: Of the clip.
        valid: Whether they are there in each; always if empty.
        hands: Whether the hands are.
    """
    frames = len(moved_px)
    places = np.full((frames, 75, 2), (WIDTH_PX / 2, HEIGHT_PX / 2))
    places[:, _SHOULDERS[0], 0] += SHOULDERS_PX / 2
    places[:, _SHOULDERS[1], 0] -= SHOULDERS_PX / 2
    places[..., 0] += np.asarray(moved_px)[:, None]
    joints = np.ones((frames, 75, 3), np.float32)
    joints[..., :2] = places / (WIDTH_PX, HEIGHT_PX)
    there = np.array(valid or [True] * frames)
    joints[~there] = 0.0
    if not hands:
        joints[:, 33:] = 0.0
    return RecordedPose(
        name=name,
        times_s=np.arange(frames) / FPS,
        joints=joints,
        depth=np.zeros((frames, 75), np.float32),
        valid=there,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )

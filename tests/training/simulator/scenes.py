"""A drawn person in front of a camera, as a `CleanView`."""

from dataclasses import replace

import numpy as np

from engine.skeletons import HOLISTIC_75
from tests.fakes.anatomy import Figure, HandPose, hand_points
from training.simulator.landmarks.view import CleanView

UNIT = 0.3
ASPECT = 4 / 3
CENTRE = (0.67, 0.5)


def still(
    sequences: int = 2,
    frames: int = 50,
    fps: float = 30.0,
    left: complex = 0.6 + 0.9j,
    right: complex = -0.6 + 0.9j,
) -> CleanView:
    """Sequences of a person who does not move; hands far from the head and from each other.

    Args:
        sequences: How many.
        frames: Frames of each.
        fps: Their rate.
        left: Left wrist, in shoulder widths from the middle of the shoulders.
        right: Right wrist.
    """
    figure = Figure(hands={"left": HandPose(left), "right": HandPose(right)})
    joints = figure.joints()[:, :2]
    for side in ("left", "right"):
        first = HOLISTIC_75.parts[f"{side}_hand"][0]
        points = hand_points(figure.hands[side], side)
        joints[first : first + len(points)] = [(p.real, p.imag) for p in points]
    xy = (joints * UNIT + CENTRE).astype(np.float32)
    shape = (sequences, frames)
    return CleanView(
        t_s=np.broadcast_to(np.arange(frames) / fps, shape).copy(),
        xy=np.broadcast_to(xy, (*shape, *xy.shape)).copy(),
        aspect=np.full(sequences, ASPECT, np.float32),
        depth=np.broadcast_to(_depth(), (*shape, len(HOLISTIC_75))).copy(),
        unit=np.full(shape, UNIT, np.float32),
        hand_gap=np.ones((*shape, 2), np.float32),
        hands_gap=np.ones(shape, np.float32),
        hand_hidden=np.zeros((*shape, 2), np.bool_),
    )


def with_contact(view: CleanView, start: int, end: int) -> CleanView:
    """The same with the right hand at the chin in frames `start` to `end`."""
    at_chin = still(len(view.t_s), view.t_s.shape[1], right=-0.1 - 0.2j)
    xy, gap = view.xy.copy(), view.hand_gap.copy()
    arm = [14, 16, 18, 20, 22, *range(54, 75)]
    xy[:, start:end, arm] = at_chin.xy[:, start:end, arm]
    gap[:, start:end, 1] = 0.0
    return replace(view, xy=xy, hand_gap=gap)


def _depth() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    depth = np.zeros(len(HOLISTIC_75), np.float32)
    depth[:11] = -0.3
    depth[[7, 8]] = 0.0
    depth[15:23] = depth[33:] = -0.4
    return depth

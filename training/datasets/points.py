"""From OpenPose's points to the 22 joints of iMiGUE.

OpenPose's arm 2-4 is the person's right one, as its documentation says; the accessor that comes
with the data calls it left, by the side of the image. The joint names of the engine are of the
person's own sides, so the arms go straight over. The hands do not: published readers disagree on
which of the two sets of fingertips is whose, so they are given to the nearer wrists.
"""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32, Bools
from engine.skeletons import IMIGUE_22

_BODY = (*range(8), *range(15, 19))  # nose, neck, arms, eyes, ears of BODY_25, as in IMIGUE_22
_RIGHT_WRIST, _LEFT_WRIST = IMIGUE_22.index("right_wrist"), IMIGUE_22.index("left_wrist")
_CONFIDENCE = 2


@dataclass(frozen=True)
class PointLayout:
    """Where the 22 joints are among the points of a file.

    Attributes:
        count: Points of the file.
        body: Nose, neck, arms, eyes and ears.
        first_hand: Fingertips of one hand, from the thumb; empty if the file has none.
        second_hand: Those of the other.
    """

    count: int
    body: tuple[int, ...]
    first_hand: tuple[int, ...] = ()
    second_hand: tuple[int, ...] = ()


BODY_25 = PointLayout(25, _BODY)
LIGHT_35 = PointLayout(35, _BODY, tuple(range(25, 30)), tuple(range(30, 35)))
"""BODY_25 and ten fingertips: `_light_hand.csv`."""

FULL_137 = PointLayout(137, _BODY, tuple(range(99, 116, 4)), tuple(range(120, 137, 4)))
"""BODY_25, 70 of the face and 21 of each hand: the tables of the full release."""

PACKED_22 = PointLayout(22, tuple(range(12)), tuple(range(12, 17)), tuple(range(17, 22)))
"""The 22 joints, hands in the order of the file: packed clips."""


def failed_frames(values: F32) -> Bools:
    """`(T,)` bool, frames of `(T, P, 3)` in which every number is 0: OpenPose failed."""
    return np.asarray(~values.any(axis=(1, 2)))


def leaning(points: F32, layout: PointLayout) -> tuple[float, int]:
    """How much nearer the hands are to the other's wrist than to that of OpenPose's order.

    OpenPose's order is left hand first.

    Args:
        points: `(T, P, 3)` float32 of the file.
        layout: Of the file.

    Returns:
        Sum over hands and frames with both wrists and the hand, in pixels: above 0, the first
        hand is the right one. And over how many the sum is.
    """
    if not layout.first_hand:
        return 0.0, 0
    body = points[:, layout.body]
    right, left = body[:, _RIGHT_WRIST], body[:, _LEFT_WRIST]
    total, count = 0.0, 0
    for hand, own, other in ((layout.first_hand, left, right), (layout.second_hand, right, left)):
        tips = points[:, hand]
        to_own, to_other = _distance(tips, own), _distance(tips, other)
        told = np.isfinite(to_own) & np.isfinite(to_other)
        total += float((to_own[told] - to_other[told]).sum())
        count += int(told.sum())
    return total, count


def to_imigue(points: F32, layout: PointLayout, *, first_is_right: bool) -> F32:
    """The 22 joints.

    Args:
        points: `(T, P, 3)` float32 of the file.
        layout: Of the file.
        first_is_right: Whether its first hand is the person's right one.

    Returns:
        `(T, 22, 3)` float32, a new array. What was not found (confidence 0 or less) is all 0, and
        so are fingertips that the file does not have.
    """
    out = np.zeros((len(points), len(IMIGUE_22), 3), np.float32)
    out[:, : len(layout.body)] = points[:, layout.body]
    hands = ("right_hand", "left_hand") if first_is_right else ("left_hand", "right_hand")
    for name, source in zip(hands, (layout.first_hand, layout.second_hand), strict=True):
        if source:
            start, end = IMIGUE_22.parts[name]
            out[:, start:end] = points[:, source]
    out[out[..., _CONFIDENCE] <= 0] = 0.0
    return out


def _distance(tips: F32, wrist: F32) -> F32:
    """`(T,)` mean distance of the seen of `(T, 5, 3)` to `(T, 3)`, NaN where it is not known."""
    seen = (tips[..., _CONFIDENCE] > 0) & (wrist[:, None, _CONFIDENCE] > 0)
    with np.errstate(invalid="ignore"):  # of damaged points; they are told of elsewhere
        far = np.hypot(*np.moveaxis(tips[..., :2] - wrist[:, None, :2], -1, 0)) * seen
    count = seen.sum(axis=1)
    known = np.where(count > 0, count, np.nan)
    return np.asarray(far.sum(axis=1) / known, np.float32)

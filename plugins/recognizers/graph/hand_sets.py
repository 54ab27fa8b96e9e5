"""Which 21-point hand is whose, and fingertips where only the pose saw a hand."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from engine.skeletons import HOLISTIC_75

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
GUESSED = 0.5
"""How far fingertips count as seen that the pose's own finger points stand in for."""

C64 = npt.NDArray[np.complex64]
Bools = npt.NDArray[np.bool_]
_SIDES = ("left", "right")
_TIPS = (4, 8, 12, 16, 20)
_BENDS = (3, 6, 10, 14, 18)
_WRIST, _INDEX_MCP, _MIDDLE_MCP, _PINKY_MCP = 0, 5, 9, 17
_POSE = {
    side: [HOLISTIC_75.index(f"{side}_{name}") for name in ("wrist", "thumb", "index", "pinky")]
    for side in _SIDES
}
_HAND = {side: slice(*HOLISTIC_75.parts[f"{side}_hand"]) for side in _SIDES}
_SEEN_FROM, _GUESSED_FROM = 0.3, 0.5
# The pose's finger points are knuckles; relaxed fingers reach this much further from the wrist.
_BEYOND = 0.9
# Weights of thumb, index and pinky for each of five fingertips.
_FROM_POSE = np.array([(1, 0, 0), (0, 1, 0), (0, 0.7, 0.3), (0, 0.35, 0.65), (0, 0, 1)], np.float32)
# A breadth that stands for a greater length is a hand seen end on.
_LENGTH_PER_BREADTH = 1.35
# A hand whose own wrist is out of sight is this far from fitting, in shoulder widths.
_UNSEEN = 0.5
_SWAP_GAIN = 0.1
_SAME_HAND, _SAME_WRIST = 0.12, 0.35


@dataclass(frozen=True)
class Hand:
    """One hand of many ticks.

    Attributes:
        tips: (..., 5) complex places of the fingertips, thumb first.
        bends: (..., 5) complex places of the middle joints; 0 where only the pose saw it.
        seen: (...,) 1 for a full hand, `GUESSED` for one of the pose only, 0 for none.
        size: (...,) wrist to middle knuckle as if seen flat; 0 where only the pose saw it.
        depth: (...,) of the pose's own wrist; 0 if unknown.
    """

    tips: C64
    bends: C64
    seen: F32
    size: F32
    depth: F32


@dataclass(frozen=True)
class Hands:
    """Both, on their own sides."""

    left: Hand
    right: Hand


def hands_of(x: F32) -> Hands:
    """Sort the hands of ticks `(..., 75, 4)`, in shoulder widths.

    Of MediaPipe's hands 7 % carry the other side's name, and two often lie on one and the same
    hand; both are told by the pose's own wrists.
    """
    sets = [_points(x[..., _HAND[side], :]) for side in _SIDES]
    found = [x[..., _HAND[side].start, 2] > 0 for side in _SIDES]
    wrists = [_points(x[..., _POSE[side][0], :]) for side in _SIDES]
    known = [x[..., _POSE[side][0], 2] >= _SEEN_FROM for side in _SIDES]
    swap = _misfits(sets, found, wrists, known, cross=True) + _SWAP_GAIN < _misfits(
        sets, found, wrists, known, cross=False
    )
    left, right = (np.where(swap[..., None], sets[1 - i], sets[i]) for i in (0, 1))
    found = [np.where(swap, found[1 - i], found[i]) for i in (0, 1)]
    found = _without_double([left, right], found, wrists, known)
    full = [
        _hand(points, own, x, side)
        for points, own, side in zip((left, right), found, _SIDES, strict=True)
    ]
    return Hands(*full)


def _points(joints: F32) -> C64:
    return np.asarray(joints[..., 0] + 1j * joints[..., 1], np.complex64)


def _misfit(points: C64, found: Bools, wrist: C64, known: Bools) -> F32:
    gap = np.where(known, np.abs(points[..., _WRIST] - wrist), _UNSEEN)
    return np.where(found, gap, 0.0).astype(np.float32)


def _misfits(
    sets: list[C64],
    found: list[Bools],
    wrists: list[C64],
    known: list[Bools],
    *,
    cross: bool,
) -> F32:
    pairs = ((0, 1), (1, 0)) if cross else ((0, 0), (1, 1))
    first, second = (_misfit(sets[a], found[a], wrists[b], known[b]) for a, b in pairs)
    return np.asarray(first + second, np.float32)


def _without_double(
    sets: list[C64], found: list[Bools], wrists: list[C64], known: list[Bools]
) -> list[Bools]:
    """Of two hands at one place, keep the better, unless the pose has both wrists there."""
    apart = sum(np.abs(sets[0][..., k] - sets[1][..., k]) for k in (_WRIST, _TIPS[2]))
    together = known[0] & known[1] & (np.abs(wrists[0] - wrists[1]) < _SAME_WRIST)
    double = found[0] & found[1] & (apart < 2 * _SAME_HAND) & ~together
    fits = [_misfit(sets[i], found[i], wrists[i], known[i]) for i in (0, 1)]
    return [found[0] & ~(double & (fits[0] > fits[1])), found[1] & ~(double & (fits[0] <= fits[1]))]


def _hand(points: C64, found: Bools, x: F32, side: str) -> Hand:
    pose = x[..., _POSE[side], :]
    own = _points(pose)
    wrist, knuckles = own[..., :1], own[..., 1:]
    guessed = (knuckles + _BEYOND * (knuckles - wrist)) @ _FROM_POSE.T
    certain = pose[..., 2].min(axis=-1) >= _GUESSED_FROM
    length = np.abs(points[..., _MIDDLE_MCP] - points[..., _WRIST])
    breadth = np.abs(points[..., _INDEX_MCP] - points[..., _PINKY_MCP])
    size = np.maximum(length, _LENGTH_PER_BREADTH * breadth)
    tips = np.where(found[..., None], points[..., _TIPS], guessed)
    seen = np.where(found, 1.0, np.where(certain, GUESSED, 0.0))
    return Hand(
        tips=np.asarray(tips, np.complex64),
        bends=np.where(found[..., None], points[..., _BENDS], np.complex64(0.0)),
        seen=seen.astype(np.float32),
        size=np.where(found, size, 0.0).astype(np.float32),
        depth=np.where(pose[..., 0, 2] >= _SEEN_FROM, pose[..., 0, 3], 0.0).astype(np.float32),
    )

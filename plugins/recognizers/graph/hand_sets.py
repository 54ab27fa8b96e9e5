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
_SETS = slice(HOLISTIC_75.parts["left_hand"][0], HOLISTIC_75.parts["right_hand"][1])
_TIPS = (4, 8, 12, 16, 20)
_BENDS = (3, 6, 10, 14, 18)
_WRIST, _INDEX_MCP, _MIDDLE_MCP, _PINKY_MCP, _MIDDLE_TIP = 0, 5, 9, 17, 12
_POSE = [
    [HOLISTIC_75.index(f"{side}_{name}") for name in ("wrist", "thumb", "index", "pinky")]
    for side in _SIDES
]
_SEEN_FROM, _GUESSED_FROM = 0.3, 0.5
# The pose's finger points are knuckles; relaxed fingers reach this much further from the wrist.
_BEYOND = 0.9
# Weights of thumb, index and pinky for each of five fingertips.
_FROM_POSE = np.array(
    [(1, 0, 0), (0, 1, 0), (0, 0.7, 0.3), (0, 0.35, 0.65), (0, 0, 1)], np.complex64
).T
# A breadth that stands for a greater length is a hand seen end on.
_LENGTH_PER_BREADTH = 1.35
# A hand whose own wrist is out of sight is this far from fitting, in shoulder widths.
_UNSEEN = 0.5
_SWAP_GAIN = 0.1
_SAME_HAND, _SAME_WRIST = 0.12, 0.35


@dataclass(frozen=True)
class Hands:
    """Left and right hand of many ticks, each on its own side.

    Attributes:
        tips: (..., 2, 5) complex places of the fingertips, thumb first.
        bends: (..., 2, 5) complex places of the middle joints; 0 where only the pose saw them.
        seen: (..., 2) 1 for a full hand, `GUESSED` for one of the pose only, 0 for none.
        size: (..., 2) wrist to middle knuckle as if seen flat; 0 where only the pose saw it.
        depth: (..., 2) of the pose's own wrist; 0 if unknown.
    """

    tips: C64
    bends: C64
    seen: F32
    size: F32
    depth: F32


def hands_of(x: F32) -> Hands:
    """Sort the hands of ticks `(..., 75, 4)`, in shoulder widths.

    Of MediaPipe's hands 7 % carry the other side's name, and two often lie on one and the same
    hand; both are told by the pose's own wrists.
    """
    pose = x[..., _POSE, :]
    own, sets = _points(pose), _points(x[..., _SETS, :])
    sets = sets.reshape(*sets.shape[:-1], 2, sets.shape[-1] // 2)
    found = x[..., _SETS, 2][..., :: sets.shape[-1]] > 0
    known = pose[..., 0, 2] >= _SEEN_FROM
    sets, found = _on_own_side(sets, found, own[..., 0], known)
    certain = pose[..., 2].min(axis=-1) >= _GUESSED_FROM
    full = found[..., None]
    length = np.abs(sets[..., _MIDDLE_MCP] - sets[..., _WRIST])
    breadth = np.abs(sets[..., _INDEX_MCP] - sets[..., _PINKY_MCP])
    size = np.maximum(length, _LENGTH_PER_BREADTH * breadth)
    return Hands(
        tips=np.where(full, sets[..., _TIPS], _guessed(own)),
        bends=np.where(full, sets[..., _BENDS], np.complex64(0.0)),
        seen=np.where(found, 1.0, np.where(certain, GUESSED, 0.0)).astype(np.float32),
        size=np.where(found, size, np.float32(0.0)),
        depth=np.where(known, pose[..., 0, 3], np.float32(0.0)),
    )


def _points(joints: F32) -> C64:
    """Places as complex numbers: x and y lie side by side in memory already."""
    return np.ascontiguousarray(joints[..., :2]).view(np.complex64)[..., 0]


def _guessed(own: C64) -> C64:
    """Fingertips from the pose's wrist, thumb, index and pinky."""
    wrist, knuckles = own[..., :1], own[..., 1:]
    return np.asarray((knuckles + _BEYOND * (knuckles - wrist)) @ _FROM_POSE, np.complex64)


def _on_own_side(sets: C64, found: Bools, wrists: C64, known: Bools) -> tuple[C64, Bools]:
    """Swap sets that carry the other side's name; drop one of two that lie on one hand."""
    gaps = np.abs(sets[..., :, None, _WRIST] - wrists[..., None, :])
    misfit = np.where(known[..., None, :], gaps, _UNSEEN) * found[..., None]
    straight = np.stack([misfit[..., 0, 0], misfit[..., 1, 1]], axis=-1)
    crossed = np.stack([misfit[..., 1, 0], misfit[..., 0, 1]], axis=-1)
    swap = (crossed.sum(axis=-1) + _SWAP_GAIN < straight.sum(axis=-1))[..., None]
    sets = np.where(swap[..., None], sets[..., ::-1, :], sets)
    found = np.where(swap, found[..., ::-1], found)
    fits = np.where(swap, crossed, straight)
    double = found.all(axis=-1) & _on_one_hand(sets, wrists, known)
    left_fits = fits[..., 0] <= fits[..., 1]
    kept = ~double[..., None] | np.stack([left_fits, ~left_fits], axis=-1)
    return sets, found & kept


def _on_one_hand(sets: C64, wrists: C64, known: Bools) -> Bools:
    """Whether two sets lie at one place, though the pose does not have both wrists there."""
    ends = np.abs(sets[..., 0, (_WRIST, _MIDDLE_TIP)] - sets[..., 1, (_WRIST, _MIDDLE_TIP)])
    near = np.abs(wrists[..., 0] - wrists[..., 1]) < _SAME_WRIST
    together = known.all(axis=-1) & near
    return np.asarray((ends.sum(axis=-1) < 2 * _SAME_HAND) & ~together)

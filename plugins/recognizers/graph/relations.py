"""From normalised joints to what the network sees: relations in the person's own units.

Nothing here depends on where the person is in the picture, how large, how the camera is rolled or
how the person is built, but for what is told against the slow frame of `engine.core.normalize`: the
place in it, of which the network takes only differences in time, which a rolled camera turns along
with everything else, and the growth, which is back at 0 in seconds. Stateless: one tick gives one
row, and a clip gives the same rows at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.imigue import from_holistic
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from plugins.recognizers.graph.hand_sets import FINGERS, Hands, hands_of

CHANNELS: tuple[str, ...] = (
    *("seen", "slow_x", "slow_y"),
    *("face_x", "face_y"),  # place in the head's own frame
    *("trunk_x", "trunk_y"),  # place in the trunk's own frame
    *("other_x", "other_y"),  # from the same joint of the other side, in the trunk's frame
    "near_hand",  # 1 at a point of a hand (of the other hand, for joints of an arm), 0 far off
    "near_arm",  # 1 on the other forearm or upper arm, 0 far off
    "growth",  # of neck and shoulders: how much wider the person looks than of late
    *("knuckle_x", "knuckle_y"),  # middle joint of a finger in the head's own frame
    "hand_size",  # apparent size of the hand against the head
    "depth",  # towards the camera against the nose, as the pose network guesses it
)
OPTIONAL_CHANNELS: tuple[str, ...] = ("knuckle_x", "knuckle_y", "hand_size", "depth")
"""A model may do without these: a plain two-dimensional skeleton does not have them."""

MIRROR_SIGN: F32 = np.array([-1.0 if name.endswith("_x") else 1.0 for name in CHANNELS], np.float32)
"""(C,) what a mirror image does to each channel, beside swapping the sides."""

# Pose joints below this visibility are guesses about what is out of sight: real hands at a face
# read 0.46 and more in 90 %, limbs out of the picture less than 0.2.
SEEN_FROM = 0.3
# Distance of the ears to that of the eyes, medians of MediaPipe's points on real people.
_EARS_PER_EYES = 1.0 / 0.54
_LEAST_SHOULDERS_PER_FACE = 2.1
# Places further off than about this, in the frame's unit, all look alike.
_FACE_REACH, _TRUNK_REACH, _OTHER_REACH = 2.0, 1.5, 0.6
_NEAR_HAND, _NEAR_HEAD, _NEAR_ARM = 0.12, 0.15, 0.12
_USUAL_HAND_PER_FACE = 0.73
_DEPTH_REACH = 2.0
# Leaning to the camera makes a person look a quarter wider: the logarithm times this is about 1.
_GROWTH_GAIN, _MOST_GROWTH = 4.0, 2.0
_TINY = 1e-6

_AT = {name: IMIGUE_22.index(name) for name in IMIGUE_22.joints}
_OTHER = np.arange(len(IMIGUE_22))
for _a, _b in IMIGUE_22.mirror_pairs:
    _OTHER[_a], _OTHER[_b] = _b, _a
_SIDES = ("left", "right")
# Of each side, left first.
_TIPS = np.array([[_AT[f"{side}_{finger}_tip"] for finger in FINGERS] for side in _SIDES])
_ARM = np.array([[_AT[f"{side}_{n}"] for n in ("shoulder", "elbow", "wrist")] for side in _SIDES])
_HAND = np.concatenate([_ARM[:, 2:], _TIPS], axis=1)  # wrist and fingertips
_LIMB = np.concatenate([_ARM, _TIPS], axis=1)
# Upper arm and forearm of the other side.
_STARTS, _ENDS = _ARM[::-1, :2], _ARM[::-1, 1:]
_HEAD = np.array([_AT[n] for n in ("nose", "right_eye", "left_eye", "right_ear", "left_ear")])
_OF_TRUNK = np.array([_AT[n] for n in ("neck", "right_shoulder", "left_shoulder")])
_OF_HEAD = np.isin(np.arange(len(IMIGUE_22)), _HEAD)
_NEAR = np.where(_OF_HEAD, _NEAR_HEAD, _NEAR_HAND).astype(np.float32)
_CHANNEL = {name: index for index, name in enumerate(CHANNELS)}
_FAR = np.float32(1e3)

C64 = npt.NDArray[np.complex64]


@dataclass(frozen=True)
class _Frame:
    """A place, a direction and a unit: `(p - origin) * turn` is `p` in the frame."""

    origin: C64
    turn: C64
    unit: F32


def relations(x: F32) -> F32:
    """Channels of one tick or of many.

    Args:
        x: `(..., 75, 4)` float32 as a `StepModel` gets it.

    Returns:
        `(..., len(CHANNELS), 22)` float32; a missing joint is 0 in every channel.
    """
    hands = hands_of(x)
    joints = from_holistic(x)
    places = _c64(joints[..., 0] + 1j * joints[..., 1])
    seen = (joints[..., 2] >= SEEN_FROM).astype(np.float32)
    places[..., _TIPS] = hands.tips
    seen[..., _TIPS] = hands.seen[..., None]
    face, trunk = _frames(places)
    out = np.zeros((*x.shape[:-2], len(CHANNELS), len(IMIGUE_22)), np.float32)
    _put(out, "seen", seen)
    _put_pair(out, "slow", places)
    _put_pair(out, "face", _squashed(_in(face, places), _FACE_REACH))
    in_trunk = _in(trunk, places)
    _put_pair(out, "trunk", _squashed(in_trunk, _TRUNK_REACH))
    _put_pair(out, "other", _to_other_side(in_trunk, seen))
    _put(out, "near_hand", _near_hands(places, seen, face, trunk))
    _put(out, "near_arm", _near_arms(in_trunk, seen))
    out[..., _CHANNEL["growth"], _OF_TRUNK] = _growth(trunk)[..., None]
    _put_cues(out, x[..., 0, 3], hands, face)
    known = (seen > 0) & np.isfinite(out).all(axis=-2)
    return np.where(known[..., None, :], out, np.float32(0.0))


def _put(out: F32, name: str, values: F32) -> None:
    out[..., _CHANNEL[name], :] = values


def _put_pair(out: F32, stem: str, values: C64) -> None:
    _put(out, f"{stem}_x", values.real)
    _put(out, f"{stem}_y", values.imag)


def _frames(places: C64) -> tuple[_Frame, _Frame]:
    """Head and trunk; a head that is not there is at 0 with a tiny unit and squashes to nothing."""
    eyes, ears, shoulders = (
        _c64(places[..., _AT[f"left_{pair}"]] - places[..., _AT[f"right_{pair}"]])
        for pair in ("eye", "ear", "shoulder")
    )
    width = np.maximum(np.abs(ears), np.abs(eyes) * _EARS_PER_EYES)
    middle = _c64(places[..., _AT["right_eye"]] + eyes / 2)
    breadth = np.maximum(np.abs(shoulders), _LEAST_SHOULDERS_PER_FACE * width)
    neck = _c64(places[..., _AT["neck"]])
    return _frame(middle, eyes + ears, width), _frame(neck, shoulders, breadth)


def _frame(origin: C64, right: C64, unit: F32) -> _Frame:
    length = np.maximum(np.abs(right), _TINY)
    unit = np.maximum(unit, _TINY)
    turn = np.conj(right) / length / unit
    return _Frame(origin, np.asarray(turn, np.complex64), np.asarray(unit, np.float32))


def _c64(values: npt.NDArray[Any]) -> C64:
    return np.asarray(values, np.complex64)


def _in(frame: _Frame, places: C64) -> C64:
    return np.asarray((places - frame.origin[..., None]) * frame.turn[..., None], np.complex64)


def _squashed(places: C64, reach: float) -> C64:
    """Near places in proportion, far ones on a circle of radius 2: only nearness is told."""
    return np.asarray(2.0 * places / (reach + np.abs(places)), np.complex64)


def _to_other_side(in_trunk: C64, seen: F32) -> C64:
    both = (seen > 0) & (seen[..., _OTHER] > 0)
    apart = _squashed(in_trunk - in_trunk[..., _OTHER], _OTHER_REACH)
    return np.asarray(np.where(both, apart, 0.0), np.complex64)


def _near_hands(places: C64, seen: F32, face: _Frame, trunk: _Frame) -> F32:
    """For the head: of any fingertip or wrist; for an arm: of the other hand's."""
    others = _HAND[::-1]
    gaps = np.abs(places[..., None, :, None] - places[..., others][..., None, :])
    gaps = np.where(seen[..., others][..., None, :] > 0, gaps, _FAR).min(axis=-1)
    unit = np.where(_OF_HEAD, face.unit[..., None], trunk.unit[..., None])
    near = 1.0 / (1.0 + (gaps / (unit * _NEAR)[..., None, :]) ** 2)
    out = np.zeros(seen.shape, np.float32)
    for side in (0, 1):
        out[..., _LIMB[side]] = near[..., side, :][..., _LIMB[side]]
    out[..., _HEAD] = near[..., _HEAD].max(axis=-2)
    return out


def _near_arms(in_trunk: C64, seen: F32) -> F32:
    """For wrists and fingertips: of the other arm's two segments."""
    start, end = in_trunk[..., None, _STARTS], in_trunk[..., None, _ENDS]
    along = end - start
    along = np.where(np.abs(along) < _TINY, np.complex64(_TINY), along)
    # In units of the segment: the part along it is real.
    place = (in_trunk[..., _HAND.T, None] - start) / along
    off = np.abs(place - np.clip(place.real, 0.0, 1.0)) * np.abs(along)
    there = (seen[..., None, _STARTS] > 0) & (seen[..., None, _ENDS] > 0)
    near = (there / (1.0 + (off / _NEAR_ARM) ** 2)).max(axis=-1)
    out = np.zeros(seen.shape, np.float32)
    out[..., _HAND.T] = near
    return out


def _growth(trunk: _Frame) -> F32:
    """The unit of the slow frame is the width of the last seconds: 0 unless it changes."""
    growth = _GROWTH_GAIN * np.log(np.maximum(trunk.unit, _TINY))
    return np.asarray(growth.clip(-_MOST_GROWTH, _MOST_GROWTH), np.float32)


def _put_cues(out: F32, nose_z: F32, hands: Hands, face: _Frame) -> None:
    """The optional channels: what only a full hand or a depth tells."""
    full = hands.size > 0
    flat = hands.bends.reshape(*hands.bends.shape[:-2], -1)
    bends = _squashed(_in(face, flat), _FACE_REACH).reshape(hands.bends.shape)
    bends = np.where(full[..., None], bends, np.complex64(0.0))
    out[..., _CHANNEL["knuckle_x"], _TIPS] = bends.real
    out[..., _CHANNEL["knuckle_y"], _TIPS] = bends.imag
    against = np.maximum(hands.size, _TINY) / (face.unit[..., None] * _USUAL_HAND_PER_FACE)
    size = np.where(full, np.log(against).clip(-1.0, 1.0), 0.0)
    out[..., _CHANNEL["hand_size"], _HAND] = size[..., None]
    nearer = np.where(hands.depth != 0.0, hands.depth - nose_z[..., None], 0.0)
    depth = nearer / (_DEPTH_REACH + np.abs(nearer))
    out[..., _CHANNEL["depth"], _HAND] = depth[..., None]

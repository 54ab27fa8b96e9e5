"""What a classifier gets of a tick: what the recogniser has today, and hands against faces."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.hand_sets import hands_of
from plugins.recognizers.graph.relations import CHANNELS, SEEN_FROM, relations
from training.face_places.material import MIRRORED
from training.simulator.landmarks import groups

Inputs = Literal["today", "body", "outline"]
INPUTS: tuple[Inputs, ...] = ("today", "body", "outline")
"""`today`: the recogniser's channels. `body`: and hands against the body's 11 face points.
`outline`: and hands against the 22 points of the outline. Each holds those before it."""

C64 = npt.NDArray[np.complex64]

# The recogniser gets of these two only how far a joint came.
_LEFT_OUT = ("slow_x", "slow_y")
_STATIC = [CHANNELS.index(name) for name in CHANNELS if name not in _LEFT_OUT]
_EYES = [HOLISTIC_75.index(f"{side}_eye") for side in ("left", "right")]
_EARS = [HOLISTIC_75.index(f"{side}_ear") for side in ("left", "right")]
_WRISTS = [HOLISTIC_75.index(f"{side}_wrist") for side in ("left", "right")]
# As in the recogniser's `relations`.
_EARS_PER_EYES = 1.0 / 0.54
_PLACE_REACH, _OFFSET_REACH, _NEAR = 2.0, 0.7, 0.15
_FAR = np.float32(1e3)
# About where a nose is in the head's frame.
_NOSE_AT = np.complex64(0.25j)
_SWAPPED = np.arange(len(HOLISTIC_75))
for _a, _b in HOLISTIC_75.mirror_pairs:
    _SWAPPED[_a], _SWAPPED[_b] = _b, _a
# In profile a face has no breadth, and nothing can be told along it.
_LEAST_AREA = 0.1


@dataclass(frozen=True)
class Templates:
    """Average places of face points in the head's frame, ear distances.

    Attributes:
        body: `(11,)` complex.
        outline: `(22,)` complex.
    """

    body: C64
    outline: C64


@dataclass(frozen=True)
class _Seen:
    """A tick's points in the frame that the body's eyes and ears span, in ear distances.

    Attributes:
        body: `(R, 11)` complex face points of the body.
        outline: `(R, 22)` complex.
        hands: `(R, 2, 11)` complex wrist, fingertips and middle joints of each hand.
        known: `(R, 2, 11)` which of them are.
    """

    body: C64
    outline: C64
    hands: C64
    known: npt.NDArray[np.bool_]


def templates(joints: F32, outline: F32) -> Templates:
    """Averages over ticks: `(R, 75, 4)` joints and `(R, 22, 2)` outlines."""
    seen = _seen(*_acting_left(joints, outline))
    return Templates(
        np.asarray(seen.body.mean(axis=0), np.complex64),
        np.asarray(seen.outline.mean(axis=0), np.complex64),
    )


def features(joints: F32, outline: F32, inputs: Inputs, average: Templates) -> F32:
    """`(R, D)` float32: numbers of about 1.

    Args:
        joints: `(R, 75, 4)` float32 as a `StepModel` gets them.
        outline: `(R, 22, 2)` in the same units; only looked at for `outline`.
        inputs: Which numbers.
        average: Of the ticks that are trained on.
    """
    joints, outline = _acting_left(joints, outline)
    known = _real(relations(joints)[:, _STATIC])
    if inputs == "today":
        return known
    seen = _seen(joints, outline)
    parts = [known, *_against(seen, seen.body, average.body)]
    if inputs == "outline":
        parts += _against(seen, seen.outline, average.outline)
    return np.asarray(np.concatenate(parts, axis=1), np.float32)


def _acting_left(joints: F32, outline: F32) -> tuple[F32, F32]:
    """Ticks in whose mirror image the hand nearer to the face is the left one, mirrored so.

    What holds for one side holds for the other: there is half as much to learn.
    """
    seen = _seen(joints, outline)
    gap = np.where(seen.known, np.abs(seen.hands - _NOSE_AT), _FAR).min(axis=-1)
    right = gap[:, 1] < gap[:, 0]
    out, there = joints.copy(), outline.copy()
    out[right] = joints[right][:, _SWAPPED] * np.array([-1, 1, 1, 1], np.float32)
    there[right] = outline[right][:, MIRRORED] * np.array([-1, 1], np.float32)
    return out, there


def _seen(joints: F32, outline: F32) -> _Seen:
    places = _complex(joints[..., :2])
    eyes, ears = (places[:, pair[0]] - places[:, pair[1]] for pair in (_EYES, _EARS))
    unit = np.maximum(np.maximum(np.abs(ears), np.abs(eyes) * _EARS_PER_EYES), 1e-6)
    way = eyes + ears
    turn = np.conj(way) / np.maximum(np.abs(way), 1e-6) / unit
    middle = places[:, _EYES].mean(axis=1)

    def in_head(points: C64) -> C64:
        wide = (slice(None), *[None] * (points.ndim - 1))
        return np.asarray((points - middle[wide]) * turn[wide], np.complex64)

    hands = hands_of(joints)
    wrists = places[:, _WRISTS][..., None]
    points = np.concatenate([wrists, hands.tips, hands.bends], axis=-1)
    full = np.broadcast_to(hands.size[..., None] > 0, hands.bends.shape)
    some = np.broadcast_to(hands.seen[..., None] > 0, hands.tips.shape)
    wrist = joints[:, _WRISTS, 2][..., None] >= SEEN_FROM
    return _Seen(
        body=in_head(places[:, : groups.FACE_COUNT]),
        outline=in_head(_complex(outline)),
        hands=in_head(points),
        known=np.concatenate([wrist, some, full], axis=-1),
    )


def _against(seen: _Seen, points: C64, average: C64) -> list[F32]:
    """Face points; how near each hand is to each and where; hands as if seen from the front."""
    apart = seen.hands[:, :, None] - points[:, None, :, None]
    gap = np.where(seen.known[:, :, None], np.abs(apart), _FAR)
    nearest = gap.argmin(axis=-1)[..., None]
    offset = _squashed(np.take_along_axis(apart, nearest, axis=-1)[..., 0], _OFFSET_REACH)
    least = gap.min(axis=-1)
    offset = np.asarray(np.where(least < _FAR, offset, 0.0), np.complex64)
    near = 1.0 / (1.0 + (least / _NEAR) ** 2)
    front = _squashed(_from_front(seen.hands, points, average), _PLACE_REACH)
    front = np.asarray(np.where(seen.known, front, 0.0), np.complex64)
    return [_flat(_squashed(points, _PLACE_REACH)), _flat(offset), _real(near), _flat(front)]


def _from_front(hands: C64, points: C64, average: C64) -> C64:
    """Hands, as the affine map has them that lays face points onto their average places."""
    known = np.stack([average.real, average.imag, np.ones_like(average.real)], axis=-1)
    # (R, 2, 3): picture of the average face.
    seen = np.stack([points.real, points.imag], axis=1) @ np.linalg.pinv(known).T
    place = np.stack([hands.real, hands.imag], axis=-1) - seen[:, None, None, :, 2]
    a, b, c, d = seen[:, 0, 0], seen[:, 0, 1], seen[:, 1, 0], seen[:, 1, 1]
    area = np.maximum(a * d - b * c, _LEAST_AREA)[:, None, None]
    a, b, c, d = (v[:, None, None] for v in (a, b, c, d))
    x = (d * place[..., 0] - b * place[..., 1]) / area
    y = (a * place[..., 1] - c * place[..., 0]) / area
    return np.asarray(x + 1j * y, np.complex64)


def _complex(points: F32) -> C64:
    return np.asarray(points[..., 0] + 1j * points[..., 1], np.complex64)


def _squashed(places: C64, reach: float) -> C64:
    return np.asarray(2.0 * places / (reach + np.abs(places)), np.complex64)


def _flat(values: C64) -> F32:
    return np.concatenate([_real(values.real), _real(values.imag)], axis=1)


def _real(values: npt.NDArray[Any]) -> F32:
    return np.asarray(values.reshape(len(values), -1), np.float32)

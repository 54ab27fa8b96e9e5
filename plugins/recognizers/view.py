"""What the view supports: which classes can be told from the joints in sight.

A class whose parts of the body are out of sight is not scored at all; nor is anything when the
joints do not make a person who is upright in the picture.
"""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.labels import Group, Label
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75

Rows = npt.NDArray[np.intp]
ArrayT = TypeVar("ArrayT", Bools, npt.NDArray[np.int64])

# Limbs out of the picture read below 0.2 in 90 %; a hand at the face 0.46 and more.
_SEEN, _SURE = 0.3, 0.5
# Beyond this the picture is turned, or the person lies: up is no longer up.
_UPRIGHT_COS = float(np.cos(np.deg2rad(50.0)))
# Distance of the ears over that of the shoulders: 0.38 from the front. A profile has short ears,
# but hardly ever without the nose far off them.
_FACE_PER_SHOULDERS = (0.16, 1.1)
# Ears, or eyes, over the shoulders, in shoulder widths.
_HEAD_ABOVE = (0.15, 1.6)
# Joints thrown about look like a person now and then, hardly ever for 0.24 of 0.4 s. At the very
# beginning what little was seen must do.
_STEADY_OVER, _STEADY_SHARE = 10, 0.6
_FACE = [HOLISTIC_75.index(n) for n in ("nose", "left_eye", "right_eye", "left_ear", "right_ear")]
_SHOULDERS = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]
_ELBOWS = [HOLISTIC_75.index(f"{side}_elbow") for side in ("left", "right")]
_WRISTS = [HOLISTIC_75.index(f"{side}_wrist") for side in ("left", "right")]
_HANDS = [HOLISTIC_75.parts[f"{side}_hand"][0] for side in ("left", "right")]

_FACE_ONLY, _FACE_AND_SHOULDERS, _BY_ELBOWS, _BY_HANDS, _ONE_HAND = range(5)
_NEEDS = {
    "head_up": _FACE_ONLY,
    "play_hair": _FACE_ONLY,
    "fold_arms": _BY_ELBOWS,
    "arms_behind_body": _BY_ELBOWS,
    "akimbo": _BY_ELBOWS,
    "hold_back_arms": _BY_ELBOWS,
    "touch_arms": _BY_ELBOWS,
    "rub_hands": _BY_HANDS,
    "cross_fingers": _BY_HANDS,
    "minaret": _BY_HANDS,
    "play_objects": _BY_HANDS,
    "illustrative": _ONE_HAND,
}


def needs_of(labels: Iterable[Label]) -> npt.NDArray[np.intp]:
    """(K,) which kind of view each class needs; what is none of iMiGUE's, face and shoulders."""
    kinds = []
    for label in labels:
        usual = _FACE_ONLY if label.group is Group.HEAD_HAND else _FACE_AND_SHOULDERS
        kinds.append(_NEEDS.get(label.slug, usual))
    return np.array(kinds, np.intp)


def supported(x: F32, needs: npt.NDArray[np.intp]) -> Bools:
    """Which classes the view supports.

    Args:
        x: `(..., 75, 4)` float32 as a `StepModel` gets it.
        needs: (K,) from `needs_of`.

    Returns:
        `(..., K)`.
    """
    confidence = x[..., 2]
    face = (confidence[..., _FACE] >= _SEEN).all(axis=-1)
    shoulders = (confidence[..., _SHOULDERS] >= _SURE).all(axis=-1)
    elbows = (confidence[..., _ELBOWS] >= _SURE).all(axis=-1)
    hands = (confidence[..., _WRISTS] >= _SEEN) | (confidence[..., _HANDS] > 0)
    person = face & (_like_a_person(x) | ~shoulders)
    kinds = np.stack(
        [
            person,
            person & shoulders,
            person & shoulders & elbows,
            person & shoulders & hands.all(axis=-1),
            person & hands.any(axis=-1),
        ],
        axis=-1,
    )
    view: Bools = kinds[..., needs]
    return view


class SteadyView:
    """What the view has supported for most of the last moment: not what flashes up in it.

    Every stream by itself, all that have a tick at once.

    Args:
        classes: How many classes there are, K.
        delay: Ticks of look-ahead: what is told is about so many ticks before.
        streams: How many, S.
    """

    def __init__(self, classes: int, delay: int, streams: int) -> None:
        self._recent = np.zeros((streams, _STEADY_OVER, classes), np.bool_)
        self._count = np.zeros((streams, classes), np.int64)  # of the recent ones that support it
        self._steady = np.zeros((streams, delay + 1, classes), np.bool_)
        self._ticks = np.zeros(streams, np.int64)

    def __len__(self) -> int:
        return len(self._ticks)

    def reserve(self, streams: int) -> None:
        """Have at least so many streams; new ones have seen nothing."""
        grow = max(0, streams - len(self))
        self._recent = _grown(self._recent, grow)
        self._count = _grown(self._count, grow)
        self._steady = _grown(self._steady, grow)
        self._ticks = _grown(self._ticks, grow)

    def step(self, now: Bools, rows: Rows) -> Bools:
        """Take `(R, K)` of one tick of the streams in `rows`; give it for the tick described."""
        ticks = self._ticks[rows]
        at = ticks % _STEADY_OVER
        self._count[rows] += now.astype(np.int64) - self._recent[rows, at]
        self._recent[rows, at] = now
        self._ticks[rows] = ticks = ticks + 1
        share = self._count[rows] / np.minimum(ticks, _STEADY_OVER)[:, None]
        kept = self._steady.shape[1]
        self._steady[rows, ticks % kept] = now & (share >= _STEADY_SHARE)
        described: Bools = self._steady[rows, (ticks + 1) % kept]
        return described

    def reset(self, stream: int) -> None:
        """Let one stream have seen nothing."""
        for each in (self._recent, self._count, self._steady, self._ticks):
            each[stream] = 0


def _grown(array: ArrayT, rows: int) -> ArrayT:
    more = np.zeros((rows, *array.shape[1:]), array.dtype)
    return np.concatenate((array, more))


def _like_a_person(x: F32) -> Bools:
    """Upright, the head over the shoulders, and of a size that fits."""
    left, right = (x[..., joint, :2] for joint in _SHOULDERS)
    line = left - right
    width = np.maximum(np.linalg.norm(line, axis=-1), 1e-6)
    eyes = x[..., _FACE[1:3], :2]
    ears = x[..., _FACE[3:5], :2]
    across = np.linalg.norm(ears[..., 0, :] - ears[..., 1, :], axis=-1)
    by_eyes = np.linalg.norm(eyes[..., 0, :] - eyes[..., 1, :], axis=-1) / 0.54
    ratio = np.maximum(across, by_eyes) / width
    above = ((left + right)[..., 1] - eyes.sum(axis=-2)[..., 1]) / 2
    # A trunk seen from the side has hardly any shoulder line to judge by.
    level = (line[..., 0] >= _UPRIGHT_COS * width) | (width < 0.35)
    fits = (ratio >= _FACE_PER_SHOULDERS[0]) & ((ratio <= _FACE_PER_SHOULDERS[1]) | (width < 0.35))
    over = (above >= _HEAD_ABOVE[0]) & (above <= _HEAD_ABOVE[1])
    return np.asarray(level & fits & over)

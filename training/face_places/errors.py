"""How far the outline errs, told from the clips: at rest, over seconds, and under a hand.

What is true is not known. The body's own face points, which another network places, stand for it:
whatever the two disagree by, beyond where they did before, counts against the outline. That is
too much, as the body's points err as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import UsageError
from training.face_places.material import EARS, EYES, FaceClip
from training.face_places.similarity import Similarity, similarity
from training.simulator.geometry import F64, Bools
from training.simulator.landmarks.truth import ContactInterval

WINDOW_S = 0.5
_LEAST_HZ = 20.0
# A head that moves no more than this within a window, in ear distances, is still.
_STILL = 0.06
# What the outline is compared with: from so long before an interval, and after it, until its edge.
_BESIDE_S, _EDGE_S = 0.6, 0.15
_LEAST_FRAMES = 3
# Intervals without a hand that are compared with those with one.
_CONTROL_S = 1.0
# Outlines under no hand are compared only as far as from the next hand, s.
_CLEAR_S = 1.0


@dataclass(frozen=True)
class Disagreement:
    """Outline against body in one interval, in ear distances; root mean squares over its frames.

    Attributes:
        clip: File name.
        start_s: When it begins.
        shift: Of the whole outline, on each axis.
        scale: Of the logarithm of its size.
        turn: Of its turn in the picture, rad.
        point: Of what is left of a single place, on each axis.
    """

    clip: str
    start_s: float
    shift: float
    scale: float
    turn: float
    point: float


@dataclass(frozen=True)
class Stillness:
    """Jitter in windows of a still head, in ear distances.

    Attributes:
        together: Rms on each axis of the outline's middle.
        point: Rms on each axis of a single place beside that.
        tau_s: How long jitter lasts.
        windows: How many windows there were.
    """

    together: float
    point: float
    tau_s: float
    windows: int


def stillness(clips: Sequence[FaceClip]) -> Stillness:
    """What is left of still half seconds when their straight line is taken away.

    Raises:
        UsageError: No head is ever still.
    """
    parts = [part for clip in clips for part in _still_windows(clip)]
    if not parts:
        raise UsageError(f"no head is still for {WINDOW_S} s in any of {len(clips)} clips")
    middles = [part.mean(axis=1) for part in parts]
    points = [part - part.mean(axis=1, keepdims=True) for part in parts]
    lag = np.mean([(p[1:] * p[:-1]).mean() / max((p**2).mean(), 1e-12) for p in points])
    step_s = float(np.median(np.concatenate([np.diff(clip.times_s) for clip in clips])))
    # A straight line taken from 15 frames leaves white noise this correlation of neighbours.
    lag = float(np.clip(lag + 2.0 / 15.0, 0.02, 0.95))
    return Stillness(
        together=_rms(np.concatenate(middles)),
        point=_rms(np.concatenate(points)),
        tau_s=-step_s / float(np.log(lag)),
        windows=len(parts),
    )


def under_hands(
    clips: Sequence[FaceClip], contacts: Mapping[str, Sequence[ContactInterval]]
) -> list[Disagreement]:
    """Every interval in which annotations say that a hand touches the head."""
    found = []
    for clip in clips:
        own = contacts.get(clip.name, ())
        free = _far_from(clip, own, _EDGE_S)
        found += [
            _compared(clip, interval.start_s, interval.end_s, free)
            for interval in own
            if interval.contact == "yes"
        ]
    return [one for one in found if one is not None]


def without_hands(
    clips: Sequence[FaceClip], contacts: Mapping[str, Sequence[ContactInterval]]
) -> list[Disagreement]:
    """Every second in which no hand is at the head, compared in the same way."""
    found = []
    for clip in clips:
        free = _far_from(clip, contacts.get(clip.name, ()), _CLEAR_S)
        for start_s in np.arange(clip.times_s[0] + _BESIDE_S, clip.times_s[-1], _CONTROL_S):
            inside = (clip.times_s >= start_s) & (clip.times_s < start_s + _CONTROL_S)
            if free[inside].all():
                found.append(_compared(clip, start_s, start_s + _CONTROL_S, free))
    return [one for one in found if one is not None]


def _compared(clip: FaceClip, start_s: float, end_s: float, free: Bools) -> Disagreement | None:
    t = clip.times_s
    inside = (t >= start_s) & (t <= end_s)
    before = (t >= start_s - _BESIDE_S) & (t < start_s - _EDGE_S)
    after = (t > end_s + _EDGE_S) & (t <= end_s + _BESIDE_S)
    beside = (before | after) & free
    if min(inside.sum(), beside.sum()) < _LEAST_FRAMES:
        return None
    body, outline = clip.body, clip.outline[..., :2]
    # Body and outline of the frames beside it, laid on one another by the body's points.
    usual = body[beside][0]
    laid = similarity(body[beside], usual)
    usual, expected = laid.of(body[beside]).mean(axis=0), laid.of(outline[beside]).mean(axis=0)
    ear = float(np.linalg.norm(usual[EARS[0]] - usual[EARS[1]]))
    seen = similarity(body[inside], usual).of(outline[inside])
    return _parted(clip.name, start_s, (seen - usual[list(EYES)].mean(axis=0)) / ear,
                   (expected - usual[list(EYES)].mean(axis=0)) / ear)  # fmt: skip


def _parted(clip: str, start_s: float, seen: F64, expected: F64) -> Disagreement:
    """Error of `(F, 22, 2)` against `(22, 2)` as shift, size, turn and the rest."""
    moved: Similarity = similarity(expected, seen)
    shift = (seen - expected).mean(axis=1)
    turn = np.arctan2(moved.turn[:, 1, 0], moved.turn[:, 0, 0])
    rest = seen - moved.of(expected)
    return Disagreement(
        clip=clip,
        start_s=float(start_s),
        shift=_rms(shift),
        scale=_rms(np.log(moved.scale)),
        turn=_rms(turn),
        point=_rms(rest),
    )


def _still_windows(clip: FaceClip) -> list[F64]:
    step_s = float(np.median(np.diff(clip.times_s)))
    if step_s > 1.0 / _LEAST_HZ:
        return []
    size = round(WINDOW_S / step_s)
    found = []
    for start in range(0, len(clip.times_s) - size + 1, size):
        part = slice(start, start + size)
        if np.ptp(clip.times_s[part]) > 1.3 * WINDOW_S:
            continue
        points = clip.outline[part, :, :2] / np.median(clip.ears_px[part])
        if np.ptp(points.mean(axis=1), axis=0).max() <= _STILL:
            found.append(_without_line(points))
    return found


def _without_line(values: F64) -> F64:
    steps = np.arange(len(values)) - (len(values) - 1) / 2
    slope = np.tensordot(steps, values, axes=(0, 0)) / (steps**2).sum()
    return np.asarray(values - values.mean(axis=0) - steps[:, None, None] * slope)


def _far_from(clip: FaceClip, contacts: Sequence[ContactInterval], margin_s: float) -> Bools:
    """`(F,)` frames with no hand at the head for so long before and after."""
    free = np.ones(len(clip.times_s), np.bool_)
    for interval in contacts:
        early, late = interval.start_s - margin_s, interval.end_s + margin_s
        free &= (clip.times_s < early) | (clip.times_s > late)
    return free


def _rms(values: F64) -> float:
    return float(np.sqrt((values**2).mean()))

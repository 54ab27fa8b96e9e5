"""What can be measured of a tracker's errors without knowing the truth.

The same functions measure real recordings and simulated ones, so that the two can be laid over
each other. Lengths are in shoulder widths.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.hand_measures import measure_guess, measure_hands, measure_runs
from training.simulator.landmarks.samples import Collector, Samples, Sequence
from training.simulator.landmarks.truth import Taken

LAGS_S = (0.04, 0.08, 0.12, 0.2, 0.32)

_STILL = 0.04
_EDGE = 1e-6


def measure(taken: Iterable[Taken]) -> Samples:
    """All quantities over recordings.

    Keys are `quantity/group` or `quantity/context`: `jitter`, `depth_jitter`,
    `finger`, `score`, `arm`, `wrist_gap`, `found`, `found_run_s`, `lost_run_s`, `taken`,
    `duplicate`, `drawn`, `guess`, `index_depth`, `inside`, `outside`; `lag/…` hold
    autocorrelations.
    """
    out = Collector()
    for one in taken:
        for n in range(len(one.seen.joints)):
            sequence = Sequence(one, n)
            if len(sequence.times_s) < 12:
                continue
            _measure_windows(sequence, out)
            measure_hands(sequence, out)
            measure_runs(sequence, out)
            measure_guess(sequence, out)
            _measure_confidence(sequence, out)
            _measure_depth(sequence, out)
    return out.samples()


def detrended(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """`(W, ...)` without the straight line of each column."""
    line = np.linspace(-1.0, 1.0, len(values))
    flat = values.reshape(len(values), -1).astype(np.float64)
    slope = (line[:, None] * flat).sum(axis=0) / (line**2).sum()
    rest = flat - flat.mean(axis=0) - line[:, None] * slope
    return np.asarray(rest.reshape(values.shape), np.float64)


def _measure_windows(s: Sequence, out: Collector) -> None:
    lags = [round(lag / s.step_s) for lag in LAGS_S]
    for w in s.windows():
        unit = float(s.unit[w].mean())
        _measure_body_window(s, w, unit, lags, out)
        for side, hand in enumerate(groups.HANDS):
            if s.found[w, side].all():
                _measure_hand_window(s, w, unit, side, hand, lags, out)


def _measure_body_window(
    s: Sequence, w: slice, unit: float, lags: list[int], out: Collector
) -> None:
    joints = np.arange(groups.ELBOWS[1] + 3)
    inside = s.outside[w][:, joints].max(axis=0) <= _EDGE
    sure = s.confidence[w][:, joints].min(axis=0) > 0.5
    places = s.xy[w][:, joints] / unit
    still = np.linalg.norm(_travel(places), axis=-1) < _STILL
    rest = detrended(places)
    depth = detrended(s.depth[w][:, joints])
    for joint in joints[inside & sure & still]:
        group = groups.GROUPS[groups.GROUP_OF[joint]]
        out.add(f"jitter/{group}", np.sqrt((rest[:, joint] ** 2).mean()))
        _add_lags(f"lag/{group}", rest[:, joint], lags, out)
        if s.has_depth:
            out.add(f"depth_jitter/{group}", np.sqrt((depth[:, joint] ** 2).mean()))


def _measure_hand_window(
    s: Sequence, w: slice, unit: float, side: int, hand: slice, lags: list[int], out: Collector
) -> None:
    points = s.xy[w][:, hand] / unit
    palm = points[:, groups.PALM].mean(axis=1)
    context = groups.CONTEXTS[np.bincount(s.context[w, side]).argmax()]
    if np.linalg.norm(_travel(palm)) > _STILL:
        return
    rest = detrended(palm)
    out.add("jitter/palm", np.sqrt((rest**2).mean()))
    _add_lags("lag/palm", rest, lags, out)
    way = points[:, 9] - points[:, 0]
    out.add("size", detrended(np.log(np.linalg.norm(way, axis=-1, keepdims=True))).std())
    angle = np.unwrap(np.arctan2(way[:, 1], way[:, 0]))
    out.add("turn", detrended(angle[:, None]).std())
    tips = points[:, (4, 8, 12, 16, 20)] - palm[:, None]
    # A second difference leaves of noise without memory its rms times sqrt(6), of the rest little.
    sharp = np.diff(tips, n=2, axis=0) / np.sqrt(6.0)
    out.add("hand_jitter", np.sqrt((sharp**2).mean(axis=(0, 2))))
    rest = detrended(tips.reshape(len(tips), -1)).reshape(-1, 5, 2)
    out.add(f"finger/{context}", np.sqrt((rest**2).mean(axis=(0, 2))))
    if s.has_depth:
        ahead = detrended(s.depth[w, hand][:, (4, 8, 12, 16, 20)])
        out.add("hand_depth_jitter", np.sqrt((ahead**2).mean(axis=0)))


def _travel(places: F32) -> F32:
    third = max(len(places) // 3, 1)
    return np.asarray(places[-third:].mean(axis=0) - places[:third].mean(axis=0), np.float32)


def _add_lags(key: str, rest: npt.NDArray[np.float64], lags: list[int], out: Collector) -> None:
    """Products of a residual with itself some frames later, per product without delay."""
    power = max(float((rest**2).mean()), 1e-12)
    for seconds, lag in zip(LAGS_S, lags, strict=True):
        if 0 < lag < len(rest):
            out.add(f"{key}/{seconds:g}", (rest[lag:] * rest[:-lag]).mean() / power)


def _measure_confidence(s: Sequence, out: Collector) -> None:
    for group in (groups.FACE, groups.SHOULDER, groups.ELBOW, groups.LOWER):
        joints = np.flatnonzero(group == groups.GROUP_OF)
        seen, beyond = s.confidence[:, joints], s.outside[:, joints]
        out.add(f"inside/{groups.GROUPS[group]}", seen[beyond <= _EDGE])
        out.add(f"outside/{groups.GROUPS[group]}", seen[beyond > 0.15])
    for side, (wrist, *_) in enumerate(groups.ARM_JOINTS):
        for index in np.unique(s.context[:, side]):
            name, at = groups.CONTEXTS[index], s.context[:, side] == index
            out.add(f"arm/{name}", s.confidence[at, wrist])
            scores = s.confidence[at & s.found[:, side], groups.HANDS[side].start]
            out.add(f"score/{name}", scores[scores < 1.0])


def _measure_depth(s: Sequence, out: Collector) -> None:
    if not s.has_depth:
        return
    middle = s.depth[:, groups.SHOULDERS].mean(axis=1)
    out.add("head_depth", s.depth[:, groups.NOSE] - s.depth[:, groups.EARS].mean(axis=1))
    out.add("nose_depth", s.depth[:, groups.NOSE] - middle)
    out.add("hip_depth", s.depth[:, groups.HIPS].mean(axis=1) - middle)
    for side, (_, _, index, _) in enumerate(groups.ARM_JOINTS):
        shape = s.depth[s.found[:, side]][:, groups.HANDS[side]]
        if shape.any():
            out.add("hand_depth", np.ptp(shape, axis=1))
        for context in np.unique(s.context[:, side]):
            at = s.context[:, side] == context
            ahead = s.depth[at, index] - s.depth[at, groups.NOSE]
            out.add(f"index_depth/{groups.CONTEXTS[context]}", ahead)

"""The engine's resampler and normaliser over many sequences at once.

The same figures as `engine.core.resample` and `engine.core.normalize` give one sample at a time; a
test holds the two together.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.config import ResampleConfig
from engine.core import normalize as engine_normalize
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.geometry import F64, Bools, Ints

RATE_HZ = 25.0
_LEFT, _RIGHT = HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder")
_EARS = HOLISTIC_75.index("left_ear"), HOLISTIC_75.index("right_ear")
_NOSE = HOLISTIC_75.index("nose")


@dataclass(frozen=True)
class Ticks:
    """N sequences of T ticks.

    Attributes:
        t_s: (N, T) float64 instants.
        joints: (N, T, 75, 4) float32 as a `StepModel` gets them, all 0 in a gap.
        valid: (N, T) whether there is a pose.
    """

    t_s: F64
    joints: F32
    valid: Bools


def to_ticks(t_s: F64, joints: F32, depth: F32, usable: Bools, aspect: F32, count: int) -> Ticks:
    """Resample and normalise.

    Args:
        t_s: (N, F) times of the samples; the first of each sets the origin of its grid.
        joints: (N, F, 75, 3) as `PoseSample.joints`.
        depth: (N, F, 75) as `PoseSample.depth`.
        usable: (N, F) samples that came and are valid.
        aspect: (N,) width over height.
        count: T.
    """
    grid = t_s[:, :1] + np.arange(count) / RATE_HZ
    rows = np.concatenate([joints, depth[..., None]], axis=-1)
    between = [_neighbours(t_s[n], usable[n], grid[n]) for n in range(len(t_s))]
    before, after, part, valid = (np.stack(column) for column in zip(*between, strict=True))
    people = np.arange(len(t_s))[:, None]
    sampled = _between(rows[people, before], rows[people, after], part)
    sampled[~valid] = 0.0
    return Ticks(grid, _normalised(sampled, valid, aspect), valid)


def _neighbours(t_s: F64, usable: Bools, grid: F64) -> tuple[Ints, Ints, F64, Bools]:
    """For each tick the usable samples around it, the part of the way, and if it has a pose."""
    frames = np.flatnonzero(usable)
    if not len(frames):
        zeros = np.zeros(len(grid), np.intp)
        return zeros, zeros, np.zeros(len(grid)), np.zeros(len(grid), bool)
    times = t_s[frames]
    index = np.searchsorted(times, grid - 1e-9)
    last = len(times) - 1
    after, before = np.minimum(index, last), np.clip(index - 1, 0, last)
    at = np.abs(times[after] - grid) < 1e-9
    before = np.where(at, after, before)
    span = times[after] - times[before]
    part = np.clip((grid - times[before]) / np.maximum(span, 1e-9), 0.0, 1.0)
    inside = (index <= last) & ((index > 0) | at)
    valid = inside & (at | (span <= ResampleConfig().max_gap_s + 1e-9))
    return frames[before], frames[after], part, valid


def _between(a: F32, b: F32, part: F64) -> F32:
    weight = part[..., None, None].astype(np.float32)
    mixed = a + weight * (b - a)
    seen_a, seen_b = a[..., 2] > 0, b[..., 2] > 0
    nearer = np.where(weight < 0.5, a, b)
    out: F32 = np.where((seen_a == seen_b)[..., None], mixed, nearer)
    return out


def _normalised(sampled: F32, valid: Bools, aspect: F32) -> F32:
    xy = sampled[..., :2] * np.stack([aspect, np.ones_like(aspect)], axis=-1)[:, None, None]
    log_scale, origin, known = _followed(xy, sampled[..., 2], valid)
    unit = np.exp(log_scale)[..., None]
    out = np.zeros_like(sampled)
    out[..., :2] = (xy - origin[..., None, :]) / unit[..., None]
    out[..., 2] = sampled[..., 2]
    out[..., 3] = sampled[..., 3] * aspect[:, None, None] / unit
    seen = (sampled[..., 2] > 0) & known[..., None]
    return np.where(seen[..., None], out, np.float32(0.0)).astype(np.float32)


def _followed(xy: F32, confidence: F32, valid: Bools) -> tuple[F64, F64, Bools]:
    """Slow scale and origin of every tick, and whether both are known."""
    scale_gain = 1.0 - math.exp(-1.0 / (RATE_HZ * engine_normalize.SCALE_TIME_S))
    origin_gain = 1.0 - math.exp(-1.0 / (RATE_HZ * engine_normalize.ORIGIN_TIME_S))
    target_scale, has_scale = _scale_targets(xy, confidence, valid)
    seen = confidence >= engine_normalize.VISIBLE
    both = seen[..., _LEFT] & seen[..., _RIGHT] & valid
    middle = (xy[..., _LEFT, :] + xy[..., _RIGHT, :]) / 2
    nose = seen[..., _NOSE] & valid
    count, ticks = valid.shape
    log_scale, origin = np.full(count, np.nan), np.full((count, 2), np.nan)
    scales, origins = np.zeros((count, ticks)), np.zeros((count, ticks, 2))
    gone = np.zeros(count, int)
    for k in range(ticks):
        gone = np.where(valid[:, k], 0, gone + 1)
        lost = gone > ResampleConfig().reset_after_s * RATE_HZ
        log_scale[lost], origin[lost] = np.nan, np.nan
        log_scale = _pulled(log_scale, target_scale[:, k], scale_gain, has_scale[:, k])
        below = np.exp(log_scale)[:, None] * np.array((0.0, engine_normalize.NOSE_ABOVE))
        target = np.where(both[:, k, None], middle[:, k], xy[:, k, _NOSE] + below)
        pulls = both[:, k] | (nose[:, k] & np.isfinite(log_scale))
        origin = _pulled(origin, target, origin_gain, pulls[:, None])
        scales[:, k], origins[:, k] = log_scale, origin
    known = np.isfinite(scales) & np.isfinite(origins).all(axis=-1) & valid
    return np.nan_to_num(scales), np.nan_to_num(origins), known


def _pulled(value: F64, target: F64, gain: float, pulls: Bools) -> F64:
    start = np.where(np.isnan(value), target, value)
    moved: F64 = np.where(pulls, start + gain * (target - start), value)
    return moved


def _scale_targets(xy: F32, confidence: F32, valid: Bools) -> tuple[F64, Bools]:
    seen = confidence >= engine_normalize.VISIBLE
    ears = np.linalg.norm(xy[..., _EARS[0], :] - xy[..., _EARS[1], :], axis=-1)
    ears = ears * (seen[..., _EARS[0]] & seen[..., _EARS[1]])
    by_face = ears * engine_normalize.DEFAULT_SHOULDER_PER_EAR_WIDTH
    both = seen[..., _LEFT] & seen[..., _RIGHT]
    width = np.linalg.norm(xy[..., _LEFT, :] - xy[..., _RIGHT, :], axis=-1)
    scale = np.where(both & (width >= engine_normalize.TURNED * by_face), width, by_face)
    has = (scale > 0) & valid
    return np.log(np.where(has, scale, 1.0)).astype(np.float64), has

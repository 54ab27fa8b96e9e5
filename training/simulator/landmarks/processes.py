"""Random processes in continuous time, seen at the times of camera frames.

All are given in seconds, so that the same tracker at another frame rate errs alike. Arrays run
over frames in a loop and over everything else at once.
"""

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks.view import Bools

Rng = np.random.Generator


def steps_s(t_s: npt.NDArray[np.float64]) -> F32:
    """Time since the frame before; of the first frame, an hour: it starts afresh.

    Args:
        t_s: `(N, F)`.
    """
    first = np.full((len(t_s), 1), 3600.0)
    return np.asarray(np.concatenate([first, np.diff(t_s, axis=1)], axis=1), np.float32)


def wander(dt_s: F32, tau_s: float, channels: int, rng: Rng) -> F32:
    """Ornstein-Uhlenbeck processes of standard deviation 1 that forget within `tau_s`.

    Args:
        dt_s: `(N, F)` time since the frame before.
        tau_s: Time constant.
        channels: How many independent processes a sequence gets.
        rng: Source of chance.

    Returns:
        `(N, F, channels)` float32.
    """
    keep = np.exp(-dt_s.T / np.float32(max(tau_s, 1e-6)))[:, :, None]
    out = rng.standard_normal((*keep.shape[:2], channels), dtype=np.float32)
    out *= np.sqrt(1.0 - keep**2)
    for f in range(1, len(out)):
        out[f] += keep[f] * out[f - 1]
    return out.transpose(1, 0, 2)


def drift(dt_s: F32, tau_s: float | F32, channels: int, rng: Rng) -> F32:
    """Like `wander`, but smooth: what is left when a process has been through a low pass.

    A Matérn process of order 3/2, exact at any time steps: correlation (1 + t/tau) exp(-t/tau).

    Args:
        dt_s: `(N, F)` time since the frame before.
        tau_s: Time constant, or `(channels,)` one for each.
        channels: How many independent processes a sequence gets.
        rng: Source of chance.

    Returns:
        `(N, F, channels)` float32 of standard deviation 1.
    """
    # In double precision: with short steps what is new is a small difference of large numbers.
    a = dt_s.T.astype(np.float64)[:, :, None] / np.maximum(tau_s, 1e-6)
    fade = np.exp(-a)
    keep, turn, slow = fade * (1.0 + a), fade * a, fade * (1.0 - a)
    new_place = np.sqrt(np.maximum(1.0 - keep**2 - turn**2, 1e-12))
    shared = turn * (keep - slow) / new_place
    new_speed = np.sqrt(np.maximum(1.0 - turn**2 - slow**2 - shared**2, 0.0))
    place = rng.standard_normal((*a.shape[:2], channels), dtype=np.float32)
    speed = rng.standard_normal((*a.shape[:2], channels), dtype=np.float32)
    speed *= new_speed.astype(np.float32)
    speed += shared.astype(np.float32) * place
    place *= new_place.astype(np.float32)
    keep, turn, slow = (part.astype(np.float32) for part in (keep, turn, slow))
    for f in range(1, len(place)):
        place[f] += keep[f] * place[f - 1] + turn[f] * speed[f - 1]
        speed[f] += slow[f] * speed[f - 1] - turn[f] * place[f - 1]
    return place.transpose(1, 0, 2)


def follow(target: F32, dt_s: F32, tau_s: float) -> F32:
    """`target` through a first-order low pass; it starts where the target starts.

    Args:
        target: `(N, F, C)`.
        dt_s: `(N, F)` time since the frame before.
        tau_s: Time constant; 0 copies.
    """
    if tau_s <= 0:
        return target
    gain = -np.expm1(-dt_s.T / np.float32(tau_s))[:, :, None]
    out = np.ascontiguousarray(target.transpose(1, 0, 2))
    for f in range(1, len(out)):
        out[f] = out[f - 1] + gain[f] * (out[f] - out[f - 1])
    return out.transpose(1, 0, 2)


def switch(on_per_s: F32, off_per_s: F32, dt_s: F32, rng: Rng) -> Bools:
    """Two-state Markov chains in continuous time; they start in equilibrium.

    Args:
        on_per_s: `(N, F, C)`: rate of switching on while off.
        off_per_s: `(N, F, C)`: rate of switching off while on.
        dt_s: `(N, F)` time since the frame before.
        rng: Source of chance.

    Returns:
        `(N, F, C)`: whether it is on.
    """
    total = np.maximum(on_per_s + off_per_s, 1e-9)
    changed = -np.expm1(-total * dt_s[:, :, None])
    stays_on = (1.0 - off_per_s / total * changed).transpose(1, 0, 2)
    turns_on = (on_per_s / total * changed).transpose(1, 0, 2)
    chance = rng.random(stays_on.shape, dtype=np.float32)
    out = np.empty(stays_on.shape, np.bool_)
    out[0] = chance[0] < (on_per_s / total)[:, 0]
    for f in range(1, len(out)):
        out[f] = chance[f] < np.where(out[f - 1], stays_on[f], turns_on[f])
    return out.transpose(1, 0, 2)

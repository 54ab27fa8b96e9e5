"""How an outline errs, and outlines that err so."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from engine.poses import F32
from training.face_places.errors import Disagreement, Stillness
from training.simulator.geometry import F64, Bools
from training.simulator.landmarks.processes import Rng, drift, follow, wander

# How long errors last that are not jitter. Assumed: intervals with a hand are a second long.
_SLOW_TAU_S = 1.0
# Errors grow over about so long when a hand comes: as in `landmarks.context`.
_CHANGE_TAU_S = 0.1
# Rms of the logarithm by which sequences differ: as `NoiseParams.population`.
_POPULATION = 0.6


class Sizes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Slow errors, root mean squares.

    Attributes:
        shift: Of the whole outline on each axis, ear distances.
        scale: Of the logarithm of its size.
        turn: Of its turn in the picture, rad.
        point: Of a single place on each axis, ear distances.
        intervals: How many were measured.
    """

    shift: float
    scale: float
    turn: float
    point: float
    intervals: int = 0


class OutlineNoise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of face network; lengths in ear distances.

    Attributes:
        together: Jitter of the whole outline on each axis.
        point: Jitter of a single place on each axis, beside that.
        jitter_tau_s: How long jitter lasts.
        windows: Still half seconds behind these three.
        free: Slow errors while no hand is at the head.
        hand: Slow errors while one is; taken to be no smaller.
        kept: What one person and camera keep, of a single place on each axis. Assumed to be what
            the simulator has for the body's own face points.
    """

    together: float
    point: float
    jitter_tau_s: float
    windows: int
    free: Sizes
    hand: Sizes
    kept: float

    @staticmethod
    def measured(
        still: Stillness, free: Sequence[Disagreement], hand: Sequence[Disagreement], kept: float
    ) -> "OutlineNoise":
        """From the clips; every interval counts as much as any other."""
        return OutlineNoise(
            together=round(still.together, 5),
            point=round(still.point, 5),
            jitter_tau_s=round(still.tau_s, 4),
            windows=still.windows,
            free=_sizes(free),
            hand=_sizes(hand, _sizes(free)),
            kept=round(kept, 4),
        )


def with_errors(
    outline: F32,
    ear: F32,
    at_head: Bools,
    dt_s: F32,
    noise: OutlineNoise,
    strength: float,
    rng: Rng,
) -> F32:
    """Outlines as the face network would give them.

    The same generator state gives the same errors, `strength` times as large.

    Args:
        outline: `(N, F, 22, 2)` true places in the picture.
        ear: `(N, F)` distance of the ears in the picture's unit, as if seen from the front.
        at_head: `(N, F)` whether a hand touches head or neck.
        dt_s: `(N, F)` time since the frame before.
        noise: How it errs.
        strength: Factor of all errors.
        rng: Source of chance.

    Returns:
        `(N, F, 22, 2)` float32.
    """
    n, f, p, _ = outline.shape
    own = np.exp(_POPULATION * rng.standard_normal((n, 1, 1))).astype(np.float32) * strength
    touched = follow(at_head[..., None].astype(np.float32), dt_s, _CHANGE_TAU_S)
    size = {
        name: own
        * (getattr(noise.free, name) * (1 - touched) + getattr(noise.hand, name) * touched)
        for name in ("shift", "scale", "turn", "point")
    }
    slow = drift(dt_s, _SLOW_TAU_S, 4 + 2 * p, rng)
    quick = wander(dt_s, noise.jitter_tau_s, 2 + 2 * p, rng)
    kept = noise.kept * strength * rng.standard_normal((n, 1, p, 2))
    shift = size["shift"] * slow[..., :2] + noise.together * own * quick[..., :2]
    single = size["point"] * slow[..., 4:] + noise.point * own * quick[..., 2:]
    middle = outline.mean(axis=2, keepdims=True)
    apart = _turned(outline - middle, (size["turn"] * slow[..., 3:4])[..., None])
    apart = apart * np.exp(size["scale"] * slow[..., 2:3])[..., None]
    error = shift[:, :, None] + single.reshape(n, f, p, 2) + kept
    return np.asarray(middle + apart + error * ear[..., None, None], np.float32)


def _turned(points: F32, angle: F32 | F64) -> F32:
    c, s = np.cos(angle)[..., 0], np.sin(angle)[..., 0]
    x, y = points[..., 0], points[..., 1]
    return np.asarray(np.stack([c * x - s * y, s * x + c * y], axis=-1), np.float32)


def _sizes(found: Sequence[Disagreement], least: Sizes | None = None) -> Sizes:
    """Root mean squares; so few intervals must not say that a hand makes it better."""

    def rms(name: str) -> float:
        values = np.array([getattr(one, name) for one in found])
        value = round(float(np.sqrt((values**2).mean())), 4)
        return max(value, getattr(least, name)) if least else value

    return Sizes(
        shift=rms("shift"),
        scale=rms("scale"),
        turn=rms("turn"),
        point=rms("point"),
        intervals=len(found),
    )

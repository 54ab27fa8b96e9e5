"""The two 21-point hands: whether they are found, on which hand they sit, and how they err."""

import numpy as np

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.body import mirrored_arms
from training.simulator.landmarks.context import Scene
from training.simulator.landmarks.parts import HandNoise, PresenceNoise, VisibilityNoise
from training.simulator.landmarks.processes import switch
from training.simulator.landmarks.view import Bools

# A hand that is found scores at least this, or the network would not give it.
_LEAST_SCORE = 0.5
# The palm is steadier than the fingertips.
_JITTER = 0.5 + 0.5 * groups.FINGER_WEIGHT
_AT_ONCE_PER_S = 30.0
# A mirrored arm finds the other hand when that is not further, in shoulder widths.
_GHOST_FINDS_WITHIN = 0.55


def hands_found(scene: Scene, noise: PresenceNoise) -> Bools:
    """`(N, F, 2)`: whether each 21-point hand is found."""
    found = scene.by_context(noise.found_per_s, smooth=False) * scene.factor(2)
    lost = scene.by_context(noise.lost_per_s, smooth=False) * scene.factor(2)
    small = np.maximum(noise.small / np.maximum(scene.view.unit, 1e-6), 1.0)[..., None]
    lost = lost * (1.0 + (scene.speed / noise.blur_speed) ** 2) * small
    burst = np.exp(noise.burst * scene.drift(noise.burst_tau_s, 2))
    found, lost = found * burst, lost * burst
    return switch(found.astype(np.float32), lost.astype(np.float32), scene.dt_s, scene.rng)


def hands_taken(scene: Scene, noise: PresenceNoise, drawn: Bools) -> Bools:
    """`(N, F, 2)`: whether each set of points sits on the other hand.

    Args:
        scene: The scene.
        noise: The rates.
        drawn: `(N, F, 2)`: arms that are mirror images: the other hand is what they find, if near.
    """
    nearby = np.broadcast_to((scene.view.hands_gap <= noise.taken_within)[..., None], drawn.shape)
    ghost_near = drawn & (_ghost_gap(scene) <= _GHOST_FINDS_WITHIN)
    on = np.where(nearby, noise.taken_per_s, 0.0) * scene.factor(2)
    # A set that has gone over comes back at once when the hands part.
    off = np.where(nearby, noise.returned_per_s, _AT_ONCE_PER_S)
    taken = switch(on.astype(np.float32), off.astype(np.float32), scene.dt_s, scene.rng)
    return (taken & (scene.context > groups.HIDDEN)) | ghost_near


def _ghost_gap(scene: Scene) -> F32:
    """`(N, F, 2)`: distance of each side's mirrored arm to the other hand, in shoulder widths."""
    ghost = mirrored_arms(scene.view).mean(axis=3)
    true = np.stack([scene.view.xy[:, :, j].mean(axis=2) for j in groups.ARM_JOINTS[::-1]], axis=2)
    unit = np.maximum(scene.view.unit, 1e-6)[..., None]
    return np.asarray(np.linalg.norm(ghost - true, axis=-1) / unit, np.float32)


def hand_places(scene: Scene, noise: HandNoise, taken: Bools) -> F32:
    """`(N, F, 2, 21, 2)`: where the points of both hands are reported, in image heights."""
    true = np.stack([scene.view.xy[:, :, hand] for hand in groups.HANDS], axis=2)
    true = true.astype(np.float32)
    seen = np.where(taken[..., None, None], true[:, :, ::-1], true)
    palm = seen[:, :, :, groups.PALM].mean(axis=3, keepdims=True)
    unit = scene.view.unit[..., None, None, None]
    shaped = _turned_and_scaled(scene, noise, seen - palm)
    return np.asarray(palm + shaped + unit * _errors(scene, noise), np.float32)


def hand_scores(scene: Scene, noise: VisibilityNoise) -> F32:
    """`(N, F, 2)`: score of each hand, given that it is found."""
    logit = scene.by_context(noise.hand)
    deviation = scene.by_context(noise.hand_spread) * scene.drift(noise.tau_s, 2)
    score = 1.0 / (1.0 + np.exp(-(logit + deviation)))
    return np.asarray(np.maximum(score, _LEAST_SCORE), np.float32)


def _turned_and_scaled(scene: Scene, noise: HandNoise, points: F32) -> F32:
    slow = scene.drift(noise.slow_tau_s, 4)
    scale = np.exp(noise.scale * scene.factor() * slow[..., :2])[..., None, None]
    angle = (noise.rotation * scene.factor() * slow[..., 2:])[..., None]
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y = points[..., 0], points[..., 1]
    turned = np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=-1)
    return np.asarray(turned * scale, np.float32)


def _errors(scene: Scene, noise: HandNoise) -> F32:
    """`(N, F, 2, 21, 2)` in shoulder widths."""
    n, f = scene.dt_s.shape
    jitter = scene.wander(noise.jitter_tau_s, 2 * groups.HAND_COUNT * 2)
    jitter = jitter.reshape(n, f, 2, groups.HAND_COUNT, 2)
    jitter = jitter * (noise.jitter * scene.factor()[..., None, None] * _JITTER[:, None])
    offset = scene.drift(noise.slow_tau_s, 4).reshape(n, f, 2, 1, 2)
    size = scene.by_context(noise.offset) * scene.factor(2) * scene.liveliness(noise.still_part)
    offset = offset * size[..., None, None]
    finger = scene.drift(noise.finger_tau_s, 2 * 5 * 2).reshape(n, f, 2, 5, 2)
    finger = finger * (scene.by_context(noise.finger) * scene.factor(2))[..., None, None]
    bent = finger[:, :, :, groups.FINGER_OF] * groups.FINGER_WEIGHT[:, None]
    return np.asarray(jitter + offset + bent, np.float32)

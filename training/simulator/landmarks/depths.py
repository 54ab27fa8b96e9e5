"""Depth as the pose network reports it: of the right order, and not metric."""

import numpy as np

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.context import Scene
from training.simulator.landmarks.parts import DepthNoise
from training.simulator.landmarks.view import Bools

_SLOW_TAU_S = 0.8
_FAST_TAU_S = 0.1
# Gains differ less between people than errors do.
_GAIN_PART = 0.2


def body_depths(scene: Scene, noise: DepthNoise) -> F32:
    """`(N, F, 33)` in shoulder widths from the middle of the hips."""
    depth = (
        np.float32(noise.gain)
        * scene.factor(part=_GAIN_PART)
        * scene.view.depth[..., : groups.BODY_COUNT]
    )
    shift = scene.by_context(noise.arm)
    for side, joints in enumerate(groups.ARM_JOINTS):
        depth[..., joints] += shift[..., side, None]
        depth[..., groups.ELBOWS[side]] += noise.elbow_part * shift[..., side]
    depth[..., groups.HIPS[0] :] += noise.hips
    depth += _errors(scene, noise)
    return np.asarray(depth - depth[..., groups.HIPS].mean(-1, keepdims=True), np.float32)


def hand_depths(scene: Scene, noise: DepthNoise, taken: Bools) -> F32:
    """`(N, F, 2, 21)` in shoulder widths from each hand's own wrist."""
    true = np.stack([scene.view.depth[:, :, hand] for hand in groups.HANDS], axis=2)
    seen = np.where(taken[..., None], true[:, :, ::-1], true)
    relative = noise.hand_gain * scene.factor(part=_GAIN_PART)[..., None] * (seen - seen[..., :1])
    n, f = scene.dt_s.shape
    bent = scene.drift(_SLOW_TAU_S, 10).reshape(n, f, 2, 5)[..., groups.FINGER_OF]
    jitter = scene.wander(_FAST_TAU_S, 2 * groups.HAND_COUNT).reshape(n, f, 2, -1)
    jitter[..., 0] = 0.0
    errors = noise.hand_bias * groups.FINGER_WEIGHT * bent + noise.hand_jitter * jitter
    return np.asarray(relative + errors, np.float32)


def _errors(scene: Scene, noise: DepthNoise) -> F32:
    """`(N, F, 33)` in shoulder widths."""
    of_part = groups.PART_GROUP
    jitter = scene.drift(_FAST_TAU_S, groups.UPPER_COUNT)
    of_joint = groups.GROUP_OF[: groups.UPPER_COUNT]
    jitter = jitter * (np.array(noise.jitter, np.float32)[of_joint] * scene.factor())
    slow = scene.drift(_SLOW_TAU_S, groups.PART_COUNT)
    slow = slow * (np.array(noise.bias, np.float32)[of_part] * scene.factor())
    kept = scene.constant(groups.PART_COUNT) * np.array(noise.constant, np.float32)[of_part]
    errors = jitter[..., groups.ERRS_AS] + (slow + kept)[..., groups.PART_OF]
    return np.asarray(errors, np.float32)

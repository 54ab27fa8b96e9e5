"""The 33 body joints as the pose network places them."""

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.simulator.landmarks import groups
from training.simulator.landmarks.context import Scene
from training.simulator.landmarks.parts import BodyNoise, VisibilityNoise
from training.simulator.landmarks.processes import follow, switch
from training.simulator.landmarks.view import Bools, CleanView

# Over this distance out of the picture, in shoulder widths, seeing turns into guessing.
_GUESS_WITHIN = 0.5
# Confidence falls sooner.
_DOUBT_WITHIN = 0.15
_FADE_TAU_S = 0.15
# MediaPipe smooths visibility over about this time.
_VISIBILITY_TAU_S = 0.35
# A state whose condition has ended ends at this rate.
_AT_ONCE_PER_S = 10.0
# Pitch of ears to nose of a level head, in radians; positive is nose down.
_LEVEL_PITCH = 0.09
_KEPT_AS = [*range(17), *([15, 16] * 3), *range(23, groups.BODY_COUNT)]


def arms_drawn(scene: Scene, noise: BodyNoise) -> Bools:
    """`(N, F, 2)`: whether each arm, not seen itself, is taken for the mirror image of the other.

    MediaPipe does this in close-ups, where the elbow is not seen either: a hand at the chin gets
    a second one opposite.
    """
    elbow_out = scene.outside[..., groups.ELBOWS] > 0.0
    lost = (scene.context <= groups.HIDDEN) & elbow_out
    other = scene.context[..., ::-1]
    raised = (other >= groups.TOGETHER) & (other <= groups.RAISED)
    on = np.where(lost & raised, noise.drawn_per_s, 0.0) * scene.factor(2)
    off = np.where(lost & raised, noise.undrawn_per_s, _AT_ONCE_PER_S + noise.undrawn_per_s)
    return switch(on.astype(np.float32), off.astype(np.float32), scene.dt_s, scene.rng)


def body_places(scene: Scene, noise: BodyNoise, still_part: float, drawn: Bools) -> F32:
    """`(N, F, 33, 2)`: where the body joints are reported, in image heights."""
    view = scene.view
    true = view.xy[:, :, : groups.BODY_COUNT].astype(np.float32)
    true[:, :, : groups.FACE_COUNT] = face_places(view, noise.pitch_seen)
    part = follow(drawn.astype(np.float32), scene.dt_s, _FADE_TAU_S)
    mirrored = mirrored_arms(view)
    for side, joints in enumerate(groups.ARM_JOINTS):
        way = mirrored[:, :, side] - true[:, :, joints]
        true[:, :, joints] += part[..., side, None, None] * way
    n, f = view.t_s.shape
    upper = true[:, :, : groups.UPPER_COUNT].reshape(n, f, -1)
    late = follow(upper, scene.dt_s, noise.lag_s)
    true[:, :, : groups.UPPER_COUNT] = late.reshape(n, f, groups.UPPER_COUNT, 2)
    guess = guessing(scene)
    for side, joints in enumerate(groups.ARM_JOINTS):
        guess[..., joints] *= 1.0 - 0.7 * part[..., side, None]
    errors = _errors(scene, noise, still_part, guess) * view.unit[..., None, None]
    true += errors
    return true


def mirrored_arms(view: CleanView) -> F32:
    """`(N, F, 2, 4, 2)`: of each side, the other arm's joints mirrored at the head's middle."""
    other = [view.xy[:, :, joints] for joints in groups.ARM_JOINTS[::-1]]
    mirrored = np.stack(other, axis=2).astype(np.float32)
    middle = view.xy[:, :, groups.EARS, 0].mean(-1)[..., None, None]
    mirrored[..., 0] = 2.0 * middle - mirrored[..., 0]
    return np.asarray(mirrored, np.float32)


def guessing(scene: Scene) -> F32:
    """`(N, F, 33)`: 0 where a body joint is seen, 1 where it can only be guessed."""
    guess = np.minimum(scene.outside[..., : groups.BODY_COUNT] / _GUESS_WITHIN, 1.0)
    for side, joints in enumerate(groups.ARM_JOINTS):
        hidden = scene.view.hand_hidden[..., side, None]
        guess[..., joints] = np.maximum(guess[..., joints], hidden)
    return follow(guess.astype(np.float32), scene.dt_s, _FADE_TAU_S)


def visibilities(scene: Scene, noise: VisibilityNoise, drawn: Bools) -> F32:
    """`(N, F, 33)`: confidence of the body joints."""
    inside = np.array(noise.inside, np.float32)[groups.GROUP_OF]
    outside = np.array(noise.outside, np.float32)[groups.GROUP_OF]
    spread = np.array(noise.spread, np.float32)[groups.GROUP_OF]
    guess = np.minimum(scene.outside[..., : groups.BODY_COUNT] / _DOUBT_WITHIN, 1.0)
    logit = inside + guess * (outside - inside)
    spread = spread + guess * (np.array(noise.outside_spread, np.float32)[groups.GROUP_OF] - spread)
    arm = np.where(drawn, noise.arm_drawn, scene.by_context(noise.arm, smooth=False))
    edge = (scene.context > groups.HIDDEN)[..., None] * np.float32(noise.arm_edge)
    arm_spread = scene.by_context(noise.arm_spread, smooth=False)
    for side, joints in enumerate(groups.ARM_JOINTS):
        logit[..., joints] = arm[..., side, None] + edge[..., side, :] * guess[..., joints]
        spread[..., joints] = arm_spread[..., side, None]
    deviation = spread * scene.drift(noise.tau_s, groups.PART_COUNT)[..., groups.PART_OF]
    confidence = 1.0 / (1.0 + np.exp(-(logit + deviation)))
    return follow(confidence.astype(np.float32), scene.dt_s, _VISIBILITY_TAU_S)


def face_places(view: CleanView, pitch_seen: float) -> F32:
    """`(N, F, 11, 2)`: face points that follow only a part of a nod.

    The points are turned back about the line through the ears by the rest of the pitch.
    """
    xy = view.xy[:, :, : groups.FACE_COUNT].astype(np.float32)
    if pitch_seen == 1.0:
        return xy
    depth = view.depth[:, :, : groups.FACE_COUNT] * view.unit[..., None]
    points = np.concatenate([xy, depth[..., None]], axis=-1).astype(np.float32)
    middle = points[:, :, groups.EARS].mean(axis=2, keepdims=True)
    axis = points[:, :, groups.EARS[0]] - points[:, :, groups.EARS[1]]
    axis /= np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-6)
    nose = points[:, :, groups.NOSE] - middle[:, :, 0]
    angle = (pitch_seen - 1.0) * (pitch(nose, axis) - _LEVEL_PITCH)
    return np.asarray((middle + _turned(points - middle, axis, angle))[..., :2], np.float32)


def pitch(nose: F32, axis: F32) -> F32:
    """Pitch of the head in radians, nose down positive.

    Args:
        nose: `(..., 3)` from the middle of the ears to the nose.
        axis: `(..., 3)` unit vector from the right to the left ear.
    """
    down = np.array([0.0, 1.0, 0.0], np.float32)
    down = down - axis * axis[..., 1:2]
    down /= np.maximum(np.linalg.norm(down, axis=-1, keepdims=True), 1e-6)
    ahead = np.cross(down, axis)
    return np.asarray(np.arctan2((nose * down).sum(-1), (nose * ahead).sum(-1)), np.float32)


def _turned(points: F32, axis: F32, angle: F32) -> F32:
    """`(..., P, 3)` points turned by `angle` about `axis`, positive towards nose down."""
    k = axis[..., None, :]
    cosine, sine = np.cos(angle)[..., None, None], np.sin(angle)[..., None, None]
    along = (points * k).sum(-1, keepdims=True) * k
    turned = points * cosine + np.cross(k, points) * sine + along * (1.0 - cosine)
    return np.asarray(turned, np.float32)


def _errors(scene: Scene, noise: BodyNoise, still_part: float, guessing: F32) -> F32:
    """`(N, F, 33, 2)` in shoulder widths."""
    n, f = scene.dt_s.shape
    jitter = scene.drift(noise.jitter_tau_s, 2 * groups.UPPER_COUNT)
    jitter = jitter.reshape(n, f, groups.UPPER_COUNT, 2) * _by_joint(noise.jitter, scene)
    taus_s = np.repeat(np.array(noise.bias_tau_s, np.float32)[groups.PART_GROUP], 2)
    slow = scene.drift(taus_s, 2 * groups.PART_COUNT)
    slow = slow.reshape(n, f, groups.PART_COUNT, 2) * _by_part(noise.bias, scene)
    slow[:, :, groups.WRIST_PARTS] *= scene.liveliness(still_part)[..., None]
    guess = scene.drift(noise.guess_tau_s, 2 * groups.PART_COUNT)
    guess = guess.reshape(n, f, groups.PART_COUNT, 2) * _by_part(noise.guess, scene)
    kept = scene.constant(2 * groups.BODY_COUNT).reshape(n, 1, groups.BODY_COUNT, 2)
    kept = kept * np.array(noise.constant, np.float32)[groups.GROUP_OF][:, None]
    # The points of one arm keep the same error.
    kept = kept[:, :, _KEPT_AS]
    kept_guess = scene.constant(2 * groups.PART_COUNT).reshape(n, 1, groups.PART_COUNT, 2)
    guess = guess + kept_guess * np.array(noise.guess_kept, np.float32)[groups.PART_GROUP][:, None]
    guessed = guess[:, :, groups.PART_OF] * guessing[..., None]
    errors = slow[:, :, groups.PART_OF] + jitter[:, :, groups.ERRS_AS]
    errors += kept
    errors += guessed
    return np.asarray(errors, np.float32)


def _by_joint(values: tuple[float, ...], scene: Scene) -> F32:
    found = np.array(values, np.float32)[groups.GROUP_OF[: groups.UPPER_COUNT]]
    return np.asarray((found * scene.factor())[..., None], np.float32)


def _by_part(values: tuple[float, ...], scene: Scene) -> F32:
    found: npt.NDArray[np.float32] = np.array(values, np.float32)[groups.PART_GROUP]
    return (found * scene.factor(groups.PART_COUNT))[..., None]

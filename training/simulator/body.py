"""Trunk, shoulders and head from the channels of posture."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.simulator.geometry import F64, about_x, about_y, about_z, turn
from training.simulator.people import People
from training.simulator.scripts.model import CHANNELS, Channel

# How much of the trunk's lean, bend and twist the head takes with it: gaze stays level, more or
# less so by person.
_TRUNK_TURNS: tuple[Channel, ...] = ("lean", "bend", "twist")
_HEAD_FOLLOWS = (0.3, 0.35, 0.5)
_EYES_ABOVE_EARS = 0.15


@dataclass(frozen=True)
class Bodies:
    """Places and axes, metres; x to the left of the person, y up, z to the camera.

    Attributes:
        trunk: (N, F, 3) middle of the shoulders.
        trunk_axes: (N, F, 3, 3).
        head: (N, F, 3) middle of the eyes, in the plane of the ears.
        head_axes: (N, F, 3, 3).
        shoulders: (N, F, 2, 3) left and right.
        hips: (N, F, 2, 3).
        rest: (N, 3) middle of the shoulders at rest.
    """

    trunk: F32
    trunk_axes: F32
    head: F32
    head_axes: F32
    shoulders: F32
    hips: F32
    rest: F32


def bodies(people: People, posture: F32) -> Bodies:
    """Pose trunks and heads.

    Args:
        people: N people.
        posture: (N, F, len(CHANNELS)) in the channels' units.
    """
    c: dict[Channel, F32] = {name: posture[..., i] for i, name in enumerate(CHANNELS)}
    zero = np.zeros_like(c["lean"])
    axes = about_y(c["twist"]) @ about_x(c["lean"]) @ about_z(-c["bend"])
    seat = np.stack([c["shift"], c["rise"], c["approach"]], axis=-1)
    spine = _up(people.spine_m, zero)
    trunk = seat + turn(axes, spine)
    half = people.shoulder_m[:, None] / 2
    shrugs = (1.0, c["shrug_left"]), (-1.0, c["shrug_right"])
    shoulders = [
        trunk + turn(axes, _f32(np.stack([side * half + zero, shrug, c["round"]], axis=-1)))
        for side, shrug in shrugs
    ]
    head, head_axes = _heads(people, c, trunk)
    hip_half = 0.27 * people.shoulder_m[:, None] + zero
    hips = [seat + np.stack([side * hip_half, zero, zero], axis=-1) for side in (1.0, -1.0)]
    rest = np.zeros((len(people), 3), np.float32)
    rest[:, 1] = people.spine_m
    return Bodies(
        trunk=_f32(trunk),
        trunk_axes=axes,
        head=head,
        head_axes=head_axes,
        shoulders=_f32(np.stack(shoulders, axis=-2)),
        hips=_f32(np.stack(hips, axis=-2)),
        rest=rest,
    )


def _heads(people: People, c: dict[Channel, F32], trunk: F32) -> tuple[F32, F32]:
    lean, bend, twist = (
        c[name] * part * people.head_follows[:, None]
        for name, part in zip(_TRUNK_TURNS, _HEAD_FOLLOWS, strict=True)
    )
    axes = about_y(twist + c["yaw"]) @ about_x(lean - c["pitch"]) @ about_z(-bend - c["roll"])
    # The neck goes with the trunk more than the head does, and a nod turns about its top.
    neck_axes = about_y(c["twist"]) @ about_x(0.8 * c["lean"]) @ about_z(-0.8 * c["bend"])
    up = people.neck_m[:, None] - c["sink"]
    ears = trunk + turn(neck_axes, np.stack([0 * up, up, 0.01 + c["thrust"]], axis=-1))
    nod = np.stack([0 * up, 0 * up + _EYES_ABOVE_EARS * people.ear_m[:, None], 0 * up], axis=-1)
    return _f32(ears + turn(axes, _f32(nod))), axes


def _up(length: F32, like: F32) -> F32:
    return _f32(np.stack([like, length[:, None] + like, like], axis=-1))


def _f32(v: F32 | F64) -> F32:
    return np.asarray(v, np.float32)

"""Joints in space at given times, from timelines and bodies."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.arms import Arms, bend, hand_vector
from training.simulator.body import Bodies, bodies
from training.simulator.geometry import Bools, Ints, turn, unit
from training.simulator.hand import hand_points
from training.simulator.people import FACE_POINTS, People
from training.simulator.scripts.model import CHANNELS
from training.simulator.timeline import HANDS, Timeline
from training.simulator.tracks import Stays, hand_tracks, posture_at

_FOREARM, _UPPER_ARM = 3, 4
# What a living body does by itself: size and pace of slow sways, by channel.
_IDLE = {
    "lean": (0.012, 0.25),
    "bend": (0.008, 0.2),
    "twist": (0.015, 0.2),
    "shift": (0.004, 0.2),
    "rise": (0.0015, 0.27),
    "yaw": (0.05, 0.35),
    "pitch": (0.035, 0.4),
    "roll": (0.02, 0.3),
    "thrust": (0.003, 0.3),
    "shrug_left": (0.0012, 0.3),
    "shrug_right": (0.0012, 0.3),
}
_WAVES = 3
# Physiological tremor: amplitude at the hand, m, and pace; Elble and Koller, Tremor, 1990.
_TREMOR_M, _TREMOR_HZ = 0.0004, (6.0, 11.0)
# Middle and radii of an ellipsoid around the head, in ear distances from the middle of the eyes.
_HEAD_MIDDLE = np.array((0.0, -0.02, -0.08), np.float32)
_HEAD_RADII = np.array((0.62, 0.92, 0.80), np.float32)


@dataclass(frozen=True)
class Motion:
    """People in space.

    Attributes:
        joints: (N, F, 75, 3) metres: x to the person's left, y up, z to the camera.
        hand_gap_m: (N, F, 2) of each hand to head or neck, 0 when touching.
        hands_gap_m: (N, F) between the hands.
        hidden: (N, F, 2) whether something hides the hand.
        short_m: (N, F, 2) how far each hand stays from where its script wants it.
        eyes: (N, 3) middle of the eyes at rest.
    """

    joints: F32
    hand_gap_m: F32
    hands_gap_m: F32
    hidden: Bools
    short_m: F32
    eyes: F32


def move(people: People, timelines: list[Timeline], t_s: F32, rng: np.random.Generator) -> Motion:
    """Joints of N people at (N, F) times."""
    posture = posture_at(timelines, t_s) + _idle(people, t_s, rng)
    body = bodies(people, posture)
    stays = [track.at(t_s) for track in hand_tracks(timelines)]
    tremor = _tremor(t_s, rng)
    posers = [
        _HandPoser(people, body, stay, hand, t_s) for stay, hand in zip(stays, HANDS, strict=True)
    ]
    # A hand on the other arm needs to know where that is: once without, once with it.
    arms = [poser.arm(tremor[hand], None) for hand, poser in enumerate(posers)]
    arms = [poser.arm(tremor[hand], arms[1 - hand]) for hand, poser in enumerate(posers)]
    hands = [poser.points(arm) for poser, arm in zip(posers, arms, strict=True)]
    return Motion(
        joints=_joints(people, body, arms, hands),
        hand_gap_m=np.stack([_head_gap(people, body, points) for points in hands], axis=-1),
        hands_gap_m=_nearest(hands[0], hands[1]),
        hidden=np.stack([poser.hidden() for poser in posers], axis=-1),
        short_m=np.stack([arm.short_m for arm in arms], axis=-1),
        eyes=body.rest + _up(people.neck_m + 0.15 * people.ear_m),
    )


class _HandPoser:
    """Poses one hand of N people in F frames."""

    def __init__(self, people: People, body: Bodies, stays: Stays, hand: int, t_s: F32) -> None:
        self._people, self._body, self._stays, self._hand = people, body, stays, hand
        self._t_s = t_s
        self._mirror = 1.0 if hand == 0 else -1.0
        part = stays.part
        self._part = part[..., None]
        now, then = stays.now, stays.then
        self._curl = now["curl"] + self._part * (then["curl"] - now["curl"])
        self._thumb = now["thumb"] + part * (then["thumb"] - now["thumb"])
        self._spread = now["spread"] + part * (then["spread"] - now["spread"])

    def arm(self, tremor: F32, other: Arms | None) -> Arms:
        """Elbow and wrist; `other` is the other arm, where it is known."""
        ends = [self._target(stay, other) for stay in (self._stays.now, self._stays.then)]
        target, fingers, palm, pole, contact = (
            a + self._part * (b - a) for a, b in zip(*ends, strict=True)
        )
        bow = self._stays.then["bow_m"] * 4 * self._stays.part * (1 - self._stays.part)
        out = self._body.trunk_axes[..., :, 2]
        target = target + out * bow[..., None] + tremor
        lengths = np.stack([self._people.upper_arm_m, self._people.forearm_m], axis=-1)
        shoulder = self._body.shoulders[..., self._hand, :]
        self._palm = unit(palm)
        return bend(shoulder, target, contact, unit(fingers), self._palm, pole, lengths)

    def points(self, arm: Arms) -> F32:
        """(N, F, 21, 3) points of the hand."""
        swing = self._stays.now["finger_swing"] * (self._stays.part < 0.5)
        curl = self._curl + (swing * np.sin(_phase(self._stays.now, self._t_s)))[..., None]
        local = hand_points(np.clip(curl, 0.0, 1.0), self._thumb, self._spread)
        local = local * self._people.hand_m[:, None, None, None]
        fingers, palm = arm.fingers[..., None, :], self._palm[..., None, :]
        return arm.wrist[..., None, :] + hand_vector(self._sided(local), fingers, palm)

    def hidden(self) -> Bools:
        """(N, F) whether the hand is out of sight for a camera in front."""
        now, then = self._stays.now["hidden"], self._stays.then["hidden"]
        return np.asarray(now + self._stays.part * (then - now) > 0.6)

    def _sided(self, v: F32) -> F32:
        """The thumb side of axes built from fingers and palm is that of a left hand."""
        return v * np.array([-self._mirror, 1.0, 1.0], np.float32)

    def _target(self, stay: dict[str, F32], other: Arms | None) -> tuple[F32, ...]:
        origin, axes, units = self._frames(other)
        frame = stay["frame"].astype(int)
        places, turns = _pick(origin, frame), _pick(axes, frame)
        scale = np.take_along_axis(units, frame, axis=1)[..., None]
        at = stay["at"] * scale
        limb = frame >= _FOREARM
        # On an arm the first coordinate runs along the whole segment.
        at[..., 0] = np.where(limb, stay["at"][..., 0] * _pick(self._spans, frame - 3), at[..., 0])
        phase = _phase(stay, self._t_s)
        first = np.where(stay["lifts"] > 0, np.abs(np.sin(phase / 2)), np.sin(phase))
        swing = stay["swing_m"] * first[..., None] + stay["cross_m"] * np.cos(phase)[..., None]
        body_axes = _pick(axes, np.where(limb, 1, frame))
        moved = turn(turns, at) + turn(body_axes, stay["off_m"] + swing)
        directions = (turn(body_axes, stay[name]) for name in ("fingers", "palm"))
        pole = turn(self._body.trunk_axes, stay["pole"])
        contact = self._sided(stay["contact"]) * self._people.hand_m[:, None, None]
        return (places + moved, *directions, pole, contact)

    def _frames(self, other: Arms | None) -> tuple[F32, F32, F32]:
        """Origins (N, F, 5, 3), axes (N, F, 5, 3, 3) and units (N, 5) of `places.FRAMES`."""
        body, people = self._body, self._people
        rest = np.broadcast_to(body.rest[:, None], body.trunk.shape)
        level = np.broadcast_to(np.eye(3, dtype=np.float32), body.trunk_axes.shape)
        origins, axes = [rest, body.trunk, body.head], [level, body.trunk_axes, body.head_axes]
        spans = []
        for start, end in self._limbs(other):
            origins.append(start)
            axes.append(_limb_axes(end - start, body.trunk_axes))
            spans.append(np.linalg.norm(end - start, axis=-1))
        self._spans = np.stack(spans, axis=-1)
        shoulder = people.shoulder_m
        units = np.stack([shoulder, shoulder, people.ear_m, shoulder, shoulder], axis=-1)
        return np.stack(origins, axis=-2), np.stack(axes, axis=-3), units

    def _limbs(self, other: Arms | None) -> tuple[tuple[F32, F32], tuple[F32, F32]]:
        shoulder = self._body.shoulders[..., 1 - self._hand, :]
        if other is None:
            return (shoulder, self._body.trunk), (shoulder, self._body.trunk)
        return (other.elbow, other.wrist), (shoulder, other.elbow)


def _phase(stay: dict[str, F32], t_s: F32) -> F32:
    return np.asarray(2 * np.pi * stay["hz"] * t_s + stay["phase"], np.float32)


def _pick(of: F32, index: Ints) -> F32:
    """Entry `index` (N, F) of the third axis of (N, F, k, ...)."""
    n, f = np.ogrid[: index.shape[0], : index.shape[1]]
    picked: F32 = of[n, f, np.maximum(index, 0)]
    return picked


def _limb_axes(along: F32, trunk_axes: F32) -> F32:
    """Axes of a limb: along it, across it, and off it towards the front of the trunk."""
    first = unit(along)
    front = trunk_axes[..., :, 2] + 0.3 * trunk_axes[..., :, 1]
    third = unit(front - first * np.einsum("...i,...i->...", front, first)[..., None])
    return np.asarray(np.stack([first, np.cross(third, first), third], axis=-1), np.float32)


def _joints(people: People, body: Bodies, arms: list[Arms], hands: list[F32]) -> F32:
    """(N, F, 75, 3): body and both hands."""
    out = np.zeros((*body.trunk.shape[:2], len(HOLISTIC_75), 3), np.float32)
    at = HOLISTIC_75.index
    ear = people.ear_m[:, None, None]
    for name, place in zip(FACE_POINTS, people.face.transpose(1, 0, 2), strict=True):
        for side, sign in (("left", 1.0), ("right", -1.0)):
            local = place[:, None, :] * np.array([sign, 1.0, 1.0], np.float32) * ear
            out[:, :, at(_face_joint(name, side))] = body.head + turn(body.head_axes, local)
    for hand, (side, arm, points) in enumerate(zip(("left", "right"), arms, hands, strict=True)):
        out[:, :, at(f"{side}_shoulder")] = body.shoulders[..., hand, :]
        out[:, :, at(f"{side}_hip")] = body.hips[..., hand, :]
        out[:, :, at(f"{side}_elbow")] = arm.elbow
        out[:, :, at(f"{side}_wrist")] = arm.wrist
        for finger, point in (("pinky", 17), ("index", 5), ("thumb", 2)):
            out[:, :, at(f"{side}_{finger}")] = points[..., point, :]
        start, end = HOLISTIC_75.parts[f"{side}_hand"]
        out[:, :, start:end] = points
        for joint, drop in (("knee", 0.05), ("ankle", 0.45), ("heel", 0.5), ("foot_index", 0.5)):
            out[:, :, at(f"{side}_{joint}")] = body.hips[..., hand, :] + _legs(drop, joint)
    return out


def _legs(drop_m: float, joint: str) -> F32:
    forward_m = 0.5 if joint == "foot_index" else 0.38
    return np.array((0.0, -drop_m, forward_m), np.float32)


def _face_joint(name: str, side: str) -> str:
    if name == "nose":
        return "nose"
    if name == "mouth":
        return f"mouth_{side}"
    stem, _, tail = name.partition("_")
    return f"{side}_{stem}_{tail}" if tail else f"{side}_{stem}"


def _head_gap(people: People, body: Bodies, points: F32) -> F32:
    """(N, F) distance of the nearest of 21 points to head or neck."""
    local = np.einsum("nfji,nfpj->nfpi", body.head_axes, points - body.head[..., None, :])
    ear = people.ear_m[:, None, None]
    place = (local / ear[..., None] - _HEAD_MIDDLE) / _HEAD_RADII
    head = (np.linalg.norm(place, axis=-1) - 1.0) * _HEAD_RADII.min() * ear
    aside = np.hypot(local[..., 0], local[..., 2]) - 0.42 * ear
    below = np.abs(local[..., 1] + 1.15 * ear) - 0.35 * ear
    neck = np.maximum(aside, below)
    gap = np.maximum(np.minimum(head, neck).min(axis=-1), 0.0)
    return np.asarray(gap, np.float32)


def _nearest(a: F32, b: F32) -> F32:
    """(N, F) least distance of the palms and tips of two hands."""
    few = (0, 4, 8, 9, 12, 17, 20)
    gaps = np.linalg.norm(a[:, :, few, None] - b[:, :, None, few], axis=-1)
    return np.asarray(gaps.min(axis=(-1, -2)), np.float32)


def _idle(people: People, t_s: F32, rng: np.random.Generator) -> F32:
    """(N, F, channels) sways of a body that does nothing, and breathing."""
    out = np.zeros((*t_s.shape, len(CHANNELS)), np.float32)
    count = len(people)
    for name, (size, hz) in _IDLE.items():
        for _ in range(_WAVES):
            pace = hz * np.exp(rng.normal(0.0, 0.6, (count, 1)))
            phase = rng.uniform(0, 2 * np.pi, (count, 1))
            amount = size * people.liveliness[:, None] * np.abs(rng.normal(0, 0.6, (count, 1)))
            out[..., CHANNELS.index(name)] += amount * np.sin(2 * np.pi * pace * t_s + phase)
    breath = np.sin(2 * np.pi * rng.uniform(0.18, 0.4, (count, 1)) * t_s)
    for name in ("shrug_left", "shrug_right", "rise"):
        out[..., CHANNELS.index(name)] += 0.0015 * breath
    return out


def _tremor(t_s: F32, rng: np.random.Generator) -> list[F32]:
    out = []
    for _ in HANDS:
        pace = rng.uniform(*_TREMOR_HZ, (len(t_s), 1))
        phase = rng.uniform(0, 2 * np.pi, (3, len(t_s), 1))
        size = _TREMOR_M * np.exp(rng.normal(0, 0.6, (len(t_s), 1)))
        waves = size * np.sin(2 * np.pi * pace * t_s + phase)
        out.append(np.moveaxis(waves, 0, -1).astype(np.float32))
    return out


def _up(length: F32) -> F32:
    return np.stack([0 * length, length, 0 * length], axis=-1)

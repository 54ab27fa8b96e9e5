"""Anthropometry: how a drawn person is built, and what the body's named points are."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.simulator.draws import Part, in_cells, spread

# Places of MediaPipe's face points from the middle of the eyes, in ear distances: sideways, up,
# forward from the plane of the ears. Medians over real people; see docs/recognition.md.
_FACE: dict[str, tuple[float, float, float]] = {
    "nose": (0.0, -0.22, 0.78),
    "eye_inner": (0.13, 0.0, 0.60),
    "eye": (0.27, 0.0, 0.58),
    "eye_outer": (0.36, -0.01, 0.52),
    "ear": (0.5, -0.15, 0.0),
    "mouth": (0.21, -0.55, 0.62),
}
FACE_POINTS = tuple(_FACE)
# Part by which the features of one face lie off the average.
_FACE_SPREAD = 0.05


@dataclass(frozen=True)
class People:
    """N people; arrays are (N,) float32 in metres unless said otherwise.

    Attributes:
        shoulder_m: Distance of the shoulder joints as the pose network sees them.
        ear_m: Distance of the ears as the pose network sees them: the unit of the head.
        spine_m: Middle of the hips to middle of the shoulders, sitting upright.
        neck_m: Middle of the shoulders up to the ears.
        upper_arm_m: Shoulder to elbow.
        forearm_m: Elbow to wrist.
        hand_m: Wrist to middle knuckle.
        face: (N, 6, 3) places of `FACE_POINTS` in ear distances.
        liveliness: How much they sway and nod, 1 is usual.
        head_follows: How far the head goes along when the trunk turns: 0 not at all, 1 is usual.
        right_handed: Chance that the right hand acts, 0..1.
    """

    shoulder_m: F32
    ear_m: F32
    spine_m: F32
    neck_m: F32
    upper_arm_m: F32
    forearm_m: F32
    hand_m: F32
    face: F32
    liveliness: F32
    head_follows: F32
    right_handed: F32

    def __len__(self) -> int:
        return len(self.shoulder_m)


def draw_people(rng: np.random.Generator, count: int, part: Part) -> People:
    """People of one part of the population.

    Ratios are MediaPipe's on real people: ears 0.38 shoulder widths apart, ears 0.62 shoulder
    widths above the shoulders, upper arm 0.84, forearm 0.72.
    """
    cells = in_cells(rng, count, 5, part)
    shoulder = spread(cells[:, 0], 0.28, 0.38)
    limb = spread(cells[:, 2], 0.92, 1.08)
    ear = 0.38 * 0.33 * spread(cells[:, 1], 0.85, 1.15) * (shoulder / 0.33) ** 0.3
    face = np.array(list(_FACE.values()), np.float32)
    face = face * (1.0 + _FACE_SPREAD * rng.standard_normal((count, *face.shape)))
    return People(
        shoulder_m=shoulder,
        ear_m=np.asarray(ear, np.float32),
        spine_m=1.45 * 0.33 * spread(cells[:, 3], 0.88, 1.12),
        neck_m=0.62 * 0.33 * spread(cells[:, 4], 0.88, 1.14),
        upper_arm_m=0.84 * 0.33 * limb,
        forearm_m=0.74 * 0.33 * limb * _about_1(rng, count, 0.03),
        hand_m=0.75 * 0.125 * limb * _about_1(rng, count, 0.05),
        face=face.astype(np.float32),
        liveliness=np.exp(rng.normal(0.0, 0.5, count)).astype(np.float32),
        head_follows=rng.uniform(0.0, 1.8, count).astype(np.float32),
        right_handed=np.where(rng.random(count) < 0.85, 0.65, 0.35).astype(np.float32),
    )


def _about_1(rng: np.random.Generator, count: int, deviation: float) -> F32:
    return np.asarray(1.0 + deviation * rng.standard_normal(count), np.float32)

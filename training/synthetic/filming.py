"""Simulated people as OpenPose's points, and what they did as labels."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from engine.core.evidence import LOG_ODDS
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.datasets import published
from training.datasets.labelled_clip import LabelledClip
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import clean_view
from training.simulator.people import People, draw_people
from training.simulator.scene import script_weights, studio_scene
from training.simulator.scripts.table import SCRIPTS
from training.simulator.timeline import Director, Timeline
from training.synthetic.cast import Role

OUTCOME_STRENGTH = 4.0
"""Gestures come more or less often by the engine's weights of evidence times this, so that models
of the outcome have something to find. It says nothing about real people."""

_POINTS = 35
# Rows of BODY_25 that the simulator knows; the others are below the desk, and 0.
_BODY = {
    0: "nose",
    2: "right_shoulder",
    3: "right_elbow",
    4: "right_wrist",
    5: "left_shoulder",
    6: "left_elbow",
    7: "left_wrist",
    15: "right_eye",
    16: "left_eye",
    17: "right_ear",
    18: "left_ear",
}
_NECK, _SHOULDERS = 1, (2, 5)
_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_SHORTEST_S = 0.12


@dataclass(frozen=True)
class Filmed:
    """One video.

    Attributes:
        role: Which.
        points: `(T, 35, 3)` float32 x and y in pixels and confidence, as in `_light_hand.csv`, the
            left hand's fingertips first.
        clips: What was done, by time.
    """

    role: Role
    points: F32
    clips: tuple[LabelledClip, ...]


def film(roles: Sequence[Role], seconds: float, rng: np.random.Generator) -> list[Filmed]:
    """Videos of so many seconds each.

    Args:
        roles: Whom to film.
        seconds: Length of each.
        rng: Source of chance; builds come from subjects' numbers, so that people stay themselves.
    """
    people = _built([role.subject for role in roles])
    timelines = [
        Director(rng, _weights(role), float(right)).direct(seconds)
        for role, right in zip(roles, people.right_handed, strict=True)
    ]
    scene = studio_scene(rng, people, timelines, seconds)
    seen = observe(clean_view(scene), NoiseParams.fitted("train"), rng)
    return [
        Filmed(role, _openpose(joints), _clips(role.video, line, len(joints)))
        for role, joints, line in zip(roles, seen.joints, timelines, strict=True)
    ]


def _built(subjects: Sequence[int]) -> People:
    drawn = [draw_people(np.random.default_rng(subject), 1, "train") for subject in subjects]
    return People(
        **{
            field.name: np.concatenate([getattr(one, field.name) for one in drawn])
            for field in fields(People)
        }
    )


def _weights(role: Role) -> F32:
    """How often each script is drawn, by how the match went."""
    sign = 0.5 if role.outcome == "win" else -0.5
    told = [sign * OUTCOME_STRENGTH * LOG_ODDS.get(script.name, 0.0) for script in SCRIPTS]
    return np.asarray(script_weights(hard_negatives=True) * np.exp(told), np.float32)


def _openpose(joints: F32) -> F32:
    """`(T, 35, 3)` px of `(T, 75, 3)` parts of the picture."""
    points = np.zeros((len(joints), _POINTS, 3), np.float32)
    for row, name in _BODY.items():
        points[:, row] = joints[:, HOLISTIC_75.index(name)]
    both = (points[:, _SHOULDERS, 2] > 0).all(axis=1)
    points[:, _NECK] = points[:, _SHOULDERS].mean(axis=1) * both[:, None]
    for number, hand in enumerate(("left_hand", "right_hand")):
        start, _ = HOLISTIC_75.parts[hand]
        tips = [start + 4 * (finger + 1) for finger in range(len(_FINGERS))]
        points[:, 25 + 5 * number : 30 + 5 * number] = joints[:, tips]
    points[..., :2] *= (published.WIDTH_PX, published.HEIGHT_PX)
    return points


def _clips(video: int, line: Timeline, frames: int) -> tuple[LabelledClip, ...]:
    found: list[LabelledClip] = []
    for act in line.acts:
        label_id = SCRIPTS[act.script].label_id
        start = round(act.start_s * published.RATE_HZ)
        end = min(round(act.end_s * published.RATE_HZ), frames - 1)
        if label_id is not None and end - start >= _SHORTEST_S * published.RATE_HZ:
            found.append(LabelledClip(video, len(found), label_id, start, end))
    return tuple(found)

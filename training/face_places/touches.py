"""People of the simulator who touch their heads, with faces of their own."""

from dataclasses import dataclass, replace

import numpy as np

from engine.poses import F32
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from training.face_places.material import MIRRORED, NAMES
from training.face_places.shape import FaceShape, whole
from training.simulator.camera import draw_cameras, dropped_frames, frame_times, project
from training.simulator.draws import Part
from training.simulator.geometry import F64
from training.simulator.motion import Motion, move
from training.simulator.people import FACE_POINTS, People, draw_people
from training.simulator.places import FRAMES
from training.simulator.scene import Scene
from training.simulator.scripts.table import SCRIPTS
from training.simulator.timeline import HANDS, Director, Timeline

CLASSES = (
    *("scratch_head", "touch_forehead", "cover_face", "rub_eyes"),
    *("touch_face", "touch_ears", "touch_jaw", "touch_neck"),
)
"""Classes of iMiGUE with a hand at the head that the recogniser covers."""

# Frames a second: fixed, as rates have nothing to do with the question.
_RATE_HZ = 15.0
# How far a feature of the face takes what lies beside it along, in ear distances.
_REACH, _FADE = 0.25, 0.05
_HEAD = FRAMES.index("head")


@dataclass(frozen=True)
class Touches:
    """N people in F frames, and the true outlines of their faces in the pictures.

    Attributes:
        scene: What happens.
        outline: `(N, F, 22, 2)` in image heights, sides as they look.
    """

    scene: Scene
    outline: F32


def draw_touches(
    rng: np.random.Generator, count: int, seconds: float, part: Part, shape: FaceShape
) -> Touches:
    """People who touch their heads in one way after the other.

    Hands go to the features of the person's own face: a chin that lies lower is touched lower.

    Args:
        rng: Source of chance.
        count: N.
        seconds: Length.
        part: Which people and cameras.
        shape: Faces.
    """
    people = draw_people(rng, count, part)
    apart = shape.draw(rng, count)
    outline = whole(shape.places) + apart
    people = replace(people, face=_own_face(people, apart))
    weights = np.array([s.weight if s.name in CLASSES else 0.0 for s in SCRIPTS], np.float32)
    timelines = []
    for right_handed, own in zip(people.right_handed, apart, strict=True):
        line = Director(rng, weights, float(right_handed)).direct(seconds)
        _reach_own_face(line, whole(shape.places), own)
        timelines.append(line)
    t_s = frame_times(rng, count, seconds, _RATE_HZ)
    motion = move(people, timelines, t_s, rng)
    cameras = draw_cameras(rng, people, motion.eyes, part)
    there = outline_in_space(people, motion, outline)
    both = replace(motion, joints=np.concatenate([motion.joints, there], axis=2))
    views = project(people, both, cameras)
    seen = views.xy[:, :, len(HOLISTIC_75) :]
    seen = np.where(cameras.mirrored[:, None, None, None], seen[:, :, MIRRORED], seen)
    dropped = dropped_frames(rng, (t_s.shape[0], t_s.shape[1]))
    return Touches(Scene(t_s, dropped, people, timelines, motion, cameras, views), seen)


def outline_in_space(people: People, motion: Motion, outline: F64) -> F32:
    """`(N, F, 22, 3)` metres: outlines `(N, 22, 3)` of the head's frame on heads that move."""
    at = HOLISTIC_97.index
    ear = people.ear_m[:, None, None]
    ears = motion.joints[:, :, [at("left_ear"), at("right_ear")]]
    side = (ears[:, :, 0] - ears[:, :, 1]) / (ear * _local(people, "ear")[:, None, :1] * 2)
    middle = ears.mean(axis=2)
    mouth = motion.joints[:, :, [at("mouth_left"), at("mouth_right")]].mean(axis=2)
    # Two ways in the middle plane of the head, known in its frame and in space.
    local = np.stack([_way(people, "nose"), _way(people, "mouth")], axis=1)[:, :, 1:]
    ways = np.stack([motion.joints[:, :, at("nose")] - middle, mouth - middle], axis=2)
    ways /= ear[..., None]
    plane = np.einsum("nij,nfjk->nfik", np.linalg.inv(local), ways)
    axes = np.concatenate([side[:, :, None], plane], axis=2)
    ears_at = _local(people, "ear") * np.array([0.0, 1.0, 1.0], np.float32)
    apart = (outline - ears_at[:, None]) * people.ear_m[:, None, None]
    return np.asarray(middle[:, :, None] + np.einsum("npk,nfki->nfpi", apart, axes), np.float32)


def _way(people: People, name: str) -> F32:
    """`(N, 3)` from the middle of the ears."""
    return _local(people, name) - _local(people, "ear")


def _local(people: People, name: str) -> F32:
    return people.face[:, FACE_POINTS.index(name)]


def _own_face(people: People, apart: F64) -> F32:
    """The body's nose and mouth go along with the outline's."""
    face = people.face.copy()
    for point, place in (("nose", "nose_tip"), ("mouth", "left_mouth_corner")):
        face[:, FACE_POINTS.index(point)] += apart[:, NAMES.index(place)]
    return face


def _reach_own_face(line: Timeline, places: F64, apart: F64) -> None:
    """Move what a hand reaches for along with the features nearby."""
    for hand in HANDS:
        for hold in line.holds[hand]:
            if hold.frame == _HEAD:
                near = ((places - hold.at) ** 2).sum(axis=-1)
                weight = np.exp(-near / (2 * _REACH**2))
                moved = (weight[:, None] * apart).sum(axis=0) / (weight.sum() + _FADE)
                hold.at = np.asarray(hold.at + moved, np.float32)

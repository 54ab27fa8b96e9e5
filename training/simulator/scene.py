"""N people before N cameras for some seconds: the clean truth, before any pose network."""

from dataclasses import dataclass, replace

import numpy as np

from engine.poses import F32
from training.simulator.camera import (
    ASPECTS,
    Cameras,
    Views,
    draw_cameras,
    draw_rate_hz,
    dropped_frames,
    frame_times,
    project,
)
from training.simulator.draws import Part
from training.simulator.geometry import Bools
from training.simulator.motion import Motion, move
from training.simulator.people import People, draw_people
from training.simulator.scripts.model import Variant
from training.simulator.scripts.table import SCRIPTS
from training.simulator.timeline import Director, Timeline

_STUDIO_HZ = 25.0


@dataclass(frozen=True)
class Scene:
    """What there is to see.

    Attributes:
        t_s: (N, F) times of frames.
        dropped: (N, F) frames that never came.
        people: The N people.
        timelines: What they do.
        motion: Where they are.
        cameras: Who looks at them.
        views: What lies where in the pictures.
    """

    t_s: F32
    dropped: Bools
    people: People
    timelines: list[Timeline]
    motion: Motion
    cameras: Cameras
    views: Views


def script_weights(*, hard_negatives: bool) -> F32:
    """How often each script is drawn; without hard negatives only plain rest is left of them."""
    return np.array(
        [
            script.weight if script.label_id is not None or hard_negatives else 0.0
            for script in SCRIPTS
        ],
        np.float32,
    )


def draw_scene(
    rng: np.random.Generator, count: int, seconds: float, part: Part, weights: F32
) -> Scene:
    """People who do one thing after the other.

    Args:
        rng: Source of chance.
        count: N; all cameras of a scene have about the same rate.
        seconds: Length.
        part: Which people and cameras.
        weights: Of the scripts.
    """
    people = draw_people(rng, count, part)
    directors = (Director(rng, weights, float(right)) for right in people.right_handed)
    timelines = [director.direct(seconds) for director in directors]
    t_s = frame_times(rng, count, seconds, draw_rate_hz(rng))
    return _filmed(rng, people, timelines, t_s, part)


def staged_scene(
    rng: np.random.Generator,
    script: int,
    variant: Variant,
    count: int,
    part: Part = "train",
    rate_hz: float = 25.0,
    height_m: float | None = None,
) -> Scene:
    """N people who all do the same one thing, from 1.5 s on."""
    people = draw_people(rng, count, part)
    weights = script_weights(hard_negatives=True)
    timelines, ends_s = [], []
    for right in people.right_handed:
        director = Director(rng, weights, float(right))
        ends_s.append(director.perform(script, variant, 1.5))
        timelines.append(director.line)
    t_s = frame_times(rng, count, max(ends_s) + 1.5, rate_hz)
    scene = _filmed(rng, people, timelines, t_s, part, height_m)
    return replace(scene, dropped=np.zeros_like(scene.dropped))


def studio_scene(
    rng: np.random.Generator, people: People, timelines: list[Timeline], seconds: float
) -> Scene:
    """People before wide cameras that give 25 frames a second, lose none and mirror nothing.

    Args:
        rng: Source of chance.
        people: The N people.
        timelines: What each does.
        seconds: Length.
    """
    t_s = np.tile(np.arange(int(seconds * _STUDIO_HZ)) / _STUDIO_HZ, (len(people), 1))
    scene = _filmed(rng, people, timelines, t_s.astype(np.float32), "train")
    wide = np.full(len(people), ASPECTS[0], np.float32)
    cameras = replace(scene.cameras, aspect=wide, mirrored=np.zeros_like(scene.cameras.mirrored))
    views = project(people, scene.motion, cameras)
    dropped = np.zeros_like(scene.dropped)
    return replace(scene, cameras=cameras, views=views, dropped=dropped)


def _filmed(
    rng: np.random.Generator,
    people: People,
    timelines: list[Timeline],
    t_s: F32,
    part: Part,
    height_m: float | None = None,
) -> Scene:
    motion = move(people, timelines, t_s, rng)
    cameras = draw_cameras(rng, people, motion.eyes, part, height_m)
    views = project(people, motion, cameras)
    dropped = dropped_frames(rng, (t_s.shape[0], t_s.shape[1]))
    return Scene(t_s, dropped, people, timelines, motion, cameras, views)

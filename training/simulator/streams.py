"""Simulated people as pose samples: what the engine would get of them."""

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np

from engine.core.stream import NS_PER_S
from engine.poses import F32, NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75
from training.simulator.camera import Cameras, project
from training.simulator.draws import Part
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import clean_view
from training.simulator.people import People, draw_people
from training.simulator.scene import studio_scene
from training.simulator.scripts.table import BY_NAME, SCRIPTS
from training.simulator.timeline import Director, Timeline

_SIZE_PX = (1280, 720)
_MOVED_M = 0.03


def one_person(seed: int, times: int, part: Part = "train") -> People:
    """The same person several times."""
    drawn = draw_people(np.random.default_rng(seed), 1, part)
    return People(**{f.name: np.repeat(getattr(drawn, f.name), times, 0) for f in fields(People)})


def without(names: frozenset[str], weights: F32) -> F32:
    """How often each script is drawn, when nobody does some of them."""
    return np.where([script.name in names for script in SCRIPTS], np.float32(0.0), weights)


def performance(
    director: Director, name: str, variant: int, times: int, every_s: float
) -> Timeline:
    """A timeline of one gesture shown several times, and nothing else.

    Args:
        director: Of a new timeline.
        name: Of the script.
        variant: Number of the way it is done.
        times: How often.
        every_s: From one beginning to the next, the first after 2 s.
    """
    script = BY_NAME[name]
    for number in range(times):
        at_s = 2.0 + number * every_s
        director.perform(SCRIPTS.index(script), script.variants[variant], at_s)
    return director.line


def watched(
    rng: np.random.Generator,
    people: People,
    timelines: list[Timeline],
    seconds: float,
    *,
    one_desk: bool = False,
) -> list[tuple[PoseSample, ...]]:
    """What a tracker gives of people before wide cameras, 25 times a second.

    Args:
        rng: Source of chance.
        people: The N people.
        timelines: What each does.
        seconds: Length.
        one_desk: All before the same camera, which is a little elsewhere each time; else each
            before one of their own.
    """
    scene = studio_scene(rng, people, timelines, seconds)
    if one_desk:
        cameras = _about_one(rng, scene.cameras)
        views = project(people, scene.motion, cameras)
        scene = replace(scene, cameras=cameras, views=views)
    seen = observe(clean_view(scene), NoiseParams.fitted("train"), rng)
    rows = zip(scene.t_s, seen.joints, seen.depth, seen.valid, strict=True)
    return [tuple(_samples(*row)) for row in rows]


def _about_one(rng: np.random.Generator, cameras: Cameras) -> Cameras:
    first = {f.name: np.repeat(getattr(cameras, f.name)[:1], len(cameras.focal), 0)
             for f in fields(Cameras)}  # fmt: skip
    moved = rng.normal(0.0, _MOVED_M, cameras.position_m.shape).astype(np.float32)
    return replace(Cameras(**first), position_m=first["position_m"] + moved)


def _samples(
    t_s: F32, joints: F32, depth: F32, valid: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[PoseSample]:
    for seq, (time_s, frame, far, there) in enumerate(zip(t_s, joints, depth, valid, strict=True)):
        capture_ns = round(float(time_s) * NS_PER_S)
        if not there:
            yield invalid_sample(
                capture_ns=capture_ns, epoch=0, seq=seq, skeleton=HOLISTIC_75.name,
                joint_count=len(HOLISTIC_75), reason=NO_PERSON,
            )  # fmt: skip
            continue
        yield PoseSample(
            capture_ns=capture_ns,
            epoch=0,
            seq=seq,
            skeleton=HOLISTIC_75.name,
            joints=frame,
            depth=far,
            valid=True,
            reason="",
            parts=tuple(HOLISTIC_75.parts),
            width_px=_SIZE_PX[0],
            height_px=_SIZE_PX[1],
        )

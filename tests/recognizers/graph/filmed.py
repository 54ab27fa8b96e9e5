"""Simulated people as pose samples, and what the shipped recogniser says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from engine.config import Config, EmotionConfig
from engine.core.batch import StepBatch
from engine.core.stream import Decision, StreamCore
from engine.messages import GestureEvent
from engine.poses import F32, PoseSample
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.graph.recognizer import GraphConfig, GraphRecognizer
from tests.fakes.running import run_graph
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import clean_view
from training.simulator.scene import staged_scene
from training.simulator.scripts import BY_NAME, SCRIPTS

SIZE_PX = 1000


@dataclass(frozen=True)
class Film:
    """One person who does one thing.

    Attributes:
        samples: What the pose stage gives.
        start_s: When it begins.
        end_s: When it ends.
    """

    samples: list[PoseSample]
    start_s: float
    end_s: float


def films(name: str, variant: int, people: int, rate_hz: float = 25.0, seed: int = 0) -> list[Film]:
    script = BY_NAME[name]
    rng = np.random.default_rng(seed)
    scene = staged_scene(
        rng, SCRIPTS.index(script), script.variants[variant], people, rate_hz=rate_hz
    )
    view = clean_view(scene)
    seen = observe(view, NoiseParams.fitted("train"), rng)
    out = []
    for n, line in enumerate(scene.timelines):
        act = line.acts[0]
        rows = zip(view.t_s[n], seen.joints[n], seen.depth[n], seen.valid[n], strict=True)
        samples = [
            sample(seq, float(t_s), joints, depth, float(view.aspect[n]))
            for seq, (t_s, joints, depth, valid) in enumerate(rows)
            if valid
        ]
        out.append(Film(samples, act.start_s, act.end_s))
    return out


def sample(seq: int, t_s: float, joints: F32, depth: F32 | None, aspect: float) -> PoseSample:
    return PoseSample(
        capture_ns=round(t_s * 1e9),
        epoch=0,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joints=joints,
        depth=depth,
        valid=True,
        reason="",
        parts=("body",),
        width_px=SIZE_PX,
        height_px=round(SIZE_PX / aspect),
    )


def events_of_each(people: Sequence[list[PoseSample]]) -> list[list[GestureEvent]]:
    """Closed events of the shipped model, by the engine's own path; a stream for each person."""
    model = GraphRecognizer(GraphConfig(), None, run_graph)
    config = Config(emotion=EmotionConfig(enabled=False))
    cores = [StreamCore(config, model, row=row) for row in range(len(people))]
    batch = StepBatch(model, len(cores))
    given: list[list[Decision]] = [[] for _ in cores]
    for samples in zip_longest(*people):
        for core, one in zip(cores, samples, strict=True):
            if one is not None:
                given[core.row] += batch.begin(core, one) or []
        while batch.busy:
            for row, decisions in batch.step().items():
                given[row] += decisions
    return [_closed(given[core.row] + core.finish()) for core in cores]


def _closed(decisions: list[Decision]) -> list[GestureEvent]:
    events = []
    for decision in decisions:
        assert isinstance(decision.body, GestureEvent)
        if decision.body.state == "end":
            events.append(decision.body)
    return events


def found(film: Film, events: list[GestureEvent], groups: set[str]) -> bool:
    """Whether an event of one of the groups overlaps the act by more than 0.3."""
    return any(event.group in groups and _iou(film, event) > 0.3 for event in events)


def _iou(film: Film, event: GestureEvent) -> float:
    assert event.t_end_ns is not None
    start_s, end_s = event.t_start_ns / 1e9, event.t_end_ns / 1e9
    shared = min(end_s, film.end_s) - max(start_s, film.start_s)
    return shared / (max(end_s, film.end_s) - min(start_s, film.start_s))

"""How well single gestures are found from chosen camera heights, on people never trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.poses import F32
from plugins.recognizers.graph.relations import relations
from training.evaluation.decode_scores import decode_scores
from training.evaluation.events import FoundEvent, Interval
from training.evaluation.matching import iou
from training.fitting.calibration import Calibration
from training.fitting.layout import layout_of
from training.fitting.scores import network_logits, served_scores
from training.labels import class_index
from training.network.network import StepNetwork
from training.simulator.labelling import Labels, label
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import watched
from training.simulator.scene import Scene, staged_scene
from training.simulator.scripts import BY_NAME, SCRIPTS
from training.simulator.scripts.model import Script
from training.simulator.ticks import RATE_HZ, Ticks

_IOU = 0.3


@dataclass(frozen=True)
class Found:
    """What came of one gesture from one camera height.

    Attributes:
        shown: How many people did it in view of the camera.
        found: Of them, with an event of the class that overlaps by more than 0.3.
        other: Events of other gestures beside it.
    """

    shown: int = 0
    found: int = 0
    other: int = 0


def found_from(
    network: StepNetwork,
    calibration: Calibration,
    slug: str,
    height_m: float,
    people: int,
    seed: int = 0,
) -> Found:
    """Stage every variant of a gesture before cameras at one height over the eyes.

    Args:
        network: In evaluation mode, on the CPU.
        calibration: Of this network.
        slug: A class, or a script of the simulator.
        height_m: Of the camera over the eyes; below 0 it looks up.
        people: Of each variant.
        seed: Of people, cameras and noise, all of the test part.
    """
    script = BY_NAME[slug]
    total = Found()
    for variant in range(len(script.variants)):
        rng = np.random.default_rng((seed, SCRIPTS.index(script), variant))
        scene = staged_scene(
            rng, SCRIPTS.index(script), script.variants[variant], people, "test", height_m=height_m
        )
        ticks = watched(scene, NoiseParams.fitted("test"), rng, _count(scene))
        scores = _scores(network, calibration, ticks)
        events = [
            decode_scores(
                rows,
                operating_points=calibration.operating_points,
                valid=valid,
                delay_ticks=network.config.delay,
            )
            for rows, valid in zip(scores, ticks.valid, strict=True)
        ]
        total = _added(total, _counted(events, label(scene, ticks), class_index_of(script)))
    return total


def class_index_of(script: Script) -> int:
    """Class index of a script of a gesture.

    Raises:
        ValueError: It is a negative.
    """
    if script.label_id is None:
        raise ValueError(f"'{script.name}' is no gesture")
    return class_index(script.label_id)


def _count(scene: Scene) -> int:
    """Ticks that everybody's film has."""
    return int((scene.t_s[:, -1].min() - 0.2) * RATE_HZ)


def _scores(network: StepNetwork, calibration: Calibration, ticks: Ticks) -> F32:
    channels = list(layout_of(network.config.channels).channels)
    features = relations(ticks.joints)[:, :, channels]
    return served_scores(network_logits(network, features, torch.device("cpu")), calibration)


def _counted(events: Sequence[Sequence[FoundEvent]], labels: Labels, index: int) -> Found:
    total = Found()
    for person, found in enumerate(events):
        own = np.flatnonzero(labels.event_sequence == person)
        if not len(own):
            continue
        start_s = float(labels.event_start[own[0]]) / RATE_HZ
        end_s = float(labels.event_end[own[0]]) / RATE_HZ
        right = [event for event in found if event.class_index == index]
        truth = Interval(start_s, end_s)
        hit = any(iou(event, truth) > _IOU for event in right)
        total = _added(total, Found(1, int(hit), len(found) - len(right)))
    return total


def _added(a: Found, b: Found) -> Found:
    return Found(a.shown + b.shown, a.found + b.found, a.other + b.other)


def table(rows: Sequence[tuple[str, Sequence[Found]]], heights_m: Sequence[float]) -> str:
    """Markdown: one row a gesture, one column a height."""
    head = ["gesture", *(f"{height:+.1f} m" for height in heights_m)]
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    for slug, cells in rows:
        lines.append("| " + " | ".join([slug, *map(_cell, cells)]) + " |")
    return "\n".join(lines)


def _cell(found: Found) -> str:
    if not found.shown:
        return "-"
    return f"{found.found / found.shown:.2f} ({found.found}/{found.shown})"


GESTURES = ("fold_arms", "arms_behind_body", "shake_shoulders", "head_up", "move_torso")
"""What geometry has the hardest time with, and what must be seen from every height."""

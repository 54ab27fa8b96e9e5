"""Natural talking as background: what is found in people who tell a story with their hands."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy.contacts import contact_belief
from benchmarks.accuracy.found import Found, found_in
from benchmarks.accuracy.meanings import HAND_TO_HEAD
from benchmarks.accuracy.story_files import Story, story
from engine.config import Config
from engine.contracts import StepModel
from training.evaluation.frames import auc
from training.evaluation.tally import F64
from training.evaluation.trace import Trace, trace

_FILES = ("a1_raw.csv", "a2_raw.csv", "b1_raw.csv", "c1_raw.csv")
_PAUSE_S = 1.0  # a longer step between two frames is a break in the recording


def stories(folder: Path, config: Config, model: StepModel) -> dict[str, Any]:
    """Figures of the UCI set.

    Raises:
        UsageError: A file cannot be read.
        ModelError: The recogniser broke.
    """
    minutes = false = 0.0
    counts: Counter[str] = Counter()
    gesturing, spoken = [], []
    abstained = []
    for name in _FILES:
        told = story(folder / name)
        traced = trace(config, model, told.samples)
        steps = np.diff(told.times_s)
        minutes += float(steps[steps < _PAUSE_S].sum()) / 60.0
        found = found_in(traced)
        counts.update(f.slug for f in found)
        false += sum(f.slug in HAND_TO_HEAD and _free(f, told) for f in found)
        frames = np.searchsorted(told.times_s, traced.times_s).clip(max=len(told.phases) - 1)
        gesturing.append(np.array([told.phases[k] != "Rest" for k in frames.tolist()]))
        spoken.append(_illustrative(traced, model))
        abstained.append(np.isnan(contact_belief(traced, model.labels)))
    gestures = sum(count for slug, count in counts.items() if slug != "illustrative")
    return {
        "minutes": minutes,
        "false_contacts_per_min": false / minutes,
        "micro_gestures_per_min": gestures / minutes,
        "illustrative_auc_gesture_against_rest": auc(
            np.concatenate(gesturing), np.concatenate(spoken)
        ),
        "contact_abstained": float(np.concatenate(abstained).mean()),
        "events": dict(counts.most_common()),
    }


def _illustrative(traced: Trace, model: StepModel) -> F64:
    belief = contact_belief(traced, model.labels, {"illustrative"})
    return np.asarray(np.nan_to_num(belief, nan=0.0), np.float64)


def _free(found: Found, told: Story) -> bool:
    """Whether no hand was near the head at any time of the event."""
    inside = [
        free
        for time_s, free in zip(told.times_s, told.free, strict=True)
        if found.start_s <= time_s < found.end_s
    ]
    return all(inside)

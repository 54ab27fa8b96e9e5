"""A person at a desk who does things, and one gesture that is theirs alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.poses import PoseSample
from tests.training.datasets.recorded import recorded
from training.simulator.scene import script_weights
from training.simulator.streams import one_person, performance, watched, without
from training.simulator.timeline import Director, Timeline

GESTURE, VARIANT = "cover_face", 0
SECONDS = 45.0


@dataclass(frozen=True)
class Stage:
    """Streams of three quarters of a minute.

    Attributes:
        background: Without the gesture.
        shown: Of the gesture five times.
        later: Of the gesture again, on another day.
        shown_s: Spans of the gesture in `shown`.
        later_s: Spans of the gesture in `later`.
    """

    background: Sequence[tuple[PoseSample, ...]]
    shown: tuple[PoseSample, ...]
    later: tuple[PoseSample, ...]
    shown_s: Sequence[tuple[float, float]]
    later_s: Sequence[tuple[float, float]]


def staged(seed: int, background: int) -> Stage:
    """One person before one camera that is a little elsewhere each time."""
    rng = np.random.default_rng(seed)
    people = one_person(1000 + seed, background + 2)
    weights = without(frozenset([GESTURE]), script_weights(hard_negatives=True))
    lines = [Director(rng, weights, 1.0).direct(SECONDS) for _ in range(background)]
    acts = [performance(Director(rng, weights, 1.0), GESTURE, VARIANT, 6, 7.0) for _ in range(2)]
    *others, shown, later = watched(rng, people, [*lines, *acts], SECONDS, one_desk=True)
    return Stage(others, shown, later, *(_spans(line) for line in acts))


def _spans(line: Timeline) -> list[tuple[float, float]]:
    return [(act.start_s, act.end_s) for act in line.acts if act.end_s < SECONDS - 1.0]


def write(folder: Path, name: str, samples: Iterable[PoseSample]) -> Path:
    return recorded(folder / f"{name}.mcap", samples)

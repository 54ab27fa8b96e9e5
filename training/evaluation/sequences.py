"""Untrimmed sequences with scores and truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.evaluation.events import Interval, TrueEvent, events_from_ticks
from training.labels import IGNORE
from training.simulator.shards import Shard

RATE_HZ = 25.0


@dataclass(frozen=True)
class ScoredSequence:
    """What a model gave for one sequence, and what really happened in it.

    Attributes:
        scores: `(T, K)` float32; row t is what the model gives at tick t; NaN where it abstains.
        truths: True events, in order of time.
        labels: `(T,)` int8 class index of each tick, -1 where it is not scored.
        valid: `(T,)` bool, False where there is no pose.
        unit: What it is independent by: the person or the clip. Intervals draw whole units.
    """

    scores: F32
    truths: tuple[TrueEvent, ...]
    labels: npt.NDArray[np.int8]
    valid: npt.NDArray[np.bool_]
    unit: str

    def ignored(self, rate_hz: float) -> list[Interval]:
        """Stretches that are not scored."""
        hidden = np.concatenate(([False], (self.labels == IGNORE) | ~self.valid, [False]))
        edges = np.flatnonzero(hidden[1:] != hidden[:-1]) / rate_hz
        return [Interval(start, end) for start, end in edges.reshape(-1, 2).tolist()]


def shard_sequences(shard: Shard, scores: F32, name: str = "") -> Iterator[ScoredSequence]:
    """The sequences of a shard, each a unit of its own.

    Args:
        shard: The truth.
        scores: `(N, T, K)` float32 as the model gives them, not shifted by its look-ahead.
        name: Tells the units of one shard from those of others.
    """
    for index, rows in enumerate(scores):
        own = shard.event_sequence == index
        yield ScoredSequence(
            scores=rows,
            truths=events_from_ticks(
                shard.event_class[own],
                shard.event_start_tick[own],
                shard.event_end_tick[own],
                RATE_HZ,
            ),
            labels=shard.labels[index],
            valid=np.asarray(shard.features[index, :, 0] > 0).any(-1),
            unit=f"{shard.seed}/{name}/{index}",
        )

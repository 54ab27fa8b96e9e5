"""How often each class comes in won and in lost videos."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.emotion.gesture_sequence import Bools, GestureSequence
from training.evaluation.tally import F64
from training.labels import CLASS_IDS

CLASSES = len(CLASS_IDS)


def counted(sequences: Sequence[GestureSequence]) -> F64:
    """`(N, K)` events of each class in each video, by score."""
    counts = np.zeros((len(sequences), CLASSES))
    for row, one in zip(counts, sequences, strict=True):
        np.add.at(row, one.classes, one.scores)
    return counts


@dataclass(frozen=True)
class Rates:
    """Events and time, summed over videos.

    Attributes:
        won: `(K,)` events in won videos.
        lost: `(K,)` events in lost ones.
        won_s: Time in which they could be seen.
        lost_s: The same for lost ones.
        dispersion: How much more counts vary between people of the same outcome than Poisson's
            would, at least 1.
    """

    won: F64
    lost: F64
    won_s: float
    lost_s: float
    dispersion: float

    @property
    def per_s(self) -> F64:
        """`(K,)` events a second, geometric mean of both states where both have some."""
        both = np.sqrt((self.won / self.won_s) * (self.lost / self.lost_s))
        pooled = (self.won + self.lost) / (self.won_s + self.lost_s)
        return np.where(both > 0, both, pooled)


def rates(sequences: Sequence[GestureSequence]) -> Rates:
    """Sum up.

    Raises:
        ValueError: There is no video of one outcome, or one in which nothing could be seen.
    """
    counts = counted(sequences)
    seen_s = np.array([one.seen_s for one in sequences])
    won = np.array([one.positive for one in sequences], np.bool_)
    if not won.any() or won.all() or not (seen_s > 0).all():
        raise ValueError("expected won and lost videos, in each of which something could be seen")
    return Rates(
        won=counts[won].sum(axis=0),
        lost=counts[~won].sum(axis=0),
        won_s=float(seen_s[won].sum()),
        lost_s=float(seen_s[~won].sum()),
        dispersion=_dispersion(counts, seen_s, won),
    )


def _dispersion(counts: F64, seen_s: F64, won: Bools) -> float:
    """Pearson's: mean of (count - expected)² / expected, over classes and videos.

    Classes with little more than an event in ten videos say nothing about how they vary.
    """
    squares, freedom = 0.0, 0
    for chosen in (won, ~won):
        own, own_s = counts[chosen], seen_s[chosen]
        per_s = own.sum(axis=0) / own_s.sum()
        frequent = own.sum(axis=0) > max(3.0, 0.1 * len(own))
        expected = np.outer(own_s, per_s[frequent])
        squares += float(((own[:, frequent] - expected) ** 2 / expected).sum())
        freedom += max(len(own) - 1, 0) * int(frequent.sum())
    return max(1.0, squares / freedom) if freedom else 1.0

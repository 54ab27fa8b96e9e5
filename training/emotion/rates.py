"""How often each class comes in positive and in negative videos."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.emotion.gesture_sequence import Bools, GestureSequence
from training.evaluation.intervals import rows_of_each
from training.evaluation.tally import F64, I64
from training.labels import CLASS_IDS

CLASSES = len(CLASS_IDS)


def counted(sequences: Sequence[GestureSequence]) -> F64:
    """`(N, K)` events of each class in each video, by score."""
    counts = np.zeros((len(sequences), CLASSES))
    for row, one in zip(counts, sequences, strict=True):
        np.add.at(row, one.classes, one.scores)
    return counts


def visible_s(sequences: Sequence[GestureSequence]) -> F64:
    """`(N, K)` for how long each class could be seen in each video."""
    seen_s = np.tile(np.array([one.seen_s for one in sequences])[:, None], (1, CLASSES))
    for row, one in zip(seen_s, sequences, strict=True):
        for k, hidden_s in one.hidden_s.items():
            row[k] -= hidden_s
    return seen_s


@dataclass(frozen=True)
class Rates:
    """Events and time, summed over videos.

    Attributes:
        positive: `(K,)` events in positive videos.
        negative: `(K,)` events in negative ones.
        positive_s: `(K,)` time in which each class could be seen in positive videos; may be 0.
        negative_s: `(K,)` the same for negative ones.
        dispersion: How much more counts vary between people of the same outcome than Poisson's
            would, at least 1.
    """

    positive: F64
    negative: F64
    positive_s: F64
    negative_s: F64
    dispersion: float

    @property
    def per_s(self) -> F64:
        """`(K,)` events a second, geometric mean of both states where both have some."""
        both = np.sqrt(
            _per_s(self.positive, self.positive_s) * _per_s(self.negative, self.negative_s)
        )
        return np.where(
            both > 0, both, _per_s(self.positive + self.negative, self.positive_s + self.negative_s)
        )

    @property
    def comparable(self) -> Bools:
        """`(K,)` classes that could be seen in positive and in negative videos."""
        return np.asarray((self.positive_s > 0) & (self.negative_s > 0))


def rates(sequences: Sequence[GestureSequence]) -> Rates:
    """Sum up.

    Raises:
        ValueError: There is no video of one outcome, or one in which nothing could be seen.
    """
    counts = counted(sequences)
    seen_s = visible_s(sequences)
    positive = np.array([one.positive for one in sequences], np.bool_)
    if not positive.any() or positive.all() or not (seen_s.max(axis=1) > 0).all():
        raise ValueError(
            "expected positive and negative videos, in each of which something could be seen"
        )
    return Rates(
        positive=counts[positive].sum(axis=0),
        negative=counts[~positive].sum(axis=0),
        positive_s=seen_s[positive].sum(axis=0),
        negative_s=seen_s[~positive].sum(axis=0),
        dispersion=_dispersion(
            counts, seen_s, positive, rows_of_each([one.subject for one in sequences])
        ),
    )


def _dispersion(counts: F64, seen_s: F64, positive: Bools, people: Sequence[I64]) -> float:
    """Pearson's: mean of (count - expected)² / expected, over classes and people.

    Residuals of a person's negative videos count against those of the positive ones, as in a
    weight: there it cancels out how much somebody fidgets in all videos, and adds up if they are
    all of one outcome.
    """
    of_positive, of_negative = (
        _expected(counts[own], seen_s[own]) for own in (positive, ~positive)
    )
    expected = np.zeros_like(counts)
    expected[positive], expected[~positive] = of_positive, of_negative
    sign = np.where(positive, 1.0, -1.0)[:, None]
    residuals = np.where(expected > 0, sign * (counts - expected), 0.0)
    expected, residuals = (
        np.stack([of_videos[rows].sum(axis=0) for rows in people])
        for of_videos in (expected, residuals)
    )
    told = expected > 0
    fitted = (of_positive > 0).any(axis=0) + (of_negative > 0).any(axis=0).astype(np.int64)
    freedom = int(np.maximum(told.sum(axis=0) - fitted, 0).sum())
    squares = float((residuals[told] ** 2 / expected[told]).sum())
    return max(1.0, squares / freedom) if freedom else 1.0


def _expected(counts: F64, seen_s: F64) -> F64:
    """`(N, K)` events if all videos had the same rates; 0 of classes that say nothing about that.

    Those are the ones with little more than an event in ten videos.
    """
    frequent = counts.sum(axis=0) > max(3.0, 0.1 * len(counts))
    return np.where(frequent, seen_s * _per_s(counts.sum(axis=0), seen_s.sum(axis=0)), 0.0)


def _per_s(events: F64, seen_s: F64) -> F64:
    """0 where there was no time."""
    return np.divide(events, seen_s, out=np.zeros_like(events), where=seen_s > 0)

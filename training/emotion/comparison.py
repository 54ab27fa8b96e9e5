"""Emotion models on the same videos, with intervals over people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.emotion.gesture_sequence import Bools, GestureSequence
from training.emotion.models import Fit
from training.evaluation.frames import auc
from training.evaluation.intervals import Estimate, bootstrap, rows_of_each
from training.evaluation.tally import F64, I64

_LEAST = 1e-6

_Figure = Callable[[Bools, F64], float]


@dataclass(frozen=True)
class EmotionFigures:
    """One model on the test videos; intervals by drawing people again.

    Attributes:
        accuracy: Part of the videos whose outcome is told right; a tie is half right.
        balanced: Mean of that over won and lost videos.
        auc: Chance that a won video is told to be likelier won than a lost one.
        log_loss: Mean, in nats; 0.69 is that of a coin.
    """

    accuracy: Estimate
    balanced: Estimate
    auc: Estimate
    log_loss: Estimate


def compared(
    fits: Mapping[str, Fit],
    train: Sequence[GestureSequence],
    test: Sequence[GestureSequence],
    seed: int = 0,
) -> dict[str, EmotionFigures]:
    """Fit every model to one set of videos and judge it on the other.

    Args:
        fits: Name to what fits it.
        train: To fit to.
        test: To judge by; none of them in `train`.
        seed: Of the fits.

    Raises:
        ValueError: A video is in both.
    """
    both = {one.name for one in train} & {one.name for one in test}
    if both:
        raise ValueError(f"in training and in test: {', '.join(sorted(both))}")
    return {name: figures(test, fit(train, seed).p_positive(test)) for name, fit in fits.items()}


def figures(sequences: Sequence[GestureSequence], p_positive: F64) -> EmotionFigures:
    """How good `(N,)` probabilities are."""
    won = np.array([one.positive for one in sequences], np.bool_)
    places = rows_of_each([one.subject for one in sequences])

    def over_people(figure: _Figure) -> Estimate:
        def of(drawn: I64) -> float:
            rows = np.concatenate([places[who] for who in drawn])
            return figure(won[rows], p_positive[rows])

        return bootstrap(len(places), of)

    return EmotionFigures(
        accuracy=over_people(_accuracy),
        balanced=over_people(_balanced),
        auc=over_people(auc),
        log_loss=over_people(_log_loss),
    )


def _right(won: Bools, p_positive: F64) -> F64:
    return np.where(p_positive == 0.5, 0.5, (p_positive > 0.5) == won)


def _accuracy(won: Bools, p_positive: F64) -> float:
    return float(_right(won, p_positive).mean())


def _balanced(won: Bools, p_positive: F64) -> float:
    if won.all() or not won.any():
        return float("nan")
    right = _right(won, p_positive)
    return float((right[won].mean() + right[~won].mean()) / 2.0)


def _log_loss(won: Bools, p_positive: F64) -> float:
    p = np.clip(p_positive, _LEAST, 1.0 - _LEAST)
    return float(-np.log(np.where(won, p, 1.0 - p)).mean())

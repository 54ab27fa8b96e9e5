"""Emotion models on the same videos, with intervals over people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import UsageError
from training.emotion.gesture_sequence import Bools, GestureSequence
from training.emotion.models import Fit
from training.emotion.weights_of_evidence import FOLDS, folds
from training.evaluation.frames import auc
from training.evaluation.intervals import Estimate, bootstrap, rows_of_each
from training.evaluation.tally import F64, I64

_LEAST = 1e-6

_Figure = Callable[[Bools, F64, I64], float]


@dataclass(frozen=True)
class EmotionFigures:
    """One model on the test videos; intervals by drawing people again.

    Attributes:
        accuracy: Part of the videos whose outcome is told right; a tie is half right.
        balanced: Mean of that over positive and negative videos.
        auc: Chance that a positive video is told to be likelier positive than a negative one.
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


def cross_validated(
    fits: Mapping[str, Fit], sequences: Sequence[GestureSequence], seed: int = 0
) -> dict[str, EmotionFigures]:
    """Judge every model on people that it was not fitted to, fold by fold.

    Args:
        fits: Name to what fits it.
        sequences: Of both outcomes.
        seed: Of the folds and the fits.

    Raises:
        UsageError: So few people that a fold would be fitted to one outcome.
    """
    parts = folds([one.subject for one in sequences], FOLDS, seed)
    inside = [[one for one, out in zip(sequences, part, strict=True) if not out] for part in parts]
    if any(len({one.positive for one in fold}) < 2 for fold in inside):
        raise UsageError(
            "expected positive and negative recordings of several people each, so that models can "
            f"be judged on people they were not fitted to; got {len(sequences)} recordings of "
            f"{len({one.subject for one in sequences})} people"
        )
    fold_of = np.array(parts).argmax(axis=0)
    told = {}
    for name, fit in fits.items():
        p_positive = np.zeros(len(sequences))
        for part, fold in zip(parts, inside, strict=True):
            model = fit(fold, seed)
            p_positive[part] = model.p_positive(
                [one for one, out in zip(sequences, part, strict=True) if out]
            )
        told[name] = figures(sequences, p_positive, fold_of)
    return told


def figures(
    sequences: Sequence[GestureSequence], p_positive: F64, fold_of: I64 | None = None
) -> EmotionFigures:
    """How good `(N,)` probabilities are.

    Args:
        sequences: The videos.
        p_positive: Of each.
        fold_of: Fold of each, where each fold has a model of its own: then AUC puts only videos of
            the same fold side by side. Across folds even a constant model would seem to err, since
            the share of positive videos it was fitted to is smaller where more were held out.
    """
    fold = np.zeros(len(sequences), np.int64) if fold_of is None else fold_of
    positive = np.array([one.positive for one in sequences], np.bool_)
    places = rows_of_each([one.subject for one in sequences])

    def over_people(figure: _Figure) -> Estimate:
        def of(drawn: I64) -> float:
            rows = np.concatenate([places[who] for who in drawn])
            return figure(positive[rows], p_positive[rows], fold[rows])

        return bootstrap(len(places), of)

    return EmotionFigures(
        accuracy=over_people(_accuracy),
        balanced=over_people(_balanced),
        auc=over_people(_auc),
        log_loss=over_people(_log_loss),
    )


def _right(positive: Bools, p_positive: F64) -> F64:
    return np.where(p_positive == 0.5, 0.5, (p_positive > 0.5) == positive)


def _accuracy(positive: Bools, p_positive: F64, _: I64) -> float:
    return float(_right(positive, p_positive).mean())


def _balanced(positive: Bools, p_positive: F64, _: I64) -> float:
    if positive.all() or not positive.any():
        return float("nan")
    right = _right(positive, p_positive)
    return float((right[positive].mean() + right[~positive].mean()) / 2.0)


def _auc(positive: Bools, p_positive: F64, fold: I64) -> float:
    """Mean over pairs of a positive and a negative video of the same fold; NaN without any."""
    pairs, right = 0, 0.0
    for number in np.unique(fold):
        own = fold == number
        count = int(positive[own].sum()) * int((~positive[own]).sum())
        if count:
            pairs += count
            right += count * auc(positive[own], p_positive[own])
    return right / pairs if pairs else float("nan")


def _log_loss(positive: Bools, p_positive: F64, _: I64) -> float:
    p = np.clip(p_positive, _LEAST, 1.0 - _LEAST)
    return float(-np.log(np.where(positive, p, 1.0 - p)).mean())

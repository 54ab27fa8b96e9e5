"""How well clips are named, with intervals over people."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.evaluation.intervals import Estimate, bootstrap, rows_of_each
from training.evaluation.tally import F64, I64


@dataclass(frozen=True)
class ClipFigures:
    """One model on some clips; intervals by drawing people again.

    Attributes:
        top1: Part of the clips named right.
        top5: Part whose name is among the five likeliest.
        mean_class: Mean over classes of the part named right: rare classes count as much.
    """

    top1: Estimate
    top5: Estimate
    mean_class: Estimate


def figures(test: ClipSet, scores: F32) -> ClipFigures:
    """Judge `(N, K)` scores."""
    first, five = parts_right(scores, test.labels)
    places = rows_of_each(test.subjects)

    def over_people(right: F64, by_class: bool) -> Estimate:
        def of(drawn: I64) -> float:
            rows = np.concatenate([places[who] for who in drawn])
            return _mean(right[rows], test.labels[rows]) if by_class else float(right[rows].mean())

        return bootstrap(len(places), of)

    return ClipFigures(
        over_people(first, False), over_people(five, False), over_people(first, True)
    )


def parts_right(scores: F32, labels: I64) -> tuple[F64, F64]:
    """Whether each clip is named right, and whether its name is among the five likeliest.

    Args:
        scores: `(N, K)`.
        labels: `(N,)` true class indices.

    Returns:
        `(N,)` twice, 0 to 1: of classes with equal scores each is as likely to come first.
    """
    own = np.take_along_axis(scores, labels[:, None], axis=1)
    above, ties = (scores > own).sum(axis=1), (scores == own).sum(axis=1) - 1
    first, five = (np.clip((k - above) / (ties + 1), 0.0, 1.0) for k in (1, 5))
    return first, five


def constant_scores(train: ClipSet, count: int, classes: int) -> F32:
    """`(count, classes)` scores of who always says the same: how frequent each class is."""
    counts = np.bincount(train.labels, minlength=classes).astype(np.float32)
    return np.tile(counts / counts.sum(), (count, 1))


def _mean(right: F64, labels: I64) -> float:
    return float(np.mean([right[labels == k].mean() for k in np.unique(labels)]))

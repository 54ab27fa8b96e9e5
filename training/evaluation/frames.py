"""Scores judged tick by tick: average precision, area under the curve, confusion.

A score of NaN means that the model abstains. It ranks below every other score: a tick that is
true and not judged counts as not found, one that is not true costs nothing.
"""

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.evaluation.tally import F64, I64
from training.labels import CLASS_COUNT, IGNORE

Bools = npt.NDArray[np.bool_]
I8 = npt.NDArray[np.int8]


def average_precision(true: Bools, scores: F32 | F64) -> float:
    """Area under precision over recall, ties taken together; NaN if nothing is true.

    Args:
        true: `(T,)` whether each tick is of the class.
        scores: `(T,)` its scores.
    """
    positives = int(true.sum())
    if not positives:
        return float("nan")
    ranked = _ranks_below(scores)
    order = np.argsort(-ranked, kind="stable")
    hits = np.cumsum(true[order])
    # Precision is only known where a run of equal scores ends.
    last = np.flatnonzero(np.diff(ranked[order], append=-np.inf) != 0)
    precision = hits[last] / (last + 1.0)
    gained = np.diff(hits[last], prepend=0) / positives
    return float((precision * gained).sum())


def auc(true: Bools, scores: F32 | F64) -> float:
    """Chance that a true tick scores above one that is not, ties half; NaN without both.

    Args:
        true: `(T,)` whether each tick is of the class.
        scores: `(T,)` its scores.
    """
    positives = int(true.sum())
    negatives = len(true) - positives
    if not positives or not negatives:
        return float("nan")
    values, inverse, counts = np.unique(
        _ranks_below(scores), return_inverse=True, return_counts=True
    )
    middle_rank = np.cumsum(counts) - (counts - 1) / 2.0
    rank_sum = float(middle_rank[inverse.reshape(-1)][true].sum())
    assert len(values)
    return (rank_sum - positives * (positives + 1) / 2.0) / (positives * negatives)


def class_precisions(labels: I8, scores: F32) -> F64:
    """Average precision of each score's class over the ticks that are scored.

    Args:
        labels: `(T,)` class index of each tick, `IGNORE` where it is not scored.
        scores: `(T, K)`, column k of class index k.

    Returns:
        `(K,)` float64; NaN for a class that never happens. Its mean over classes is the frame mAP.
    """
    kept = labels != IGNORE
    labels, scores = labels[kept], scores[kept]
    return np.array(
        [average_precision(labels == k, scores[:, k]) for k in range(scores.shape[1])], np.float64
    )


def class_aucs(labels: I8, scores: F32) -> F64:
    """Area under the curve of each score's class; arguments and result as `class_precisions`."""
    kept = labels != IGNORE
    labels, scores = labels[kept], scores[kept]
    return np.array([auc(labels == k, scores[:, k]) for k in range(scores.shape[1])], np.float64)


def with_none(scores: F32) -> F32:
    """A column for "nothing happens" beside the scores: what they leave of 1, at least 0.

    Scores that are shares of one belief leave exactly the share of the class none. An abstaining
    class takes no share.

    Args:
        scores: `(T, 32)`.

    Returns:
        `(T, 33)` without NaN.
    """
    told = np.nan_to_num(scores, nan=0.0)
    rest = np.clip(1.0 - told.sum(1, keepdims=True), 0.0, 1.0)
    return np.asarray(np.concatenate((told, rest), axis=1), np.float32)


def confusion(labels: I8, scores: F32) -> I64:
    """How often a tick of one class is given most to another.

    Args:
        labels: `(T,)` class index of each tick, `IGNORE` where it is not scored.
        scores: `(T, 33)` without NaN, see `with_none`.

    Returns:
        `(33, 33)` int64, true class by row.
    """
    kept = labels != IGNORE
    pairs = labels[kept].astype(np.int64) * CLASS_COUNT + scores[kept].argmax(1)
    return np.bincount(pairs, minlength=CLASS_COUNT**2).reshape(CLASS_COUNT, CLASS_COUNT)


def _ranks_below(scores: F32 | F64) -> F64:
    return np.where(np.isnan(scores), -1.0, scores).astype(np.float64)

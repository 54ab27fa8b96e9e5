"""Scores to probabilities: a logistic curve with two numbers.

Platt: Probabilistic Outputs for Support Vector Machines, 1999. As there, the curve is fitted to
targets a little inside 0 and 1, so that it stays finite where all videos ended alike.
"""

from dataclasses import dataclass

import numpy as np

from training.emotion.gesture_sequence import Bools
from training.evaluation.tally import F64

_STEPS = 100
# Of the slope of standardised scores, around 0: it stays finite where few videos fall apart well.
_PRIOR_SD = 1.0


@dataclass(frozen=True)
class Platt:
    """A fitted curve.

    Attributes:
        slope: Not negative: more evidence never speaks for the other side.
        offset: Log-odds at a score of 0.
    """

    slope: float
    offset: float

    def p_positive(self, scores: F64) -> F64:
        """Probabilities of `(N,)` scores."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * scores + self.offset))))


def fit_platt(scores: F64, positive: Bools) -> Platt:
    """Fit to scores of videos that the scores were not fitted to.

    Where larger scores come with the negative outcome the curve is flat, at the share of positive
    ones; of no videos it is that of a coin.

    Args:
        scores: `(N,)`.
        positive: `(N,)` outcomes.
    """
    if not len(scores):
        return Platt(0.0, 0.0)
    targets = _targets(positive)
    spread = float(np.std(scores)) or 1.0
    x = np.stack([scores / spread, np.ones_like(scores)], axis=1)
    found = np.zeros(2)
    prior = np.array([1.0 / _PRIOR_SD**2, 0.0])
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-(x @ found)))
        slope = x.T @ (targets - p) - prior * found
        curvature = (x * (p * (1.0 - p))[:, None]).T @ x + np.diag(prior) + 1e-9 * np.eye(2)
        found = found + np.linalg.solve(curvature, slope)
    if found[0] < 0.0:
        share = float(np.mean(targets))
        return Platt(0.0, float(np.log(share / (1.0 - share))))
    return Platt(float(found[0]) / spread, float(found[1]))


def _targets(positive: Bools) -> F64:
    """Of N positive ones (N + 1) / (N + 2), of N negative ones 1 / (N + 2)."""
    count = int(positive.sum())
    return np.where(positive, (count + 1) / (count + 2), 1 / (len(positive) - count + 2))

"""Scores to probabilities (Platt, 1999): a logistic curve with two numbers."""

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

    Args:
        scores: `(N,)`.
        positive: `(N,)` outcomes.
    """
    if not len(scores):
        return Platt(0.0, 0.0)
    spread = float(np.std(scores)) or 1.0
    x = np.stack([scores / spread, np.ones_like(scores)], axis=1)
    found = np.zeros(2)
    prior = np.array([1.0 / _PRIOR_SD**2, 0.0])
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-(x @ found)))
        slope = x.T @ (positive - p) - prior * found
        curvature = (x * (p * (1.0 - p))[:, None]).T @ x + np.diag(prior) + 1e-9 * np.eye(2)
        found = found + np.linalg.solve(curvature, slope)
    if found[0] < 0.0:
        share = float(np.clip(np.mean(positive), 1e-3, 1.0 - 1e-3))
        return Platt(0.0, float(np.log(share / (1.0 - share))))
    return Platt(float(found[0]) / spread, float(found[1]))

"""The engine's weights of evidence, fitted to videos whose outcome is known.

Gestures of a class come as a Poisson process with rate λ·exp(w/2) in positive videos and
λ·exp(-w/2) in negative ones (`engine.core.emotion`). Given how many came in all, those of positive
videos are binomial and λ falls out; w has a normal prior around 0, whose width is the one under
which the counts of all classes together are most likely (empirical Bayes; Efron, Large-Scale
Inference, 2010, chapter 1).
People differ in how much they fidget, so counts vary more than Poisson's: the likelihood is taken
to the power of 1 / dispersion (quasi-likelihood; McCullagh and Nelder, 1989, chapter 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.emotion.gesture_sequence import Bools, GestureSequence
from training.emotion.platt import Platt, fit_platt
from training.emotion.rates import Rates, counted, rates, visible_s
from training.evaluation.tally import F64

NAME = "weights of evidence"
_WIDTHS = np.geomspace(0.01, 1.0, 41)
_STEPS = 50
FOLDS = 5
"""Parts of people, where models are judged on those they were not fitted to."""


@dataclass(frozen=True)
class WeightsOfEvidence:
    """A fitted model.

    Attributes:
        weights: `(K,)` log-likelihood ratio of one event of each class.
        errors: `(K,)` posterior standard deviation of each.
        rates: What they were fitted to.
        width: Standard deviation of the prior.
        calibration: From the summed evidence to log-odds.
    """

    weights: F64
    errors: F64
    rates: Rates
    width: float
    calibration: Platt

    def evidence(self, sequences: Sequence[GestureSequence]) -> F64:
        """`(N,)` summed evidence, before calibration."""
        absent = 2.0 * np.sinh(self.weights / 2.0) * self.rates.per_s
        return np.asarray(counted(sequences) @ self.weights - visible_s(sequences) @ absent)

    def p_positive(self, sequences: Sequence[GestureSequence]) -> F64:
        """`(N,)` calibrated."""
        return self.calibration.p_positive(self.evidence(sequences))

    def by_size(self) -> list[int]:
        """Indices of the classes that were seen, the largest weight first."""
        came = self.rates.positive + self.rates.negative > 0
        order = np.argsort(-np.abs(self.weights), kind="stable")
        return [int(k) for k in order if came[k]]


def fit(sequences: Sequence[GestureSequence], seed: int = 0) -> WeightsOfEvidence:
    """Fit weights to all videos, and the calibration to people that weights were not fitted to.

    Args:
        sequences: Of both outcomes.
        seed: Decides how people are put together in folds.

    Raises:
        ValueError: There is no video of one outcome.
    """
    fitted = _weights(sequences)
    outside = np.full(len(sequences), np.nan)
    for fold in folds([one.subject for one in sequences], FOLDS, seed):
        inside = [one for one, out in zip(sequences, fold, strict=True) if not out]
        if len({one.positive for one in inside}) == 2:
            held_out = [one for one, out in zip(sequences, fold, strict=True) if out]
            outside[fold] = _weights(inside).evidence(held_out)
    positive = np.array([one.positive for one in sequences])
    known = np.isfinite(outside)
    calibration = fit_platt(outside[known], positive[known])
    return WeightsOfEvidence(fitted.weights, fitted.errors, fitted.rates, fitted.width, calibration)


def folds(subjects: Sequence[str], count: int, seed: int) -> list[Bools]:
    """Videos in `count` parts, `(N,)` bool each, nobody in two of them."""
    people = sorted(set(subjects))
    order = np.random.default_rng(seed).permutation(len(people))
    part = {people[who]: place % count for place, who in enumerate(order)}
    own = np.array([part[subject] for subject in subjects])
    return [own == number for number in range(count) if (own == number).any()]


def _weights(sequences: Sequence[GestureSequence]) -> WeightsOfEvidence:
    told = rates(sequences)
    found = [(_marginal(told, width), width) for width in _WIDTHS.tolist()]
    width = max(found)[1]
    weights, errors = _posterior(told, width)
    return WeightsOfEvidence(weights, errors, told, width, Platt(1.0, 0.0))


def _posterior(told: Rates, width: float) -> tuple[F64, F64]:
    """Mode and curvature of each weight's posterior, by Newton's method.

    A class that was out of view in all videos of one outcome keeps the prior.
    """
    positive, both, offset = _counts(told)
    weights = np.zeros_like(positive)
    for _ in range(_STEPS):
        part = 1.0 / (1.0 + np.exp(-(offset + weights)))
        slope = positive - both * part - weights / width**2
        curvature = both * part * (1.0 - part) + 1.0 / width**2
        weights = weights + slope / curvature
    part = 1.0 / (1.0 + np.exp(-(offset + weights)))
    return weights, 1.0 / np.sqrt(both * part * (1.0 - part) + 1.0 / width**2)


def _marginal(told: Rates, width: float) -> float:
    """Log-likelihood of all counts under that width of the prior, by Laplace's method."""
    weights, errors = _posterior(told, width)
    positive, both, offset = _counts(told)
    logit = offset + weights
    fit_ = -positive * np.logaddexp(0.0, -logit) - (both - positive) * np.logaddexp(0.0, logit)
    prior = -0.5 * (weights / width) ** 2 - np.log(width)
    return float((fit_ + prior + np.log(errors)).sum())


def _counts(told: Rates) -> tuple[F64, F64, F64]:
    """`(K,)` each: events of positive and of all videos, log-odds of positive by time alone."""
    use = told.comparable
    seen = np.where(use, told.positive_s, 1.0), np.where(use, told.negative_s, 1.0)
    positive, both = (np.where(use, n, 0.0) for n in (told.positive, told.positive + told.negative))
    return positive / told.dispersion, both / told.dispersion, np.log(seen[0] / seen[1])

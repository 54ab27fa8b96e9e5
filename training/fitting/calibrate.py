"""Temperature and weight of the group head, by likelihood on held-out simulation."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.fitting.calibration import Calibration, Reliability
from training.fitting.scores import Logits, log_probabilities
from training.labels import NONE_INDEX

I64 = npt.NDArray[np.int64]

_GROUP_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TEMPERATURES = (0.25, 8.0)
_GOLDEN = (5**0.5 - 1) / 2
_MOST_TICKS = 100_000  # more change the third digit of neither value
_BINS = 15
_SMALLEST_SCORE = 0.05


def fitted(
    logits: Logits, labels: I64, group_weights: Sequence[float] = _GROUP_WEIGHTS
) -> Calibration:
    """The temperature and group weight under which the labels are likeliest.

    Args:
        logits: `(M, ...)` of scored ticks.
        labels: `(M,)` class index.
        group_weights: Of which one is chosen; 0 alone where there is no group head.
    """
    some = slice(None, None, max(1, len(labels) // _MOST_TICKS))
    part, true = Logits(*(value[some] for value in vars(logits).values())), labels[some]

    def nll(log_temperature: float, weight: float) -> float:
        candidate = Calibration(temperature=float(np.exp(log_temperature)), group_weight=weight)
        return mean_nll(log_probabilities(part, candidate), true)

    best = min(
        (_lowest(lambda log_t, w=weight: nll(log_t, w)), weight)  # type: ignore[misc]
        for weight in group_weights
    )
    (_, log_temperature), weight = best
    found = Calibration(temperature=round(float(np.exp(log_temperature)), 4), group_weight=weight)
    return Calibration(
        temperature=found.temperature,
        group_weight=found.group_weight,
        before=reliability(log_probabilities(part, Calibration()), true),
        after=reliability(log_probabilities(part, found), true),
    )


def mean_nll(log_p: F32, labels: I64) -> float:
    """Mean negative log likelihood of `(M,)` labels under `(M, 33)` log-probabilities."""
    return float(-log_p[np.arange(len(labels)), labels].mean(dtype=np.float64))


def reliability(log_p: F32, labels: I64) -> Reliability:
    """How honest `(M, 33)` log-probabilities are about `(M,)` labels."""
    p = np.exp(log_p)
    scores = p[:, :NONE_INDEX]
    right = np.arange(NONE_INDEX) == labels[:, None]
    acted_on = scores >= _SMALLEST_SCORE
    return Reliability(
        nll=round(mean_nll(log_p, labels), 5),
        ece=round(calibration_error(p.max(1), p.argmax(1) == labels), 5),
        event_ece=round(calibration_error(scores[acted_on], right[acted_on]), 5),
    )


def calibration_error(confidence: F32, right: npt.NDArray[np.bool_]) -> float:
    """Mean distance between confidence and how often it is right, over 15 bins of equal width."""
    if not len(confidence):
        return 0.0
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    sums = np.bincount(bins, confidence, _BINS) - np.bincount(bins, right, _BINS)
    return float(np.abs(sums).sum() / len(confidence))


def _lowest(cost: Callable[[float], float]) -> tuple[float, float]:
    """The lowest cost and its place between the temperatures, by golden section."""
    low, high = np.log(_TEMPERATURES)
    for _ in range(18):
        width = _GOLDEN * (high - low)
        if cost(high - width) < cost(low + width):
            high = low + width
        else:
            low = high - width
    middle = float(low + high) / 2
    return cost(middle), middle

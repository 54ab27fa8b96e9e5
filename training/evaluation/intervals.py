"""How sure a figure is: by drawing clips or people again, and over training seeds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluation.tally import I64

# Two-sided 95 % points of Student's t for 1, 2, … degrees of freedom.
_T_95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
)
_NORMAL_95 = 1.960
_FEW_UNITS = 10


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; None where there is nothing to tell it from.

    Attributes:
        value: The figure.
        low: Lower end.
        high: Upper end.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        return self.text()

    def text(self, digits: int = 2) -> str:
        """`value [low, high]`, as far as there is one.

        Args:
            digits: After the point.
        """
        if self.value is None:
            return "-"
        if self.low is None or self.high is None:
            return f"{self.value:.{digits}f}"
        return f"{self.value:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"


def bootstrap(
    units: int, statistic: Callable[[I64], float], rounds: int = 1000, seed: int = 0
) -> Estimate:
    """The figure over all units, and its interval by drawing units again with replacement.

    Rounds in which the figure is not defined are left out.

    Args:
        units: How many there are: clips, people or sequences, whatever is independent.
        statistic: The figure of the units at these places, NaN where it is not defined.
        rounds: How often to draw.
        seed: Of the draws.
    """
    if not units:
        return Estimate(None)
    value = statistic(np.arange(units))
    if math.isnan(value):
        return Estimate(None)
    rng = np.random.default_rng(seed)
    drawn = np.array([statistic(rng.integers(0, units, units)) for _ in range(rounds)])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return Estimate(value)
    low, high = np.percentile(drawn, (2.5, 97.5)).tolist()
    return Estimate(value, low, high)


def rows_of_each(units: Sequence[str]) -> list[I64]:
    """Rows of each unit, in the order in which units first come: to draw people, not clips.

    Args:
        units: `(N,)` whose each row is.
    """
    own = np.array(units)
    return [np.flatnonzero(own == unit) for unit in dict.fromkeys(units)]


def few_units(count: int, what: str) -> str:
    """What to tell of intervals over so few units, such as people; nothing if they are enough.

    Percentiles of the bootstrap are too narrow where few units are drawn again.
    """
    return f"intervals over {count} {what} are too narrow" if count < _FEW_UNITS else ""


def without_each(units: int, statistic: Callable[[I64], float]) -> Estimate:
    """The figure over all units, and its smallest and largest value when one is left out."""
    if not units:
        return Estimate(None)
    every = np.arange(units)
    value = statistic(every)
    left = [statistic(np.delete(every, unit)) for unit in range(units)]
    told = [figure for figure in left if not math.isnan(figure)]
    if math.isnan(value) or not told:
        return Estimate(None if math.isnan(value) else value)
    return Estimate(value, min(told), max(told))


def over_seeds(values: Sequence[float]) -> Estimate:
    """Mean over training runs, and where the mean of many more would lie.

    Args:
        values: One a seed; with fewer than two there is no interval.
    """
    if not values:
        return Estimate(None)
    mean = float(np.mean(values))
    if len(values) < 2:
        return Estimate(mean)
    freedom = len(values) - 1
    quantile = _T_95[freedom - 1] if freedom <= len(_T_95) else _NORMAL_95
    half = quantile * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)

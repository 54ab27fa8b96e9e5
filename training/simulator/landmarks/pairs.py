"""Measured and simulated samples of the same quantities, compared."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from training.simulator.landmarks.samples import Samples

Values = npt.NDArray[np.float64]

LEAST_SAMPLES = 10
"""Fewer samples than this leave a parameter where it is."""

# Seconds of the tracker before that count like measured ones in a rate.
_PRIOR_S = 1.0
_MOST_CHANGE = 2.5


class Pair:
    """Measured and simulated samples of the same quantities.

    Args:
        real: Measured.
        simulated: Simulated on the same content.
    """

    def __init__(self, real: Samples, simulated: Samples) -> None:
        self.real = real
        self._simulated = simulated

    def enough(self, key: str) -> bool:
        """Whether both have samples to go by."""
        return min(len(s.get(key, ())) for s in (self.real, self._simulated)) >= LEAST_SAMPLES

    def ratio(self, key: str, power: float = 1.0) -> float:
        """Measured over simulated median, bounded; 1 if there is too little to tell."""
        if not self.enough(key):
            return 1.0
        real, simulated = (float(np.median(s[key])) for s in (self.real, self._simulated))
        return _bounded((max(real, 1e-6) / max(simulated, 1e-6)) ** power)

    def difference(self, key: str, of: Callable[[Values], float]) -> float:
        """Measured minus simulated statistic; 0 if there is too little to tell."""
        if not self.enough(key):
            return 0.0
        return float(of(self.real[key]) - of(self._simulated[key]))

    def width_ratio(self, key: str, of: Callable[[Values], float]) -> float:
        """Measured over simulated width, bounded; 1 if there is too little to tell."""
        if not self.enough(key):
            return 1.0
        return _bounded((of(self.real[key]) / of(self._simulated[key])) ** 0.7)

    def rate(self, events: str, seconds: str, before: float) -> float:
        """Measured events per second over simulated ones, times the rate that gave these."""
        real, simulated = (
            (s.get(events, np.zeros(0)).sum(), s.get(seconds, np.zeros(0)).sum())
            for s in (self.real, self._simulated)
        )
        if real[1] <= 0.0:
            return before
        measured = (real[0] + before * _PRIOR_S) / (real[1] + _PRIOR_S)
        # The simulation lasts longer; as many seconds of it count as were measured.
        expected = simulated[0] / max(simulated[1], 1e-6) * real[1]
        found = (expected + before * _PRIOR_S) / (real[1] + _PRIOR_S)
        return before * _bounded((measured / max(found, 1e-6)) ** 0.7)


def _bounded(change: float) -> float:
    return float(min(max(change, 1.0 / _MOST_CHANGE), _MOST_CHANGE))


def log_odds(chance: float) -> float:
    """Logarithm of the odds, bounded."""
    chance = min(max(chance, 1e-4), 1.0 - 1e-4)
    return float(np.log(chance / (1.0 - chance)))

"""The One Euro filter: still points are smoothed, quick ones follow at once.

Source: Casiez, Roussel, Vogel: 1 € Filter, CHI 2012, algorithm 1.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.clock import NS_PER_S
from plugins.pose.direct.region import F64


@dataclass(frozen=True)
class OneEuroGains:
    """How much is smoothed.

    Attributes:
        min_cutoff_hz: Cutoff frequency at rest; smaller smooths more.
        beta: Its growth with speed, Hz for each unit of speed; larger lags less.
        speed_cutoff_hz: Cutoff frequency of the speed itself.
    """

    min_cutoff_hz: float
    beta: float
    speed_cutoff_hz: float = 1.0


class OneEuroFilter:
    """Filters an array of values, each by itself.

    As MediaPipe has it, speed is the difference to the value before as it came; the published
    form takes the one before as it was given. Pure: time is an argument.

    Args:
        gains: How much is smoothed.
    """

    def __init__(self, gains: OneEuroGains) -> None:
        self._gains = gains
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next values pass as they are."""
        self._raw: F64 | None = None
        self._given: F64 | None = None
        self._speed: F64 | None = None
        self._last_ns = 0

    def step(self, values: F64, time_ns: int, scale: float = 1.0) -> F64:
        """Smoothed values.

        Args:
            values: Any shape, always the same. If one is not finite they pass as they are, and
                the filter begins anew.
            time_ns: When they were seen. If it does not advance they pass as they are.
            scale: Speeds are multiplied by this first.
        """
        if not np.isfinite(values).all():
            self.reset()
            return values
        if self._raw is None or self._given is None or self._speed is None:
            self._raw, self._given = values.copy(), values.copy()
            self._speed, self._last_ns = np.zeros_like(values), time_ns
            return values
        dt_s = (time_ns - self._last_ns) / NS_PER_S
        if dt_s <= 0.0:
            return values
        gains = self._gains
        speed = (values - self._raw) * (scale / dt_s)
        self._speed += _weight(gains.speed_cutoff_hz, dt_s) * (speed - self._speed)
        cutoff_hz = gains.min_cutoff_hz + gains.beta * np.abs(self._speed)
        self._given = self._given + _weight(cutoff_hz, dt_s) * (values - self._given)
        self._raw, self._last_ns = values.copy(), time_ns
        return self._given


def _weight(cutoff_hz: F64 | float, dt_s: float) -> F64 | float:
    """How much of a new value a low-pass filter takes."""
    turn = 2.0 * math.pi * dt_s * cutoff_hz
    return turn / (turn + 1.0)

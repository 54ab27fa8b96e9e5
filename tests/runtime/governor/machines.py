"""How long a pose call takes on machines under loads."""

import math
import random
from collections.abc import Callable

from tests.runtime.governor.simulator import Duration

POSE_MS = 55.0
_LIGHTER = (1.0, 1.0, 0.5, 0.5)
_WITHOUT_HANDS = 0.7


def machine(load: Callable[[float], float], *, spread: float = 0.15, seed: int = 1) -> Duration:
    """A pose estimator: 55 ms times the load, lognormal, and less at degrade levels.

    Args:
        load: Second to slowdown.
        spread: Standard deviation of the logarithm.
        seed: Of the jitter; the same frame takes equally long in every run.
    """

    def pose_ms(second: float, level: int, seq: int) -> float:
        jitter = math.exp(random.Random(seed * 1_000_003 + seq).gauss(0.0, spread))
        hands = _WITHOUT_HANDS if level and seq % 2 else 1.0
        return POSE_MS * load(second) * jitter * hands * _LIGHTER[level]

    return pose_ms


def during(start_s: float, end_s: float, factor: float) -> Callable[[float], float]:
    """A load between two instants, none outside."""
    return lambda second: factor if start_s <= second < end_s else 1.0

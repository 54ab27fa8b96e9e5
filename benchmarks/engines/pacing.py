"""Ticks at the rate of a camera: between two of them caches and clock rates go cold."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.report import Result, percentiles
from engine.clock import NS_PER_MS, NS_PER_S, Clock

BACK_TO_BACK = 0.0
"""As a rate: each tick begins when the one before has ended."""


@dataclass(frozen=True)
class PacedTimes:
    """What ticks took, in milliseconds.

    Attributes:
        took: From the beginning of each to its end.
        age: From when it was due to its end: with waking up, and with what the one before was late.
    """

    took: list[float] = field(default_factory=list)
    age: list[float] = field(default_factory=list)

    def figures(self, rate_hz: float, deadline_ms: float) -> Result:
        """Percentiles, and the parts of the ticks that were done too late."""
        missed = {"deadline_ms": deadline_ms, "ratio": late_ratio(self.age, deadline_ms)}
        if rate_hz:
            missed["ratio_of_period"] = late_ratio(self.age, 1e3 / rate_hz)
        return {
            "took": percentiles(self.took),
            "due_to_done": percentiles(self.age),
            "missed": missed,
        }


def pace_name(rate_hz: float) -> str:
    """How a pace is called in figures."""
    return f"{rate_hz:g} Hz" if rate_hz else "back to back"


def late_ratio(ages_ms: list[float], deadline_ms: float) -> float:
    """Part of the ages beyond a deadline, 0..1."""
    return round(sum(age > deadline_ms for age in ages_ms) / len(ages_ms), 6)


def run_paced(
    tick: Callable[[], object], rate_hz: float, count: int, clock: Clock, times: PacedTimes
) -> None:
    """Run `count` ticks, sleeping until each is due as a live loop does; none is left out.

    Args:
        tick: Runs one.
        rate_hz: Ticks a second, or `BACK_TO_BACK`.
        count: Ticks.
        clock: Time.
        times: Gets the times.
    """
    never = threading.Event()
    start_ns = clock.now_ns()
    for index in range(count):
        now_ns = due_ns = clock.now_ns()
        if rate_hz:
            due_ns = start_ns + round((index + 1) * NS_PER_S / rate_hz)
            clock.wait(never, max(0, due_ns - now_ns) / NS_PER_S)
            now_ns = clock.now_ns()
        tick()
        end_ns = clock.now_ns()
        times.took.append((end_ns - now_ns) / NS_PER_MS)
        times.age.append((end_ns - due_ns) / NS_PER_MS)

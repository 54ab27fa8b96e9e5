"""Waiting for something that can only be looked at, soon after it has come."""

import os
import time
from collections.abc import Callable

from engine.clock import NS_PER_S

# Awake before it is due: a sleep of Linux ends up to 60 µs late, one of Windows up to 1 ms.
_EARLY_NS = 2_000_000 if os.name == "nt" else 200_000
# What is so late is not about to come: looking once in a while leaves the core to others.
_OVERDUE_NS = 20_000_000
_NAP_S = 0.0005
# Slower ones pull the usual time up little by little, so that one stall is soon forgotten.
_SLOWNESS = 16


class SpinWait:
    """Sleeps until shortly before the usual time, then looks without a pause.

    Args:
        now_ns: A monotonic clock.
        sleep: Takes seconds.
    """

    def __init__(
        self,
        now_ns: Callable[[], int] = time.perf_counter_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now_ns = now_ns
        self._sleep = sleep
        self._usual_ns = 0

    def until(self, ready: Callable[[], bool]) -> None:
        """Return once `ready` says so. It began just now."""
        start_ns = self._now_ns()
        slept = self._usual_ns > _EARLY_NS
        if slept:
            self._sleep((self._usual_ns - _EARLY_NS) / NS_PER_S)
        looks = 1
        while not ready():
            looks += 1
            if self._now_ns() - start_ns > self._usual_ns + _OVERDUE_NS:
                self._sleep(_NAP_S)
        self._learn(self._now_ns() - start_ns, overslept=slept and looks == 1)

    def _learn(self, took_ns: int, *, overslept: bool) -> None:
        if overslept:
            # How long before is not known: the next one shows more.
            self._usual_ns -= self._usual_ns // 4
        elif took_ns < self._usual_ns:
            self._usual_ns = took_ns
        else:
            self._usual_ns += (took_ns - self._usual_ns) // _SLOWNESS

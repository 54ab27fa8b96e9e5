"""Waiting for the GPU, which can only be asked, soon after it is done."""

import os
import time
from collections.abc import Callable

from engine.clock import NS_PER_MS, NS_PER_S

# A sleep ends late: on Linux by some 60 µs, on Windows by up to a millisecond.
_AWAKE_NS = 2_000_000 if os.name == "nt" else 200_000
# So far over the usual time it is not about to end: from then on the core is left to others.
_LATE_NS = 5 * NS_PER_MS
_NAP_S = 0.0005
# A slower one counts for so little that a single stall is soon forgotten.
_SLOWNESS = 16


class PolledWait:
    """Sleeps through most of the usual time, then asks without a pause until it is over.

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

    def until(
        self, ready: Callable[[], bool], given_up: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait for something that began just now.

        Returns:
            True once `ready` says so; False if `given_up` says so before.
        """
        start_ns = self._now_ns()
        asleep_ns = self._usual_ns - _AWAKE_NS
        if asleep_ns > 0:
            self._sleep(asleep_ns / NS_PER_S)
        asked = 0
        while not ready():
            asked += 1
            if given_up():
                return False
            if self._now_ns() - start_ns > self._usual_ns + _LATE_NS:
                self._sleep(_NAP_S)
        self._learn(self._now_ns() - start_ns, overslept=asleep_ns > 0 and not asked)
        return True

    def _learn(self, took_ns: int, *, overslept: bool) -> None:
        if overslept:
            # How long ago it was over is not known: look earlier next time.
            self._usual_ns -= self._usual_ns // 4
        elif took_ns < self._usual_ns:
            self._usual_ns = took_ns
        else:
            self._usual_ns += (took_ns - self._usual_ns) // _SLOWNESS

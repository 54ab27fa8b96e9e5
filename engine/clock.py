"""Where time comes from: one monotonic clock, and its relation to the wall."""

import threading
import time
from dataclasses import dataclass
from typing import Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class ClockPair:
    """The same instant on both clocks, so that files can be dated afterwards.

    Attributes:
        monotonic_ns: The pipeline's clock.
        wall_ns: Unix time.
    """

    monotonic_ns: int
    wall_ns: int


class Clock(Protocol):
    """What the runtime asks of time; tests pass a fake."""

    def now_ns(self) -> int:
        """Monotonic ns of arbitrary origin; the same for all processes of one machine."""
        ...

    def pair(self) -> ClockPair:
        """Both clocks, read together."""
        ...

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Sleep until `event` is set or `timeout_s` has passed; True if it was set."""
        ...


class SystemClock:
    """The real clocks of this machine."""

    def now_ns(self) -> int:
        """See `Clock.now_ns`."""
        return time.monotonic_ns()

    def pair(self) -> ClockPair:
        """See `Clock.pair`."""
        return ClockPair(time.monotonic_ns(), time.time_ns())

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """See `Clock.wait`."""
        return event.wait(max(0.0, timeout_s))

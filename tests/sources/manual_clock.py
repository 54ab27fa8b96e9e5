"""A clock for sources with threads: stands still until the test moves it."""

import threading

from engine.clock import NS_PER_S, ClockPair


class ManualClock:
    """A wait ends when the test has moved time far enough or the event is set."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._now_ns = NS_PER_S

    def now_ns(self) -> int:
        with self._moved:
            return self._now_ns

    def pair(self) -> ClockPair:
        now_ns = self.now_ns()
        return ClockPair(now_ns, now_ns)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        until_ns = self.now_ns() + round(timeout_s * NS_PER_S)
        with self._moved:
            # Events do not wake the condition, hence the short slices of real time.
            while not event.is_set() and self._now_ns < until_ns:
                self._moved.wait(0.002)
        return event.is_set()

    def advance(self, seconds: float) -> None:
        with self._moved:
            self._now_ns += round(seconds * NS_PER_S)
            self._moved.notify_all()

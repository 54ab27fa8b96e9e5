"""A clock that only moves when told to."""

import threading

from engine.clock import NS_PER_S, ClockPair


class FakeClock:
    """Time as the test wants it; a wait moves it instead of sleeping."""

    def __init__(self, now_ns: int = NS_PER_S, wall_ns: int = 1_700_000_000 * NS_PER_S) -> None:
        self._lock = threading.Lock()
        self._now_ns = now_ns
        self._wall_offset_ns = wall_ns - now_ns

    def now_ns(self) -> int:
        with self._lock:
            return self._now_ns

    def pair(self) -> ClockPair:
        now_ns = self.now_ns()
        return ClockPair(now_ns, now_ns + self._wall_offset_ns)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        if event.is_set():
            return True
        self.advance(max(0.0, timeout_s))
        return event.is_set()

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now_ns += round(seconds * NS_PER_S)

"""Somebody who acts when a call takes too long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.clock import NS_PER_MS, NS_PER_S, Clock


class Watchdog:
    """A thread that is told when a call begins and ends, and speaks up if it does not end in time.

    To begin and to end cost no wake-up: the thread looks once every `bound_ms`, which is enough to
    be there on time. A call that goes on is acted upon again after each further bound.

    Args:
        name: What is watched; the thread is called `fidget-watch-<name>`.
        bound_ms: Smallest bound of a call.
        on_late: Ends the call, quickly; in the watchdog's thread. The call cannot end, and so no
            other can begin, before it has returned.
        clock: Time.
    """

    def __init__(
        self, name: str, bound_ms: float, on_late: Callable[[], None], clock: Clock
    ) -> None:
        self._bound_ns = round(bound_ms * NS_PER_MS)
        self._on_late = on_late
        self._clock = clock
        self._lock = threading.Lock()
        self._due_ns: int | None = None
        self._repeat_ns = self._bound_ns
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, name=f"fidget-watch-{name}", daemon=True
        )
        self._thread.start()

    @contextmanager
    def watching(self, times: float = 1.0) -> Iterator[None]:
        """Around a call that may take `times` the bound, at least 1. One thread at a time."""
        allowed_ns = round(self._bound_ns * max(1.0, times))
        with self._lock:
            self._repeat_ns = allowed_ns
            self._due_ns = self._clock.now_ns() + allowed_ns
        try:
            yield
        finally:
            with self._lock:
                self._due_ns = None

    def close(self) -> None:
        """End the thread. Idempotent."""
        self._closing.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._closing.is_set():
            self._clock.wait(self._closing, self._look() / NS_PER_S)

    def _look(self) -> int:
        """Act if it is time; gives the ns until the next look."""
        with self._lock:
            if self._due_ns is None:
                return self._bound_ns
            left_ns = self._due_ns - self._clock.now_ns()
            if left_ns > 0:
                return min(left_ns, self._bound_ns)
            self._due_ns = self._clock.now_ns() + self._repeat_ns
            self._on_late()
            return self._bound_ns

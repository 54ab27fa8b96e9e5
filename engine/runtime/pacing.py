"""Plays a file or recording in real time, as if it were a camera."""

import threading
from dataclasses import replace
from typing import Any

from engine.clock import NS_PER_S, Clock
from engine.contracts import Source, SourceInfo, SourceStatus
from engine.frames import Frame
from engine.poses import PoseSample


class PacedSource:
    """Gives each item of a finite source when it is due, stamped with that instant.

    Nothing is left out: if the stages behind are too slow, items come late and their age shows it.

    Args:
        inner: A source that is not live.
    """

    live = False

    def __init__(self, inner: Source[Any]) -> None:
        self._inner = inner
        self._never = threading.Event()
        self.yields = inner.yields
        self._held: Any = None
        self._origin: tuple[int, int, int] | None = None  # epoch, item time, clock time

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`."""
        self._clock = clock
        return self._inner.open(clock)

    def read(self, timeout_s: float) -> Any:
        """The next item once it is due; None if that is later than `timeout_s` from now."""
        item = self._held or self._inner.read(timeout_s)
        self._held = None
        if item is None:
            return None
        due_ns = self._due_ns(item)
        limit_ns = self._clock.now_ns() + round(timeout_s * NS_PER_S)
        wait_ns = min(due_ns, limit_ns) - self._clock.now_ns()
        self._clock.wait(self._never, wait_ns / NS_PER_S)
        if due_ns > limit_ns:
            self._held = item
            return None
        return replace(item, capture_ns=due_ns)

    def status(self) -> SourceStatus:
        """See `Source.status`."""
        return self._inner.status()

    def drops(self) -> dict[str, int]:
        """See `Source.drops`."""
        return self._inner.drops()

    def close(self) -> None:
        """See `Source.close`."""
        self._inner.close()

    def _due_ns(self, item: Frame | PoseSample) -> int:
        if self._origin is None or self._origin[0] != item.epoch:
            self._origin = item.epoch, item.capture_ns, self._clock.now_ns()
        _, item_ns, clock_ns = self._origin
        return clock_ns + item.capture_ns - item_ns

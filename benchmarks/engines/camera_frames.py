"""A camera inside the process: pictures to decode, at a rate or as fast as they are taken."""

import threading
import time
from collections.abc import Sequence
from typing import Literal

from engine.clock import NS_PER_S, Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import EndOfStream
from engine.frames import Frame
from plugins.sources.jpeg import decode_jpeg


class CameraFrames:
    """Keeps `Source`. At a rate the newest picture wins, and older ones are never decoded.

    Args:
        jpegs: Shown round and round.
        rate_hz: Pictures a second; 0 gives the next one whenever it is asked for.
        count: Pictures until the end.
    """

    yields: Literal["frames", "poses"] = "frames"

    def __init__(self, jpegs: Sequence[bytes], rate_hz: float, count: int) -> None:
        self.live = rate_hz > 0
        self._jpegs = jpegs
        self._rate_hz = rate_hz
        self._count = count
        self._index = -1
        self._given = 0
        self._never = threading.Event()

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`; the first picture is taken now."""
        self._clock = clock
        self._start_ns = clock.now_ns()
        return SourceInfo("camera frames", fps=self._rate_hz)

    def read(self, timeout_s: float) -> Frame | None:
        """See `Source.read`; a picture is stamped with the instant at which it was taken."""
        index = self._next()
        if index >= self._count:
            raise EndOfStream
        taken_ns = self._taken_ns(index)
        wait_s = max(0, taken_ns - self._clock.now_ns()) / NS_PER_S
        if wait_s > timeout_s:
            self._clock.wait(self._never, timeout_s)
            return None
        self._clock.wait(self._never, wait_s)
        self._index = index
        self._given += 1
        start_ns = time.perf_counter_ns()
        image = decode_jpeg(self._jpegs[index % len(self._jpegs)])
        return Frame(image, taken_ns, 0, index, (time.perf_counter_ns() - start_ns) / 1e6)

    def status(self) -> SourceStatus:
        """See `Source.status`."""
        return SourceStatus("ok")

    def drops(self) -> dict[str, int]:
        """Pictures that gave way to newer ones, also those at the end that nobody waited for."""
        return {"stale": min(self._next(), self._count) - self._given}

    def close(self) -> None:
        """See `Source.close`."""

    def _next(self) -> int:
        """The newest picture that was not given, or the one to come."""
        if not self.live:
            return self._index + 1
        elapsed_s = (self._clock.now_ns() - self._start_ns) / NS_PER_S
        return max(self._index + 1, int(elapsed_s * self._rate_hz))

    def _taken_ns(self, index: int) -> int:
        if not self.live:
            return self._clock.now_ns()
        return self._start_ns + round(index * NS_PER_S / self._rate_hz)

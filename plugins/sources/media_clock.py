"""Presentation times of a file as nanoseconds and epochs."""

from fractions import Fraction

from engine.clock import NS_PER_S


class MediaClock:
    """Places frames in time: nanoseconds from the first frame, in integers.

    Attributes:
        jumps: How often time repeated or went backwards; each began a new epoch.
    """

    def __init__(self) -> None:
        self.jumps = 0
        self._first: Fraction | None = None
        self._last_ns: int | None = None

    @property
    def epoch(self) -> int:
        """The present epoch."""
        return self.jumps

    def place(self, time_s: Fraction) -> int:
        """Nanoseconds of a frame at exactly `time_s`, rounded to the nearest.

        After a jump back they are lower than before (below zero, before the first frame): they
        stay the file's own time, and only the epoch grows.
        """
        if self._first is None:
            self._first = time_s
        capture_ns = round((time_s - self._first) * NS_PER_S)
        if self._last_ns is not None and capture_ns <= self._last_ns:
            self.jumps += 1
        self._last_ns = capture_ns
        return capture_ns

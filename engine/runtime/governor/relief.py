"""Tells that frames have room to spare again."""

import threading
from collections import deque

_FEWEST = 3
_EASY_SHARE = 0.5
_PRESSED_SHARE = 0.1


class Relief:
    """Whether frames have had slack for a while, and how much.

    It is relief when, of the frames of the last `hold_ns` and of the last three, half at least had
    the slack `easy` and one in ten at most less than `pressed`. Any thread: one lock guards the
    state.

    Args:
        hold_ns: How long frames are looked at.
        pressed: See `Pressure`.
        easy: Part of the deadline.
    """

    def __init__(self, hold_ns: int, *, pressed: float, easy: float) -> None:
        self._lock = threading.Lock()
        self._hold_ns = hold_ns
        self._pressed = pressed
        self._easy = easy
        self._since_ns: int | None = None
        self._frames: deque[tuple[int, float]] = deque()

    def note(self, slack: float, now_ns: int) -> None:
        """Take a frame into account; arguments as of `Pressure.note`."""
        with self._lock:
            if self._since_ns is None:
                self._since_ns = now_ns
            self._frames.append((now_ns, slack))
            while len(self._frames) > _FEWEST and self._frames[0][0] < now_ns - self._hold_ns:
                self._frames.popleft()

    def reset(self) -> None:
        """Forget everything; looking begins with the next frame."""
        with self._lock:
            self._since_ns = None
            self._frames.clear()

    def slack(self) -> float:
        """Median of these frames; 0 while there are none."""
        with self._lock:
            slacks = sorted(slack for _, slack in self._frames)
            return slacks[len(slacks) // 2] if slacks else 0.0

    def is_known(self, now_ns: int) -> bool:
        """Whether `hold_ns` have passed and three frames have come."""
        with self._lock:
            enough = self._since_ns is not None and now_ns - self._since_ns >= self._hold_ns
            return enough and len(self._frames) >= _FEWEST

    def is_there(self) -> bool:
        """Whether these frames show relief; `is_known` tells whether they are enough to ask."""
        with self._lock:
            easy = sum(slack >= self._easy for _, slack in self._frames)
            pressed = sum(slack < self._pressed for _, slack in self._frames)
            count = len(self._frames)
            return easy >= _EASY_SHARE * count and pressed <= _PRESSED_SHARE * count

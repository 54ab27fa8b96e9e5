"""Small causal building blocks. Times are in seconds, the step is one tick of `RATE_HZ`."""

import math
from bisect import bisect_left, insort
from collections import deque

RATE_HZ = 25.0


def ramp(value: float, zero: float, one: float) -> float:
    """0 at `zero`, 1 at `one`, linear between; `one` may lie on either side of `zero`."""
    part = (value - zero) / (one - zero)
    return 0.0 if part <= 0.0 else 1.0 if part >= 1.0 else part


def ticks(seconds: float) -> int:
    """Number of ticks in a time, at least 1."""
    return max(1, round(seconds * RATE_HZ))


def gain_of(time_s: float) -> float:
    """Gain of a first-order low-pass with the time constant `time_s`."""
    return 1.0 - math.exp(-1.0 / (RATE_HZ * time_s))


class Smooth:
    """First-order low-pass that may rise and fall at different speeds, starting at 0.

    Args:
        rise_s: Time constant while the input is above the state.
        fall_s: Time constant while it is below; the same as `rise_s` if omitted.
    """

    def __init__(self, rise_s: float, fall_s: float | None = None) -> None:
        self._rise = gain_of(rise_s)
        self._fall = gain_of(rise_s if fall_s is None else fall_s)
        self.value = 0.0

    def step(self, value: float) -> float:
        """Take one value, give the smoothed one."""
        gain = self._rise if value > self.value else self._fall
        self.value += gain * (value - self.value)
        return self.value


class Delay:
    """Remembers the values of the last `span_s` seconds; a tick without a value is None."""

    def __init__(self, span_s: float) -> None:
        self._values: deque[complex | None] = deque(maxlen=ticks(span_s) + 1)

    def push(self, value: complex | None) -> None:
        """Add this tick's value."""
        self._values.append(value)

    def change(self) -> tuple[complex, float] | None:
        """Newest minus oldest value of the span, and the seconds between the two.

        None if the newest is missing or is the only one.
        """
        newest = self._values[-1] if self._values else None
        if newest is None:
            return None
        age = len(self._values) - 1
        for oldest in self._values:
            if oldest is not None:
                return (newest - oldest, age / RATE_HZ) if age else None
            age -= 1
        return None


class RunningQuantile:
    """A quantile of the valid values of the last `window_s` seconds.

    Args:
        part: Which, 0..1; 0.5 is the median.
        window_s: Older values are forgotten.
        ready_s: Valid time needed before there is one.
    """

    def __init__(self, part: float, window_s: float, ready_s: float) -> None:
        self._part = part
        self._recent: deque[float | None] = deque()
        self._sorted: list[float] = []
        self._window = ticks(window_s)
        self._ready = ticks(ready_s)

    def push(self, value: float | None) -> None:
        """Add this tick's value, None if it is not known."""
        self._recent.append(value)
        if value is not None:
            insort(self._sorted, value)
        if len(self._recent) > self._window:
            old = self._recent.popleft()
            if old is not None:
                del self._sorted[bisect_left(self._sorted, old)]

    @property
    def value(self) -> float | None:
        """The quantile, or None before enough was seen."""
        count = len(self._sorted)
        return self._sorted[int(self._part * count)] if count >= self._ready else None


class Swings:
    """Counts the turning points of an oscillation within a window.

    Args:
        size: Smaller swings are no swings; in the unit of the values.
        span_s: Length of the window.
    """

    def __init__(self, size: float, span_s: float) -> None:
        self._size = size
        self._values: deque[float] = deque(maxlen=ticks(span_s))

    def step(self, value: float | None) -> int:
        """Take one value, None if it is not known; give the number of turns in the window."""
        if value is None:
            self._values.clear()
            return 0
        self._values.append(value)
        if max(self._values) - min(self._values) < self._size:
            return 0
        return self._turns()

    def _turns(self) -> int:
        low = high = self._values[0]
        direction = turns = 0
        for value in self._values:
            if value > high:
                high = value
            elif value < low:
                low = value
            if direction >= 0 and high - value >= self._size:
                turns += direction
                direction, low = -1, value
            elif direction <= 0 and value - low >= self._size:
                turns -= direction
                direction, high = 1, value
        return turns

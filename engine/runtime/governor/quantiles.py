"""How long a stage has taken of late."""

import threading
from collections import deque
from collections.abc import Iterable, Sequence

from msgspec import Struct

from engine.clock import NS_PER_MS

_MOST = 256
_FEWEST = 3
_NEWEST = 8


class StageForecast(Struct, frozen=True, kw_only=True):
    """What the next call of a stage is expected to take; None while too little is known.

    Attributes:
        expected_ms: What admission counts with, see `StageQuantiles.expected_ns`.
        p95_ms: 95th percentile.
        p99_ms: 99th percentile.
        count: Measurements behind them, seeds not included.
    """

    expected_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    count: int


class StageQuantiles:
    """Quantiles over the last 256 durations of one stage that are not older than a window.

    A quantile of n durations is the one at place `int(part * (n - 1))` in order, counted from 0:
    it is rounded down, so that for fewer than 21 the p95 is not the largest, and no single call,
    however long, makes a forecast. For the same reason fewer than three forecast nothing.

    Seeds are durations from a warm-up or a calibration profile. They stand in while there are
    fewer than three measurements, and unlike these do not age. Any thread: one lock guards the
    state.

    Args:
        window_ns: Older measurements are forgotten.
        seeds_ns: Durations known beforehand; may be empty.
    """

    def __init__(self, window_ns: int, seeds_ns: Iterable[int] = ()) -> None:
        self._lock = threading.Lock()
        self._window_ns = window_ns
        self._seeds_ns = list(seeds_ns)[-_MOST:]
        self._measured: deque[tuple[int, int]] = deque(maxlen=_MOST)

    def add(self, duration_ns: int, now_ns: int) -> None:
        """Count a call that ends now; a negative duration counts as 0."""
        with self._lock:
            self._measured.append((now_ns, max(0, duration_ns)))

    def forget(self, before_ns: int) -> None:
        """Drop the measurements of calls that ended before `before_ns`."""
        with self._lock:
            kept = [each for each in self._measured if each[0] >= before_ns]
            self._measured = deque(kept, _MOST)

    def restart(self, seeds_ns: Iterable[int] = ()) -> None:
        """Drop everything and begin with these seeds: the stage does other work from now on."""
        with self._lock:
            self._measured.clear()
            self._seeds_ns = list(seeds_ns)[-_MOST:]

    def expected_ns(self, now_ns: int) -> int | None:
        """The p95, but not more than the slowest of the last eight calls; None if unknown.

        The next call exceeds the slowest of eight once in nine times. That is little worse than
        the p95 and forgets a load within eight calls of its end instead of a window.
        """
        with self._lock:
            return self._expected_ns(self._known(now_ns))

    def forecast(self, now_ns: int) -> StageForecast:
        """The figures for people."""
        with self._lock:
            known = self._known(now_ns)
            expected_ns, count = self._expected_ns(known), len(self._measured)
        p95_ns, p99_ns = (_quantile(known, part) for part in (0.95, 0.99))
        return StageForecast(
            expected_ms=_ms(expected_ns), p95_ms=_ms(p95_ns), p99_ms=_ms(p99_ns), count=count
        )

    def _expected_ns(self, known: list[int]) -> int | None:
        p95_ns = _quantile(known, 0.95)
        newest = list(self._measured)[-_NEWEST:]
        if p95_ns is None or len(newest) < _NEWEST:
            return p95_ns
        return min(p95_ns, max(duration_ns for _, duration_ns in newest))

    def _known(self, now_ns: int) -> list[int]:
        oldest_ns = now_ns - self._window_ns
        while len(self._measured) > _FEWEST and self._measured[0][0] < oldest_ns:
            self._measured.popleft()
        known = [duration_ns for _, duration_ns in self._measured]
        if len(known) < _FEWEST:
            known += self._seeds_ns
        return sorted(known)


def _quantile(ordered: Sequence[int], part: float) -> int | None:
    if len(ordered) < _FEWEST:
        return None
    return ordered[int(part * (len(ordered) - 1))]


def _ms(duration_ns: int | None) -> float | None:
    return None if duration_ns is None else round(duration_ns / NS_PER_MS, 3)

"""Latency figures of stages: percentiles over a whole session in constant memory."""

import math
import threading

from engine.messages import StageLatency

# Bucket edges grow by 2 %, so a percentile is off by at most that; the maximum is exact.
_GROWTH = 1.02
_SMALLEST_MS = 0.001
_LOG_GROWTH = math.log(_GROWTH)


class LatencyHistogram:
    """Counts durations in logarithmic buckets. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[int, int] = {}
        self._count = 0
        self._max_ms = 0.0

    def add(self, duration_ms: float) -> None:
        """Count one duration; negative ones count as 0."""
        bucket = round(math.log(max(duration_ms, _SMALLEST_MS) / _SMALLEST_MS) / _LOG_GROWTH)
        with self._lock:
            self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
            self._count += 1
            self._max_ms = max(self._max_ms, duration_ms)

    def summary(self) -> StageLatency:
        """Figures over everything counted so far; zeros before the first."""
        with self._lock:
            buckets, count, largest = sorted(self._buckets.items()), self._count, self._max_ms
        p50, p95, p99 = (_percentile(buckets, count, part) for part in (0.50, 0.95, 0.99))
        return StageLatency(
            count=count,
            p50=min(p50, largest),
            p95=min(p95, largest),
            p99=min(p99, largest),
            max=round(largest, 3),
        )


def _percentile(buckets: list[tuple[int, int]], count: int, part: float) -> float:
    rank = math.ceil(part * count)
    seen = 0
    for bucket, amount in buckets:
        seen += amount
        if seen >= rank:
            return round(_SMALLEST_MS * _GROWTH**bucket, 3)
    return 0.0


class StageLatencies:
    """One histogram a stage, made on first use. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stages: dict[str, LatencyHistogram] = {}

    def add(self, stage: str, duration_ms: float) -> None:
        """Count one duration of `stage`."""
        with self._lock:
            histogram = self._stages.setdefault(stage, LatencyHistogram())
        histogram.add(duration_ms)

    def summary(self) -> dict[str, StageLatency]:
        """Stage to figures, by name."""
        with self._lock:
            stages = sorted(self._stages.items())
        return {name: histogram.summary() for name, histogram in stages}

import random

import pytest

from engine.runtime.latency import LatencyHistogram, StageLatencies


def test_percentiles_are_within_two_percent_of_the_sorted_truth() -> None:
    rng = random.Random(1)
    values = [rng.lognormvariate(2.0, 1.0) for _ in range(20_000)]
    histogram = LatencyHistogram()
    for value in values:
        histogram.add(value)
    values.sort()
    summary = histogram.summary()
    for part, got in ((0.50, summary.p50), (0.95, summary.p95), (0.99, summary.p99)):
        assert got == pytest.approx(values[int(part * len(values)) - 1], rel=0.02)
    assert summary.max == pytest.approx(values[-1], abs=1e-3)
    assert summary.count == 20_000


def test_empty_is_zero() -> None:
    summary = LatencyHistogram().summary()
    assert (summary.count, summary.p50, summary.p99, summary.max) == (0, 0.0, 0.0, 0.0)


def test_zero_and_negative_durations_do_not_break_it() -> None:
    histogram = LatencyHistogram()
    histogram.add(0.0)
    histogram.add(-5.0)
    assert histogram.summary().p99 <= 0.001


def test_a_percentile_is_never_above_the_maximum() -> None:
    histogram = LatencyHistogram()
    histogram.add(10.1)
    summary = histogram.summary()
    assert summary.p50 <= summary.p99 <= 10.1


def test_stages_are_apart() -> None:
    stages = StageLatencies()
    stages.add("pose", 40.0)
    stages.add("decode", 1.0)
    assert list(stages.summary()) == ["decode", "pose"]
    assert stages.summary()["pose"].max == 40.0

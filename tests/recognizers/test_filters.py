import math

import pytest

from plugins.recognizers.geometric.filters import (
    RATE_HZ,
    Delay,
    RunningQuantile,
    Smooth,
    Swings,
    ramp,
    ticks,
)


@pytest.mark.parametrize(
    ("value", "zero", "one", "expected"),
    [(0.0, 1.0, 2.0, 0.0), (1.5, 1.0, 2.0, 0.5), (3.0, 1.0, 2.0, 1.0), (1.5, 2.0, 1.0, 0.5)],
)
def test_ramp(value: float, zero: float, one: float, expected: float) -> None:
    assert ramp(value, zero, one) == expected


def test_smooth_rises_and_falls_at_its_own_speeds() -> None:
    low = Smooth(0.1, 0.4)
    for _ in range(ticks(0.1)):
        low.step(1.0)
    risen = low.value
    assert risen == pytest.approx(1 - math.exp(-ticks(0.1) / (RATE_HZ * 0.1)))
    for _ in range(ticks(0.4)):
        low.step(0.0)
    assert low.value == pytest.approx(risen * math.exp(-ticks(0.4) / (RATE_HZ * 0.4)))


def test_delay_compares_with_the_oldest_known_value() -> None:
    delay, changes = Delay(0.12), []
    for value in (1 + 0j, None, 4 + 2j, 5 + 2j, 6 + 2j):
        delay.push(value)
        changes.append(delay.change())
    assert changes == [
        None,
        None,
        (3 + 2j, 2 / RATE_HZ),
        (4 + 2j, 3 / RATE_HZ),
        (2 + 0j, 2 / RATE_HZ),
    ]


def test_running_median_forgets_and_waits() -> None:
    median = RunningQuantile(0.5, window_s=0.2, ready_s=0.12)
    median.push(5.0)
    median.push(None)
    median.push(7.0)
    waiting = median.value
    median.push(9.0)
    known = median.value
    for value in (1.0, 1.0, 2.0):
        median.push(value)
    assert (waiting, known, median.value) == (None, 7.0, 2.0)


def test_swings_counts_turns_that_are_large_enough() -> None:
    swings = Swings(size=0.5, span_s=0.4)
    counts = [swings.step(value) for value in (0.0, 1.0, 0.0, 0.4, 0.0, 1.0)]
    assert counts == [0, 0, 1, 1, 1, 2]
    for _ in range(ticks(0.4)):
        count = swings.step(1.0)
    assert count == 0


def test_swings_does_not_span_a_gap() -> None:
    swings = Swings(size=0.5, span_s=1.0)
    assert [swings.step(v) for v in (0.0, 1.0, 0.0, None, 1.0, 0.9)] == [0, 0, 1, 0, 0, 0]

"""Ticks at a pace, on a clock that moves when told to."""

import pytest

from benchmarks.engines.pacing import BACK_TO_BACK, PacedTimes, late_ratio, run_paced
from tests.fakes.clock import FakeClock


def run(rate_hz: float, durations_s: list[float]) -> PacedTimes:
    clock, times, left = FakeClock(), PacedTimes(), iter(durations_s)
    run_paced(lambda: clock.advance(next(left)), rate_hz, len(durations_s), clock, times)
    return times


def test_at_a_pace_each_tick_begins_when_it_is_due() -> None:
    times = run(100.0, [0.002, 0.004, 0.001])
    assert times.took == pytest.approx([2.0, 4.0, 1.0])
    assert times.age == pytest.approx(times.took)


def test_a_stall_makes_the_next_ticks_late_and_none_is_left_out() -> None:
    times = run(100.0, [0.025, 0.002, 0.002, 0.002])
    assert times.took == pytest.approx([25.0, 2.0, 2.0, 2.0])
    assert times.age == pytest.approx([25.0, 17.0, 9.0, 2.0])
    figures = times.figures(100.0, deadline_ms=20.0)
    assert figures["missed"] == {"deadline_ms": 20.0, "ratio": 0.25, "ratio_of_period": 0.5}


def test_back_to_back_nothing_waits() -> None:
    times = run(BACK_TO_BACK, [0.025, 0.002])
    assert times.age == times.took == pytest.approx([25.0, 2.0])
    assert times.figures(BACK_TO_BACK, 20.0)["missed"] == {"deadline_ms": 20.0, "ratio": 0.5}


def test_what_ends_at_the_deadline_is_in_time() -> None:
    assert late_ratio([1.0, 2.0, 2.1, 3.0], 2.0) == 0.5

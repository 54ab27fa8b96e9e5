import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import NS_PER_MS, NS_PER_S
from engine.runtime.governor.quantiles import StageForecast, StageQuantiles

WINDOW_NS = 3 * NS_PER_S


def ns(ms: float) -> int:
    return round(ms * NS_PER_MS)


def measured(*durations_ms: float, every_ms: float = 50.0) -> tuple[StageQuantiles, int]:
    """Calls one after the other, and the end of the last."""
    quantiles = StageQuantiles(WINDOW_NS)
    for place, duration_ms in enumerate(durations_ms, 1):
        quantiles.add(ns(duration_ms), ns(place * every_ms))
    return quantiles, ns(len(durations_ms) * every_ms)


def test_nothing_and_too_little_forecast_nothing() -> None:
    for few in ((), (40.0,), (40.0, 900.0)):
        quantiles, now_ns = measured(*few)
        assert quantiles.expected_ns(now_ns) is None
        assert quantiles.forecast(now_ns) == StageForecast(
            expected_ms=None, p95_ms=None, p99_ms=None, count=len(few)
        )


def test_quantiles_are_those_of_the_sorted_durations() -> None:
    durations_ms = [float(ms) for ms in range(1, 101)]
    random.Random(3).shuffle(durations_ms)
    quantiles, now_ns = measured(*durations_ms, every_ms=10.0)
    forecast = quantiles.forecast(now_ns)
    assert (forecast.p95_ms, forecast.p99_ms, forecast.count) == (95.0, 99.0, 100)


@pytest.mark.parametrize("place", range(20))
def test_one_outlier_is_no_forecast_however_few_calls_there_were(place: int) -> None:
    for count in range(max(3, place + 1), 21):
        durations_ms = [50.0] * count
        durations_ms[place] = 5000.0
        quantiles, now_ns = measured(*durations_ms)
        assert quantiles.expected_ns(now_ns) == ns(50.0)


def test_a_load_shows_after_a_few_calls() -> None:
    quantiles, now_ns = measured(*[50.0] * 40, *[150.0] * 4)
    assert quantiles.expected_ns(now_ns) == ns(150.0)


def test_a_load_is_forgotten_within_eight_calls_though_the_p95_still_has_it() -> None:
    quantiles, now_ns = measured(*[150.0] * 20, *[50.0] * 7)
    assert quantiles.expected_ns(now_ns) == ns(150.0)
    quantiles.add(ns(52.0), now_ns)
    assert quantiles.expected_ns(now_ns) == ns(52.0)
    assert quantiles.forecast(now_ns).p95_ms == 150.0


def test_what_is_older_than_the_window_is_forgotten() -> None:
    quantiles = StageQuantiles(WINDOW_NS)
    for at_s in (0.0, 0.1, 0.2, 0.3):
        quantiles.add(ns(400.0), round(at_s * NS_PER_S))
    for at_s in (3.0, 3.1, 3.2):
        quantiles.add(ns(60.0), round(at_s * NS_PER_S))
    assert quantiles.forecast(round(3.29 * NS_PER_S)).p99_ms == 60.0
    assert quantiles.forecast(round(3.31 * NS_PER_S)).count == 3


def test_the_last_three_do_not_age_so_that_a_rare_stage_stays_known() -> None:
    quantiles, now_ns = measured(*[50.0] * 10)
    assert quantiles.expected_ns(now_ns + 100 * WINDOW_NS) == ns(50.0)


def test_not_more_than_256_are_kept() -> None:
    quantiles, now_ns = measured(*[50.0] * 300, every_ms=1.0)
    assert quantiles.forecast(now_ns).count == 256


def test_seeds_stand_in_until_three_calls_were_measured() -> None:
    quantiles = StageQuantiles(WINDOW_NS, [ns(80.0)] * 20)
    assert quantiles.expected_ns(100 * NS_PER_S) == ns(80.0)
    assert quantiles.forecast(100 * NS_PER_S).count == 0
    for _ in range(2):
        quantiles.add(ns(40.0), 100 * NS_PER_S)
    assert quantiles.expected_ns(100 * NS_PER_S) == ns(80.0)
    quantiles.add(ns(40.0), 100 * NS_PER_S)
    assert quantiles.expected_ns(100 * NS_PER_S) == ns(40.0)


def test_restart_takes_other_seeds_and_forgets_the_rest() -> None:
    quantiles, now_ns = measured(*[50.0] * 10)
    quantiles.restart([ns(30.0)] * 3)
    assert quantiles.expected_ns(now_ns) == ns(30.0)
    quantiles.restart()
    assert quantiles.expected_ns(now_ns) is None


def test_forget_keeps_what_ended_at_that_instant_or_later() -> None:
    quantiles, now_ns = measured(*[400.0] * 5, *[50.0] * 3)
    quantiles.forget(ns(6 * 50.0))
    assert quantiles.forecast(now_ns).count == 3
    assert quantiles.expected_ns(now_ns) == ns(50.0)


def test_a_duration_below_zero_counts_as_zero() -> None:
    quantiles, now_ns = measured(-5.0, -6.0, -7.0)
    assert quantiles.expected_ns(now_ns) == 0


@given(st.lists(st.integers(0, 10**12), min_size=3, max_size=300))
def test_a_forecast_is_one_of_the_durations_and_never_above_the_p95(
    durations_ns: list[int],
) -> None:
    quantiles = StageQuantiles(WINDOW_NS)
    for duration_ns in durations_ns:
        quantiles.add(duration_ns, NS_PER_S)
    expected_ns, forecast = quantiles.expected_ns(NS_PER_S), quantiles.forecast(NS_PER_S)
    assert expected_ns in durations_ns
    assert forecast.p95_ms is not None
    assert forecast.p99_ms is not None
    assert expected_ns <= ns(forecast.p95_ms) + ns(0.0006)
    assert forecast.p95_ms <= forecast.p99_ms

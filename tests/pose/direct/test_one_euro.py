"""The One Euro filter."""

import math

import numpy as np
import pytest

from plugins.pose.direct.one_euro import OneEuroFilter, OneEuroGains
from plugins.pose.direct.region import F64

GAINS = OneEuroGains(min_cutoff_hz=1.0, beta=0.5)
STILL_ONLY = OneEuroGains(min_cutoff_hz=1.0, beta=0.0)
FRAME_NS = 33_333_333


def v(*numbers: float) -> F64:
    return np.array(numbers)


def run(gains: OneEuroGains, values: F64, fps: float, scale: float = 1.0) -> F64:
    made = OneEuroFilter(gains)
    given = [made.step(v(one), round(i * 1e9 / fps), scale) for i, one in enumerate(values)]
    return np.array(given)[:, 0]


def by_the_paper(gains: OneEuroGains, values: F64, times_s: F64, scale: float) -> list[float]:
    """Algorithm 1 of the paper for one number, but for the derivative's last value: unfiltered."""

    def alpha(cutoff_hz: float, dt_s: float) -> float:
        return 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz) / dt_s)

    given, derivative = [float(values[0])], 0.0
    for i in range(1, len(values)):
        dt_s = float(times_s[i] - times_s[i - 1])
        slope = float(values[i] - values[i - 1]) * scale / dt_s
        weight = alpha(gains.speed_cutoff_hz, dt_s)
        derivative = weight * slope + (1.0 - weight) * derivative
        weight = alpha(gains.min_cutoff_hz + gains.beta * abs(derivative), dt_s)
        given.append(weight * float(values[i]) + (1.0 - weight) * given[-1])
    return given


@pytest.mark.parametrize("scale", [1.0, 0.02])
def test_it_is_the_papers_filter_number_by_number(scale: float) -> None:
    random = np.random.default_rng(3)
    values = np.cumsum(random.normal(0, 10, (60, 4, 3)), axis=0)
    times_ns = np.cumsum(random.integers(10_000_000, 90_000_000, 60))
    gains = OneEuroGains(min_cutoff_hz=0.7, beta=0.9, speed_cutoff_hz=1.5)
    made = OneEuroFilter(gains)
    given = np.array(
        [made.step(one, int(t), scale) for one, t in zip(values, times_ns, strict=True)]
    )
    for point, axis in np.ndindex(4, 3):
        expected = by_the_paper(gains, values[:, point, axis], times_ns / 1e9, scale)
        np.testing.assert_allclose(given[:, point, axis], expected, rtol=1e-9)


def test_the_first_values_pass() -> None:
    np.testing.assert_array_equal(OneEuroFilter(GAINS).step(v(3.0, -1.0), 5), v(3.0, -1.0))


def test_what_stays_stays() -> None:
    assert run(GAINS, np.full(50, 7.25), 30) == pytest.approx(7.25, abs=1e-12)


def test_a_step_is_approached_from_one_side() -> None:
    given = run(GAINS, np.array([0.0] * 5 + [1.0] * 90), 30)[5:]
    assert (np.diff(given) > 0).all()
    assert 0 < given[0] < 1
    assert given[-1] == pytest.approx(1.0, abs=1e-3)


def test_without_beta_half_of_a_step_is_made_when_its_cutoff_says() -> None:
    # A first-order low-pass at 1 Hz makes 1 - 1/e of a step in 1 / (2 pi) s.
    fps = 10_000
    given = run(STILL_ONLY, np.array([0.0] + [1.0] * fps), fps)
    assert given[round(fps / (2 * math.pi))] == pytest.approx(1 - 1 / math.e, abs=1e-3)


@pytest.mark.parametrize("gains", [STILL_ONLY, GAINS, OneEuroGains(0.05, 8.0)])
def test_a_slow_signal_comes_out_alike_at_any_rate(gains: OneEuroGains) -> None:
    seconds = 20
    given = [
        run(gains, np.sin(2 * math.pi * 0.1 * np.arange(seconds * fps + 1) / fps), fps)[
            :: fps // 10
        ]
        for fps in (10, 30, 90)
    ]
    assert np.abs(given[1] - given[2]).max() < 0.005
    assert np.abs(given[0] - given[2]).max() < 0.02


def test_quick_motion_lags_less_long_than_slow_motion() -> None:
    def lag_s(speed: float) -> float:
        values = speed * np.arange(300) / 30
        return float((values - run(GAINS, values, 30))[-1] / speed)

    assert lag_s(10.0) < 0.5 * lag_s(1.0) < 0.5 * lag_s(0.1)
    # At rest a low-pass at 1 Hz lags by 1 / (2 pi) s.
    assert lag_s(1e-6) == pytest.approx(1 / (2 * math.pi), rel=0.01)


def test_scale_is_the_unit_of_speed() -> None:
    values = np.cumsum(np.random.default_rng(4).normal(0, 1, 50))
    np.testing.assert_allclose(
        run(GAINS, values * 100, 30, scale=0.01), run(GAINS, values, 30) * 100, rtol=1e-9
    )


def test_each_value_has_its_own_speed() -> None:
    made = OneEuroFilter(OneEuroGains(min_cutoff_hz=0.1, beta=10.0))
    for i in range(30):
        given = made.step(v(0.001 * (i % 2), float(i)), i * FRAME_NS)
    # With the other's speed it would have followed to 0.001.
    assert given[0] < 0.0005
    assert given[1] == pytest.approx(29, abs=0.5)


@pytest.mark.parametrize("time_ns", [FRAME_NS, FRAME_NS - 1, 0, -5])
def test_values_pass_while_time_does_not_advance_and_change_nothing(time_ns: int) -> None:
    made, other = OneEuroFilter(GAINS), OneEuroFilter(GAINS)
    for one in (made, other):
        one.step(v(0.0), 0)
        one.step(v(1.0), FRAME_NS)
    assert made.step(v(50.0), time_ns) == v(50.0)
    assert made.step(v(2.0), 2 * FRAME_NS) == other.step(v(2.0), 2 * FRAME_NS)


def test_reset_forgets() -> None:
    made = OneEuroFilter(GAINS)
    for i in range(5):
        made.step(v(float(i)), i * FRAME_NS)
    made.reset()
    assert made.step(v(100.0), 0) == v(100.0)
    fresh = OneEuroFilter(GAINS)
    fresh.step(v(100.0), 0)
    assert made.step(v(101.0), FRAME_NS) == fresh.step(v(101.0), FRAME_NS)


def test_neither_what_came_nor_what_was_given_is_written_to() -> None:
    made = OneEuroFilter(GAINS)
    came = [v(float(i * i)) for i in range(4)]
    given = [made.step(one, i * FRAME_NS) for i, one in enumerate(came)]
    kept = [one.copy() for one in given]
    came[-1] += 100.0
    after = made.step(v(16.0), 4 * FRAME_NS)
    assert after < 50
    assert given[1:] == kept[1:]
    assert [float(one[0]) for one in came[:3]] == [0.0, 1.0, 4.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_passes_and_spoils_nothing_after_it(bad: float) -> None:
    made, fresh = OneEuroFilter(GAINS), OneEuroFilter(GAINS)
    made.step(v(0.0, 1.0), 0)
    np.testing.assert_array_equal(made.step(v(bad, 2.0), FRAME_NS), v(bad, 2.0))
    for i in range(2, 5):
        given = made.step(v(3.0, float(i)), i * FRAME_NS)
        np.testing.assert_array_equal(given, fresh.step(v(3.0, float(i)), i * FRAME_NS))

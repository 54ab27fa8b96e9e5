"""The random processes behind the landmark noise, at any frame rate."""

import numpy as np
import pytest

from engine.poses import F32
from training.simulator.landmarks.processes import drift, follow, steps_s, switch, wander

RATES = pytest.mark.parametrize("fps", [5.0, 30.0, 60.0])


def steps(sequences: int, seconds: float, fps: float) -> F32:
    frames = round(seconds * fps)
    return steps_s(np.broadcast_to(np.arange(frames) / fps, (sequences, frames)))


def correlation(values: F32, lag: int) -> float:
    return float((values[:, lag:] * values[:, :-lag]).mean() / (values**2).mean())


@RATES
def test_wander_forgets_exponentially(fps: float) -> None:
    out = wander(steps(40, 60.0, fps), 0.4, 5, np.random.default_rng(0))
    assert out.std() == pytest.approx(1.0, abs=0.04)
    assert correlation(out, round(0.4 * fps)) == pytest.approx(np.exp(-1.0), abs=0.04)


@RATES
def test_drift_is_smooth(fps: float) -> None:
    out = drift(steps(40, 60.0, fps), 0.4, 5, np.random.default_rng(0))
    assert out.std() == pytest.approx(1.0, abs=0.04)
    assert correlation(out, round(0.4 * fps)) == pytest.approx(2.0 * np.exp(-1.0), abs=0.03)


def test_drift_may_have_many_time_constants() -> None:
    taus_s = np.array([0.1, 1.0], np.float32)
    out = drift(steps(40, 60.0, 20.0), taus_s, 2, np.random.default_rng(0))
    for channel, tau_s in enumerate((0.1, 1.0)):
        found = correlation(out[..., channel], round(tau_s * 20.0))
        assert found == pytest.approx(2.0 * np.exp(-1.0), abs=0.06)


def test_uneven_frames_do_not_change_a_drift() -> None:
    rng = np.random.default_rng(1)
    t_s = np.cumsum(rng.choice([0.01, 0.09], (60, 1200)), axis=1)
    out = drift(steps_s(t_s), 0.4, 2, rng)
    assert out.std() == pytest.approx(1.0, abs=0.05)


@RATES
def test_switch_keeps_its_equilibrium(fps: float) -> None:
    dt_s = steps(40, 60.0, fps)
    on = np.full((*dt_s.shape, 1), 2.0, np.float32)
    out = switch(on, on / 2, dt_s, np.random.default_rng(0))
    assert out.mean() == pytest.approx(2 / 3, abs=0.03)
    assert out[:, 0].mean() == pytest.approx(2 / 3, abs=0.2)


def test_switch_stays_off_without_a_rate() -> None:
    dt_s = steps(10, 10.0, 30.0)
    off = np.zeros((*dt_s.shape, 1), np.float32)
    assert not switch(off, off + 1.0, dt_s, np.random.default_rng(0)).any()


@RATES
def test_follow_takes_its_time(fps: float) -> None:
    dt_s = steps(1, 2.0, fps)
    target = np.ones((*dt_s.shape, 1), np.float32)
    target[:, 0] = 0.0
    out = follow(target, dt_s, 0.4)
    assert out[0, round(0.4 * fps), 0] == pytest.approx(1.0 - np.exp(-1.0), abs=0.01)
    assert follow(target, dt_s, 0.0) is target

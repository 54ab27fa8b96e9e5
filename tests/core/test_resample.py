from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import ResampleConfig
from engine.core.resample import Resampler, Tick
from engine.poses import NO_PERSON, SPARSE, PoseSample
from engine.skeletons import HOLISTIC_75
from tests.fakes.samples import nobody, upright

NOSE = HOLISTIC_75.index("nose")
WRIST = HOLISTIC_75.index("left_wrist")


def ticks_of(samples: list[PoseSample]) -> list[Tick]:
    resampler = Resampler(ResampleConfig(), 25.0)
    return [tick for sample in samples for tick in resampler.step(sample)]


def test_samples_on_the_grid_pass_unchanged() -> None:
    samples = [upright(i / 25, dx=i / 100) for i in range(10)]
    ticks = ticks_of(samples)
    assert [t.t_ns for t in ticks] == [s.capture_ns for s in samples]
    for tick, sample in zip(ticks, samples, strict=True):
        np.testing.assert_array_equal(tick.joints, sample.joints)


@pytest.mark.parametrize("fps", [5, 12, 15, 24, 29.97, 30, 50, 60])
def test_motion_has_the_same_speed_at_every_frame_rate(fps: float) -> None:
    samples = [upright(i / fps, dx=0.1 * i / fps) for i in range(int(3 * fps) + 1)]
    ticks = ticks_of(samples)
    assert all(t.valid for t in ticks)
    assert 75 <= len(ticks) <= 76
    moved = [float(t.joints[NOSE, 0]) for t in ticks]
    np.testing.assert_allclose(np.diff(moved), 0.1 / 25, atol=1e-5)


def test_one_missed_frame_leaves_no_gap() -> None:
    samples = [nobody(i / 25) if i == 5 else upright(i / 25) for i in range(10)]
    assert all(tick.valid for tick in ticks_of(samples))


def test_a_long_absence_is_marked_with_its_reason() -> None:
    samples = [nobody(i / 25) if 5 <= i < 25 else upright(i / 25) for i in range(35)]
    ticks = ticks_of(samples)
    assert len(ticks) == 35
    gap = [tick for tick in ticks if not tick.valid]
    assert [t.t_ns for t in gap] == [samples[i].capture_ns for i in range(5, 25)]
    assert {tick.reason for tick in gap} == {NO_PERSON}
    assert not any(tick.joints.any() for tick in gap)


def test_absence_is_told_while_it_lasts() -> None:
    resampler = Resampler(ResampleConfig(max_gap_s=0.3), 25.0)
    resampler.step(upright(0.0))
    given_at = [i for i in range(1, 20) if resampler.step(nobody(i / 25))]
    assert given_at[0] / 25 == pytest.approx(0.32)


def test_samples_too_far_apart_are_not_joined() -> None:
    ticks = ticks_of([upright(0.0), upright(1.0, dx=0.5)])
    assert [t.valid for t in ticks] == [True] + [False] * 24 + [True]
    assert ticks[1].reason == SPARSE


def test_a_joint_seen_on_one_side_only_is_taken_from_there() -> None:
    with_wrist = upright(0.0, {"left_wrist": (0.4, 0.8)})
    ticks = ticks_of([with_wrist, upright(0.1)])
    assert float(ticks[1].joints[WRIST, 2]) == 1.0  # 0.04 s: nearer to the first
    np.testing.assert_allclose(ticks[1].joints[WRIST], [0.4, 0.8, 1.0], atol=1e-6)
    assert not ticks[2].joints[WRIST].any()  # 0.08 s: nearer to the second


def deep(sample: PoseSample, depth: float) -> PoseSample:
    return replace(sample, depth=np.float32(depth) * (sample.joints[:, 2] > 0).astype(np.float32))


def test_depth_is_interpolated_as_the_joints_are() -> None:
    ticks = ticks_of([deep(upright(0.0), 1.0), deep(upright(0.1), 2.0)])
    depths = [float(t.depth[NOSE]) for t in ticks]
    np.testing.assert_allclose(depths, [1.0, 1.4, 1.8], atol=1e-6)
    assert all(t.depth.shape == (75,) and t.depth.dtype == np.float32 for t in ticks)


def test_depth_of_a_joint_seen_on_one_side_only_is_taken_from_there() -> None:
    with_wrist = deep(upright(0.0, {"left_wrist": (0.4, 0.8)}), 1.0)
    ticks = ticks_of([with_wrist, deep(upright(0.1), 2.0)])
    assert [float(t.depth[WRIST]) for t in ticks] == [1.0, 1.0, 0.0]


def test_a_sample_without_depth_is_not_mixed_into_one_with_it() -> None:
    ticks = ticks_of([deep(upright(0.0), 1.0), upright(0.1), upright(0.2)])
    assert [float(t.depth[NOSE]) for t in ticks] == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]


def test_there_is_no_depth_in_a_gap() -> None:
    ticks = ticks_of([deep(upright(0.0), 1.0), deep(upright(1.0), 1.0)])
    gap = [t for t in ticks if not t.valid]
    assert len(gap) == 24
    assert not any(t.depth.any() for t in gap)
    assert {t.depth.shape for t in gap} == {(75,)}


def test_a_jump_of_hours_does_not_fill_them_with_ticks() -> None:
    resampler = Resampler(ResampleConfig(), 25.0)
    resampler.step(upright(0.0))
    jumped = resampler.step(upright(36_000.0))
    assert len(jumped) < 200
    assert [t.valid for t in resampler.step(upright(36_000.04))] == [True]


def test_reset_begins_a_new_grid() -> None:
    resampler = Resampler(ResampleConfig(), 25.0)
    resampler.step(upright(0.0))
    resampler.reset()
    assert [t.t_ns for t in resampler.step(upright(0.013))] == [13_000_000]


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=80))
def test_ticks_are_an_unbroken_grid_and_never_ahead_of_time(steps: list[tuple[int, bool]]) -> None:
    resampler = Resampler(ResampleConfig(), 25.0)
    now_ms, ticks = 0, []
    for step_ms, valid in steps:
        sample = upright(0) if valid else nobody(0)
        fresh = resampler.step(replace(sample, capture_ns=now_ms * 1_000_000))
        assert all(tick.t_ns <= now_ms * 1_000_000 for tick in fresh)
        ticks += fresh
        now_ms += step_ms
    assert [t.t_ns for t in ticks] == [i * 40_000_000 for i in range(len(ticks))]

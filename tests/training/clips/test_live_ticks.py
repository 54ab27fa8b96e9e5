"""What a live recogniser is shown of a stream, against the engine's own core."""

from collections.abc import Iterator

import numpy as np
import pytest

from engine.config import Config
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.poses import F32, Bools, PoseSample
from engine.skeletons import HOLISTIC_75
from tests.fakes.samples import nobody, upright
from tests.training.clips.sets import poses_of
from tests.training.clips.sets import upright as points_of
from training.clips.live_ticks import Stretch, live_stretches, poses_as_samples
from training.evaluation.listener import Listener


def swaying(start_s: float, seconds: float, rate_hz: float = 30.0) -> Iterator[PoseSample]:
    for k in range(round(seconds * rate_hz)):
        yield upright(start_s + k / rate_hz, dx=0.03 * np.sin(k / 9.0))


class Noting(Listener):
    """Notes instants and joints as the core gives them."""

    def __init__(self) -> None:
        super().__init__(HOLISTIC_75)
        self.all: list[F32] = []

    def step(self, x: F32, active: Bools | None = None) -> F32:
        self.all.append(x[0].copy())
        return super().step(x, active)


def test_it_is_what_the_engine_gives_its_recogniser_in_the_joints_of_imigue() -> None:
    samples = [*swaying(3.0, 2.0), *(nobody(5.0 + k / 30.0) for k in range(14))]
    samples += list(swaying(5.5, 2.0))
    model = Noting()
    core = LoneStream(StreamCore(Config(), model), model)
    for sample in samples:
        core.step(sample)
    (stretch,) = live_stretches(samples)
    given = np.stack(model.all)
    assert stretch.ticks.shape == (len(given), 22, 3)
    gaps = ~given.any(axis=(1, 2))
    assert 5 < gaps.sum() < 20
    assert not stretch.ticks[gaps].any()
    nose, neck = stretch.ticks[:, 0], stretch.ticks[:, 1]
    shoulders = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]
    np.testing.assert_array_equal(nose, given[:, 0, :3])
    np.testing.assert_allclose(neck[:, :2], given[:, shoulders, :2].mean(axis=1), atol=1e-6)


def test_a_long_gap_ends_a_stretch_and_each_knows_when_it_began() -> None:
    samples = [*swaying(3.0, 1.0), *(nobody(4.0 + k / 30.0) for k in range(60)), *swaying(6.0, 2.0)]
    one, other = live_stretches(samples)
    assert one.start_s == 0.0
    assert other.start_s == pytest.approx(3.0, abs=0.05)
    assert len(other.ticks) == pytest.approx(50, abs=2)


def test_a_pause_without_samples_ends_a_stretch_too() -> None:
    one, other = live_stretches([*swaying(3.0, 1.0), *swaying(20.0, 1.0)])
    assert other.start_s == pytest.approx(17.0, abs=0.05)
    assert one.ticks[:20].any(axis=(1, 2)).all()
    assert len(other.ticks) == pytest.approx(25, abs=2)


def test_nothing_of_a_tick_depends_on_what_comes_later() -> None:
    samples = list(swaying(3.0, 3.0))
    (whole,), (part,) = live_stretches(samples), live_stretches(samples[:45])
    np.testing.assert_array_equal(part.ticks, whole.ticks[: len(part.ticks)])


def test_points_of_a_video_are_what_the_same_recording_is() -> None:
    points = points_of(50)
    points[:, :, 0] += 40.0 * np.sin(np.arange(50) / 5.0)[:, None].astype(np.float32)
    (stretch,) = live_stretches(poses_as_samples(poses_of(points), 25.0))
    assert isinstance(stretch, Stretch)
    assert len(stretch.ticks) == 50
    apart = stretch.ticks[:, 2] - stretch.ticks[:, 5]
    assert np.hypot(apart[:, 0], apart[:, 1]) == pytest.approx(1.0, abs=1e-3)


def test_frames_that_failed_are_a_gap() -> None:
    poses = poses_of(points_of(60), failed=range(20, 34))
    (stretch,) = live_stretches(poses_as_samples(poses, 25.0))
    assert not stretch.ticks[24:32].any()
    assert stretch.ticks[[10, 40]].any(axis=(1, 2)).all()


def test_nothing_gives_nothing() -> None:
    assert list(live_stretches([])) == []

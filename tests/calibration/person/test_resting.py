import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.person.resting import (
    HEAD_NOT_VISIBLE,
    HEAD_TURNED,
    MIN_STILL_S,
    SHOULDERS_NOT_VISIBLE,
    STILL_RANGE,
    RestingMeasurement,
)
from engine.errors import CalibrationError
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from tests.fakes.samples import upright

# What `upright` looks like in 640 by 480: shoulders 128 px and ears 51.2 px apart.
PER_EAR = 128 / 51.2
HEIGHT = 0.21 * 480 / 128
PITCH = 0.01 * 480 / 51.2
RATIO = 0.2


def measured(samples: list[PoseSample]) -> RestingMeasurement:
    measurement = RestingMeasurement(HOLISTIC_75)
    for sample in samples:
        measurement.add(sample)
    return measurement


def sitting(seconds: float) -> list[PoseSample]:
    return [upright(k / 10) for k in range(round(seconds * 10))]


def without(sample: PoseSample, *joints: str) -> PoseSample:
    array = sample.joints.copy()
    array[[HOLISTIC_75.index(name) for name in joints]] = 0.0
    return replace(sample, joints=array)


def test_proportions_are_measured_in_square_pixels() -> None:
    resting = measured(sitting(8.0)).finish()
    assert resting.shoulder_per_ear_width == pytest.approx(PER_EAR, abs=1e-3)
    assert resting.head_height == pytest.approx(HEIGHT, abs=1e-3)
    assert resting.head_pitch == pytest.approx(PITCH, abs=1e-3)
    assert resting.shoulder_width_ratio == pytest.approx(RATIO, abs=1e-3)


@pytest.mark.parametrize(
    ("hidden", "refusal"),
    [
        ("left_shoulder", SHOULDERS_NOT_VISIBLE),
        ("right_shoulder", SHOULDERS_NOT_VISIBLE),
        ("left_ear", HEAD_NOT_VISIBLE),
        ("nose", HEAD_NOT_VISIBLE),
    ],
)
def test_a_frame_without_what_is_measured_is_refused(hidden: str, refusal: str) -> None:
    assert RestingMeasurement(HOLISTIC_75).add(without(upright(0.0), hidden)) == refusal


def test_a_turned_head_is_refused() -> None:
    turned = upright(0.0, {"nose": (0.55, 0.30)})
    assert RestingMeasurement(HOLISTIC_75).add(turned) == HEAD_TURNED


@pytest.mark.parametrize(
    ("together", "refusal"),
    [
        (("left_ear", "right_ear"), HEAD_TURNED),
        (("left_shoulder", "right_shoulder"), SHOULDERS_NOT_VISIBLE),
    ],
)
def test_joints_on_one_spot_give_no_proportion(together: tuple[str, str], refusal: str) -> None:
    sample = upright(0.0, dict.fromkeys(together, (0.5, 0.3)))
    assert RestingMeasurement(HOLISTIC_75).add(sample) == refusal


def test_too_few_still_seconds_are_refused_with_both_numbers() -> None:
    with pytest.raises(CalibrationError, match=rf"at least {MIN_STILL_S} s .* got 4 s of 4 s"):
        measured(sitting(4.0)).finish()


def test_a_swaying_person_is_not_still() -> None:
    sway = [upright(k / 10, dx=0.05 * math.sin(k)) for k in range(200)]
    with pytest.raises(CalibrationError, match="got 0 s of 20 s measured"):
        measured(sway).finish()


def test_stillness_is_a_part_of_the_shoulder_width() -> None:
    for part, still in ((0.9, True), (1.2, False)):
        # Back and forth from frame to frame; image x in widths, shoulders 0.2 of them.
        dx = part * STILL_RANGE * 0.2
        samples = [upright(k / 10, dx=dx * (k % 2)) for k in range(100)]
        if still:
            measured(samples).finish()
        else:
            with pytest.raises(CalibrationError):
                measured(samples).finish()


def test_hands_may_move() -> None:
    waving = [upright(k / 10, {"left_wrist": (0.5 + 0.4 * math.sin(k), 0.5)}) for k in range(100)]
    assert measured(waving).finish().shoulder_per_ear_width == pytest.approx(PER_EAR, abs=1e-3)


def test_seconds_of_another_pose_are_outvoted() -> None:
    leaning = [upright(10 + k / 10, {"nose": (0.5, 0.4)}) for k in range(40)]
    resting = measured([*sitting(10.0), *leaning]).finish()
    assert resting.head_pitch == pytest.approx(PITCH, abs=1e-3)


def test_a_second_has_one_vote_whatever_the_frame_rate() -> None:
    fast = [upright(20 + k / 100, {"nose": (0.5, 0.4)}) for k in range(400)]
    resting = measured([*sitting(10.0), *fast]).finish()
    assert resting.head_pitch == pytest.approx(PITCH, abs=1e-3)


def test_the_same_second_of_two_epochs_is_not_one_second() -> None:
    here, there = sitting(8.0), [upright(k / 10, epoch=1, dx=0.3) for k in range(80)]
    assert measured([*here, *there]).finish().shoulder_width_ratio == pytest.approx(RATIO, abs=1e-3)


@given(jitter=st.integers(0, 2**32 - 1), scale=st.floats(0.3, 1.5))
def test_jitter_of_the_network_does_not_matter(jitter: int, scale: float) -> None:
    rng = np.random.default_rng(jitter)
    samples = []
    for sample in sitting(8.0):
        array = sample.joints.copy()
        array[:, :2] *= np.float32(scale)
        array[:, :2] += rng.normal(0, 0.001 * scale, (len(array), 2)).astype(np.float32)
        samples.append(replace(sample, joints=array))
    resting = measured(samples).finish()
    assert resting.shoulder_per_ear_width == pytest.approx(PER_EAR, rel=0.02)
    assert resting.head_height == pytest.approx(HEIGHT, rel=0.02)

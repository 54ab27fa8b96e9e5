"""From one person's landmarks to samples."""

import time

import numpy as np
import pytest

from engine.core.pose_check import checked
from engine.frames import Frame
from engine.poses import (
    FRAME_TOO_SMALL,
    IMPLAUSIBLE,
    NO_PERSON,
    NOT_FINITE,
    PERSON_LOST,
    UNCONFIRMED,
    PoseSample,
)
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from plugins.pose.landmarks import Landmarks
from plugins.pose.person_sampler import PersonSampler, nobody
from plugins.pose.plausibility import CORE_JOINTS, PlausibilityConfig
from tests.pose.figures import HEIGHT_PX, NOTHING, WIDTH_PX, body, person

AT_ONCE = PlausibilityConfig(accept_after_s=0.0)
GHOST = Landmarks(body=body(shoulders_px=20.0), body_score=0.99)
FRAME_NS = 40_000_000


def frame(i: int = 0, epoch: int = 0) -> Frame:
    return Frame(np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8), i * FRAME_NS, epoch, i)


def sample(made: PersonSampler, found: Landmarks, i: int = 0) -> PoseSample:
    return checked(made.sample(frame(i), i, found, time.perf_counter_ns()))


def test_a_person_is_laid_out_with_frame_and_time() -> None:
    started_ns = time.perf_counter_ns() - 7_000_000
    seen = checked(PersonSampler(AT_ONCE).sample(frame(3, epoch=2), 9, person(), started_ns))
    assert seen.valid
    assert (seen.capture_ns, seen.epoch, seen.seq) == (3 * FRAME_NS, 2, 9)
    assert (seen.width_px, seen.height_px) == (WIDTH_PX, HEIGHT_PX)
    assert seen.parts == ("body", "left_hand", "right_hand")
    assert 7.0 <= seen.pose_ms < 1000.0


def test_it_gives_the_joint_set_that_it_is_told() -> None:
    made = PersonSampler(AT_ONCE, HOLISTIC_97)
    for found in (person(), NOTHING, GHOST):
        seen = sample(made, found)
        assert (seen.skeleton, len(seen.joints)) == ("holistic97", 97)
    assert len(nobody(frame(), 0, NO_PERSON, 0, HOLISTIC_97).joints) == 97


def test_nobody_and_somebody_lost_have_no_joints_but_a_reason() -> None:
    made = PersonSampler(AT_ONCE)
    reasons = [
        sample(made, found, i).reason for i, found in enumerate((NOTHING, person(), NOTHING))
    ]
    assert reasons == [NO_PERSON, "", PERSON_LOST]
    assert not sample(made, NOTHING, 3).joints.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_core_joint_that_is_not_finite_spoils_the_frame_and_loses_the_person(bad: float) -> None:
    made = PersonSampler(AT_ONCE)
    sample(made, person())
    points = body()
    points[CORE_JOINTS[0], 1] = bad
    assert sample(made, Landmarks(body=points, body_score=0.99), 1).reason == NOT_FINITE
    assert sample(made, NOTHING, 2).reason == PERSON_LOST


def test_another_joint_that_is_not_finite_is_missing_alone() -> None:
    points = body()
    knee = HOLISTIC_75.index("left_knee")
    points[knee] = np.nan
    seen = sample(PersonSampler(AT_ONCE), Landmarks(body=points, body_score=0.99))
    assert seen.valid
    assert not seen.joints[knee].any()


def test_how_long_there_was_nothing_but_a_ghost() -> None:
    made = PersonSampler(AT_ONCE)
    assert made.implausible_s(0) == 0.0
    assert sample(made, GHOST, 10).reason == IMPLAUSIBLE
    assert made.implausible_s(10 * FRAME_NS) == 0.0
    for i in range(11, 36):
        sample(made, GHOST, i)
    assert made.implausible_s(35 * FRAME_NS) == pytest.approx(1.0)


@pytest.mark.parametrize("found", [person(), NOTHING])
def test_anything_else_ends_that_time(found: Landmarks) -> None:
    made = PersonSampler(AT_ONCE)
    sample(made, GHOST, 0)
    sample(made, found, 1)
    assert made.implausible_s(10 * FRAME_NS) == 0.0


def test_reset_forgets_the_person_and_the_ghost() -> None:
    made = PersonSampler(PlausibilityConfig())
    for i in range(10):
        sample(made, person(), i)
    made.reset()
    assert sample(made, person(), 0).reason == UNCONFIRMED
    sample(made, GHOST, 1)
    made.reset()
    assert made.implausible_s(5 * FRAME_NS) == 0.0


def test_a_frame_nobody_looked_at_tells_why() -> None:
    seen = checked(nobody(frame(3, epoch=2), 9, FRAME_TOO_SMALL, time.perf_counter_ns()))
    assert (seen.valid, seen.reason) == (False, FRAME_TOO_SMALL)
    assert (seen.capture_ns, seen.epoch, seen.seq) == (3 * FRAME_NS, 2, 9)
    assert (seen.width_px, seen.height_px) == (WIDTH_PX, HEIGHT_PX)

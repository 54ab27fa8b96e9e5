"""The estimator around its networks: what it makes of what they report."""

import sys

import msgspec
import numpy as np
import pytest

from engine.core.pose_check import checked
from engine.errors import ConfigError, ModelError
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
from engine.registry import create
from engine.skeletons import HOLISTIC_75
from plugins.pose.landmarks import Landmarks
from plugins.pose.mediapipe.estimator import MediapipePose
from plugins.pose.picture import shrink
from plugins.pose.plausibility import CORE_JOINTS, PlausibilityConfig
from tests.pose.figures import HEIGHT_PX, NOTHING, WIDTH_PX, ScriptedGraph, body, person

AT_ONCE = MediapipePose.Config(plausibility=PlausibilityConfig(accept_after_s=0.0))


def frame(i: int = 0, size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX), epoch: int = 0) -> Frame:
    return Frame(np.zeros((size[1], size[0], 3), np.uint8), i * 40_000_000, epoch, i)


def estimator(*found: Landmarks, config: MediapipePose.Config = AT_ONCE) -> MediapipePose:
    return MediapipePose(config, graph=ScriptedGraph(*found))


def only(made: MediapipePose) -> PoseSample:
    return checked(made.step(frame(), 7))


def test_a_person_is_published_with_all_that_is_known() -> None:
    made = estimator(person())
    sample = checked(made.step(frame(3, epoch=2), 7))
    assert sample.valid
    assert sample.reason == ""
    assert (sample.capture_ns, sample.epoch, sample.seq) == (120_000_000, 2, 7)
    assert (sample.width_px, sample.height_px) == (640, 480)
    assert sample.skeleton == "holistic75"
    assert sample.parts == ("body", "left_hand", "right_hand")
    assert sample.pose_ms > 0
    assert sample.depth is not None
    assert sample.joints[HOLISTIC_75.index("nose"), 2] == pytest.approx(0.99)


def test_partial_view_is_valid() -> None:
    sample = only(estimator(Landmarks(body=body(), body_score=0.95)))
    assert sample.valid
    assert sample.parts == ("body",)


def test_nobody_then_a_person_then_lost_then_nobody() -> None:
    config = MediapipePose.Config()
    made = estimator(*[NOTHING] * 2, *[person()] * 10, NOTHING, config=config)
    reasons = [checked(made.step(frame(i), i)).reason for i in range(50)]
    assert reasons[:2] == [NO_PERSON] * 2
    assert reasons[2:5] == [UNCONFIRMED] * 3
    assert reasons[5:12] == [""] * 7
    assert set(reasons[12:36]) == {PERSON_LOST}
    assert set(reasons[37:]) == {NO_PERSON}


def test_a_ghost_is_held_back_without_its_joints() -> None:
    sample = only(estimator(Landmarks(body=body(shoulders_px=20.0), body_score=0.99)))
    assert not sample.valid
    assert sample.reason == IMPLAUSIBLE
    assert not sample.joints.any()


def test_an_unsure_network_is_not_believed_at_first() -> None:
    assert only(estimator(person(score=0.7))).reason == IMPLAUSIBLE


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("joint", CORE_JOINTS)
def test_a_core_joint_that_is_not_finite_spoils_the_frame(joint: int, bad: float) -> None:
    points = body()
    points[joint, 0] = bad
    sample = only(estimator(Landmarks(body=points, body_score=0.99)))
    assert not sample.valid
    assert sample.reason == NOT_FINITE
    assert not sample.joints.any()


def test_any_other_joint_that_is_not_finite_is_missing() -> None:
    points = body()
    points[HOLISTIC_75.index("left_knee")] = np.nan
    sample = only(estimator(Landmarks(body=points, body_score=0.99)))
    assert sample.valid
    assert not sample.joints[HOLISTIC_75.index("left_knee")].any()


def test_a_score_that_is_not_finite_is_no_person() -> None:
    assert only(estimator(Landmarks(body=body(), body_score=float("nan")))).reason == IMPLAUSIBLE


@pytest.mark.parametrize("size", [(1, 1), (15, 480), (640, 1)])
def test_a_picture_too_small_for_anybody_never_reaches_the_networks(size: tuple[int, int]) -> None:
    graph = ScriptedGraph(person())
    sample = checked(MediapipePose(AT_ONCE, graph=graph).step(frame(size=size), 0))
    assert sample.reason == FRAME_TOO_SMALL
    assert (sample.width_px, sample.height_px) == size
    assert graph.sizes_px == []


def test_a_large_picture_is_shrunk_but_reported_at_its_size() -> None:
    graph = ScriptedGraph(person())
    sample = MediapipePose(AT_ONCE, graph=graph).step(frame(size=(7680, 4320)), 0)
    assert graph.sizes_px == [(1280, 720)]
    assert (sample.width_px, sample.height_px) == (7680, 4320)


def test_shrinking_keeps_the_picture() -> None:
    image = np.zeros((2000, 3000, 3), np.uint8)
    image[:, 1500:] = (10, 200, 30)
    small = shrink(image, 300)
    assert small.shape == (200, 300, 3)
    assert small.dtype == np.uint8
    assert small.flags.c_contiguous
    np.testing.assert_array_equal(small[100, 299], (10, 200, 30))
    assert not small[:, :149].any()


@pytest.mark.parametrize(("size", "bound"), [((640, 480), 640), ((640, 480), 0)])
def test_a_picture_within_the_bound_is_not_touched(size: tuple[int, int], bound: int) -> None:
    image = frame(size=size).image
    assert shrink(image, bound) is image


def test_a_strip_keeps_at_least_one_row() -> None:
    assert shrink(np.zeros((16, 32_000, 3), np.uint8), 100).shape == (1, 100, 3)


def test_networks_get_capture_time() -> None:
    graph = ScriptedGraph(person())
    made = MediapipePose(AT_ONCE, graph=graph)
    for i in range(3):
        made.step(frame(i), i)
    assert graph.times_us == [0, 40_000, 80_000]


def test_reset_forgets_the_person_and_restarts_the_networks() -> None:
    graph = ScriptedGraph(*[person()] * 10, NOTHING)
    made = MediapipePose(MediapipePose.Config(), graph=graph)
    assert [made.step(frame(i), i) for i in range(10)][-1].valid
    made.reset()
    assert graph.restarts == 1
    assert made.step(frame(0, epoch=1), 10).reason == NO_PERSON


def test_reset_starts_a_new_probation() -> None:
    made = estimator(person(), config=MediapipePose.Config())
    assert [made.step(frame(i), i) for i in range(10)][-1].valid
    made.reset()
    assert made.step(frame(10, epoch=1), 10).reason == UNCONFIRMED


def test_reset_and_close_before_anything_was_loaded_do_nothing() -> None:
    made = MediapipePose(MediapipePose.Config())
    made.reset()
    made.close()
    made.close()


def test_close_closes_once() -> None:
    graph = ScriptedGraph(person())
    made = MediapipePose(AT_ONCE, graph=graph)
    made.close()
    made.close()
    assert graph.closes == 1


def test_a_failing_network_is_an_error_never_an_empty_sample() -> None:
    graph = ScriptedGraph(person())
    graph.broken = True
    with pytest.raises(ModelError, match="scripted failure"):
        MediapipePose(AT_ONCE, graph=graph).step(frame(), 0)


def test_without_mediapipe_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plugins.pose.mediapipe.holistic_graph", None)
    with pytest.raises(ModelError, match="make run"):
        MediapipePose(MediapipePose.Config()).warm_up()


def test_options_come_by_name() -> None:
    made = create("pose", "mediapipe", {"smooth": False, "plausibility": {"min_size": 0.1}})
    assert isinstance(made, MediapipePose)


@pytest.mark.parametrize(
    "wrong",
    [
        {"face": True},
        {"min_detection_confidence": 1.5},
        {"max_side_px": -1},
        {"plausibility": {"min_sise": 0.1}},
        {"plausibility": {"max_tilt_deg": 200.0}},
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        create("pose", "mediapipe", wrong)


def test_every_default_is_within_its_own_limits() -> None:
    config = MediapipePose.Config()
    assert msgspec.convert(msgspec.to_builtins(config), MediapipePose.Config) == config

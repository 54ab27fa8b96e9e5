"""The estimator around its networks."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from engine.core.pose_check import checked, checked_all
from engine.errors import ConfigError, ModelError
from engine.frames import Frame
from engine.poses import FRAME_TOO_SMALL, NO_PERSON, PERSON_LOST, PoseSample
from engine.registry import create
from engine.skeletons import HOLISTIC_97
from plugins.pose.direct.estimator import DirectPose
from plugins.pose.direct.savings import POLICIES, PolicyName
from plugins.pose.plausibility import PlausibilityConfig
from tests.pose.direct.scripted import HEAD, WRISTS, Script, body_outputs, detector_outputs

# Scripted bodies are not built like people.
ANYBODY = PlausibilityConfig(enabled=False)
MIDDLE, LEFT = (1960 + 6 * (3 * 7 + column) for column in (3, 1))


class Stage:
    """An estimator with scripted networks and someone in the middle of every picture."""

    def __init__(self, most: int = 1, **options: object) -> None:
        self.script = Script(with_face=bool(options.get("face")))
        self.script.detector.says(*detector_outputs((MIDDLE, 0.9)))
        options = {"policy": "sparing"} | options  # looks at both hands at once
        config = DirectPose.Config(plausibility=ANYBODY, **options)  # type: ignore[arg-type]
        self.made = DirectPose(config, networks=self.script.networks)
        self.made.track(most)
        self.most = most
        self.number = 0

    def step(self, size: tuple[int, int] = (640, 480), times: int = 1) -> PoseSample:
        for _ in range(times):
            sample = checked(self.made.step(self.frame(size), self.number))
            self.number += 1
        return sample

    def step_all(self, size: tuple[int, int] = (640, 480)) -> list[PoseSample]:
        samples = checked_all(self.made.step_all(self.frame(size), self.number), self.most)
        self.number += 1
        return samples

    def frame(self, size: tuple[int, int]) -> Frame:
        image = np.zeros((size[1], size[0], 3), np.uint8)
        return Frame(image, self.number * 40_000_000, 0, self.number)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.made.close()


def test_a_person_is_published_with_hands_and_all_that_is_known(stage: Stage) -> None:
    sample = stage.step(times=3)
    assert sample.valid
    assert sample.parts == ("body", "left_hand", "right_hand")
    assert (sample.seq, sample.capture_ns) == (2, 80_000_000)
    assert (sample.width_px, sample.height_px) == (640, 480)
    # The left wrist is where `WRISTS` has it, in a region of 400 px about the middle.
    assert sample.joints[15, :2] == pytest.approx(((320 + 0.2 * 400) / 640, (240 + 40) / 480))


@pytest.mark.parametrize("workers", [1, 2])
def test_with_a_face_the_joint_set_is_the_larger_one(workers: int) -> None:
    stage = Stage(face=True, workers=workers)
    assert stage.made.skeleton == "holistic97"
    stage.script.body.says(*body_outputs(WRISTS | HEAD))
    sample = stage.step(times=3)
    assert sample.skeleton == "holistic97"
    assert sample.parts == ("body", "left_hand", "right_hand", "face")
    assert sample.joints[75:, 2] == pytest.approx(0.982, abs=1e-3)
    # A sixth of the way from the ears to the mouth, in a region of 400 px about the middle.
    down = (0.3 + 0.03 / 6 - 0.5) * 400
    tip = sample.joints[HOLISTIC_97.index("face_nose_tip")]
    assert tip[:2] == pytest.approx((0.5, (240 + down) / 480), abs=1e-4)
    stage.made.close()


def test_so_it_is_when_nobody_or_no_face_is_there() -> None:
    stage = Stage(face=True)
    assert stage.step((8, 8)).joints.shape == (97, 3)
    seen = stage.step()  # the scripted face is a point
    assert (seen.parts, seen.joints.shape) == (("body", "left_hand", "right_hand"), (97, 3))
    assert not seen.joints[75:].any()
    stage.script.body.says(*body_outputs(WRISTS, 0.1))
    assert (stage.step().skeleton, stage.step().valid) == ("holistic97", False)
    stage.made.close()


def test_without_that_option_no_face_is_looked_at(stage: Stage) -> None:
    stage.script.body.says(*body_outputs(WRISTS | HEAD))
    assert stage.step(times=3).skeleton == stage.made.skeleton == "holistic75"
    assert stage.script.face.runs == 0


@pytest.mark.parametrize("size", [(1, 1), (15, 480), (640, 8), (8, 7680)])
def test_a_picture_too_small_for_anybody_never_reaches_the_networks(
    stage: Stage, size: tuple[int, int]
) -> None:
    sample = stage.step(size)
    assert sample.reason == FRAME_TOO_SMALL
    assert (sample.width_px, sample.height_px) == size
    assert stage.script.detector.runs == 0


@pytest.mark.parametrize("size", [(16, 16), (16, 640), (7680, 16), (7680, 4320), (480, 640)])
def test_any_other_size_is_looked_at(stage: Stage, size: tuple[int, int]) -> None:
    sample = stage.step(size)
    assert stage.script.detector.runs == 1
    assert (sample.width_px, sample.height_px) == size
    assert sample.joints[0, :2] == pytest.approx((0.5, 0.5), abs=0.02)


def test_a_large_picture_is_shrunk_but_only_if_it_is_to_be() -> None:
    x = []
    for bound in (1280, 0):
        stage = Stage(max_side_px=bound)
        x.append(stage.step((2560, 1440)).joints[15, 0])
        stage.made.close()
    assert x[0] == pytest.approx(x[1], abs=1e-4)


def test_a_size_that_changes_in_mid_stream_loses_nobody_for_long(stage: Stage) -> None:
    for size in ((640, 480), (320, 240), (1280, 960), (480, 640), (640, 480)):
        first, second = stage.step(size), stage.step(size)
        assert first.valid
        assert first.joints[0, :2] == pytest.approx((0.5, 0.5), abs=1e-3)
        assert second.joints[15, :2] == pytest.approx(first.joints[15, :2], abs=1e-3)
    assert stage.script.detector.runs == 5


@pytest.mark.parametrize("policy", list(POLICIES))
def test_efforts_go_from_the_configured_policy_on(policy: PolicyName) -> None:
    names = list(POLICIES)
    made = DirectPose(DirectPose.Config(policy=policy))
    assert list(made.efforts) == names[names.index(policy) :]
    # Nothing less is left out of live streams than their time allows, and nothing less than told.
    live = names[max(names.index(policy), names.index("hands by turns"))]
    assert made.efforts[made.live_effort] == live


def test_an_effort_counts_from_its_place_and_holds_over_reset() -> None:
    stage = Stage(policy="sparing")
    for effort, looks in ((1, 6), (0, 12)):
        stage.made.set_effort(effort)
        for _ in range(2):
            before = sum(hand.runs for hand in stage.script.all_hands)
            stage.step(times=6)
            assert sum(hand.runs for hand in stage.script.all_hands) - before <= looks
            stage.made.reset()
            stage.number = 0
    assert sum(hand.runs for hand in stage.script.all_hands) > 2 * 6
    stage.made.close()


def test_an_effort_that_is_not_there_is_an_error() -> None:
    made = DirectPose(DirectPose.Config(policy="all by turns"))
    made.set_effort(0)
    with pytest.raises(IndexError):
        made.set_effort(1)


def test_someone_lost_is_lost_for_a_second_and_then_nobody(stage: Stage) -> None:
    stage.step(times=3)
    stage.script.body.says(*body_outputs(WRISTS, 0.1))
    stage.script.detector.says(*detector_outputs())
    reasons = [stage.step().reason for _ in range(60)]
    assert set(reasons[:24]) == {PERSON_LOST}
    assert set(reasons[26:]) == {NO_PERSON}


def test_after_reset_time_begins_anew_and_people_are_looked_for(stage: Stage) -> None:
    stage.script.detector.says(*detector_outputs())
    stage.step(times=3)
    assert stage.script.detector.runs == 3
    stage.made.reset()
    stage.number = 0
    stage.script.detector.says(*detector_outputs((MIDDLE, 0.9)))
    assert stage.step().valid
    assert stage.script.detector.runs == 4


def test_reset_before_the_first_step_and_close_at_any_time_are_fine() -> None:
    stage = Stage()
    stage.made.reset()
    stage.made.close()
    stage.made.close()
    assert stage.step().valid
    stage.made.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_close_leaves_no_thread_and_step_opens_again(workers: int) -> None:
    stage = Stage(workers=workers)
    before = set(threading.enumerate())
    for _ in range(2):
        assert stage.step(times=3).valid
        assert len(set(threading.enumerate()) - before) == workers - 1
        stage.made.close()
        assert set(threading.enumerate()) <= before
        stage.number = 0
    assert stage.script.detector.runs == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_network_that_breaks_is_a_model_error_and_may_recover(workers: int) -> None:
    stage = Stage(workers=workers)
    stage.step(times=2)
    stage.script.hands[0].broken = True
    for _ in range(2):
        with pytest.raises(ModelError, match="scripted failure"):
            stage.step()
    stage.script.hands[0].broken = False
    assert stage.step().parts == ("body", "left_hand", "right_hand")
    stage.made.close()


def test_each_of_several_people_has_a_sample_with_their_number() -> None:
    stage = Stage(most=3)
    stage.script.detector.says(*detector_outputs((MIDDLE, 0.9), (LEFT, 0.8)))
    main, other, nobody = stage.step_all()
    assert (main.valid, other.valid, nobody.reason) == (True, True, NO_PERSON)
    assert main.joints[0, 0] == pytest.approx(0.5)
    assert other.joints[0, 0] == pytest.approx(1.5 / 7, abs=1e-3)
    assert [sample.person for sample in (main, other, nobody)] == [1, 2, 0]
    small = stage.step_all((8, 8))
    assert [sample.reason for sample in small] == [FRAME_TOO_SMALL] * 3
    stage.made.close()


def test_after_a_reset_people_are_counted_anew(stage: Stage) -> None:
    assert stage.step().person == 1
    stage.made.reset()
    assert stage.step().person == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "fastest"}, "policy"),
        ({"workers": 3}, "workers"),
        ({"precision": "int4"}, "precision"),
        ({"runtime": "torch"}, "runtime"),
        ({"min_tracking_confidence": 1.5}, "min_tracking_confidence"),
        ({"max_side_px": -1}, "max_side_px"),
        ({"face": 1}, "face"),
        ({"speed": 1}, "speed"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        create("pose", "direct", options)


def test_the_module_of_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, plugins.pose.direct.estimator;"
        "assert not {'mediapipe', 'cv2', 'openvino', 'ai_edge_litert'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

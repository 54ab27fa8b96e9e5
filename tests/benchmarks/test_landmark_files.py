"""Landmark recordings of other programs."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.landmark_files import pose_file, sign_clips
from benchmarks.accuracy.poses import pose_samples
from benchmarks.accuracy.story_files import story
from engine.errors import UsageError
from engine.skeletons import HOLISTIC_75
from training.simulator.landmarks.recorded import from_samples

NOSE = HOLISTIC_75.index("nose")
LEFT_INDEX = HOLISTIC_75.index("left_index")
LEFT_HAND = slice(*HOLISTIC_75.parts["left_hand"])

STORY = """lhx,lhy,lhz,rhx,rhy,rhz,hx,hy,hz,sx,sy,sz,lwx,lwy,lwz,rwx,rwy,rwz,timestamp,phase
4.5,4.3,1.5,5.5,4.3,1.5,5.0,1.6,1.8,5.0,4.2,1.8,4.6,4.3,1.5,5.4,4.3,1.5,100,Rest
5.0,1.6,1.7,5.5,4.3,1.5,5.0,1.6,1.8,5.0,4.2,1.8,4.6,4.3,1.5,5.4,4.3,1.5,133,Stroke
5.0,1.6,1.2,5.5,4.3,1.5,5.0,1.6,1.8,5.0,4.2,1.8,4.6,4.3,1.5,5.4,4.3,1.5,166,Stroke
"""


def write_pose(path: Path) -> Path:
    pose = np.full((2, 33, 4), 0.5, np.float32)
    pose[1, 0] = np.nan
    hand = np.zeros((2, 21, 4), np.float32)
    np.savez(
        path, pose=pose, left_hand=hand, right_hand=hand + 0.25, t=[0.0, 0.04], size=[640, 360]
    )
    return path


def test_a_pose_file_becomes_samples(tmp_path: Path) -> None:
    first, second = pose_file(write_pose(tmp_path / "a.npz"))
    assert (first.capture_ns, second.capture_ns) == (0, 40_000_000)
    assert first.joints[NOSE].tolist() == [0.5, 0.5, 0.5]
    assert first.depth is not None
    assert first.depth[NOSE] == 0.5
    assert second.joints[NOSE].tolist() == [0.0, 0.0, 0.0]
    assert first.parts == ("body", "right_hand")


def test_samples_survive_the_cache_of_poses(tmp_path: Path) -> None:
    samples = pose_file(write_pose(tmp_path / "a.npz"))
    for before, after in zip(samples, pose_samples(from_samples("a", list(samples))), strict=True):
        assert after.capture_ns == before.capture_ns
        assert after.parts == before.parts
        np.testing.assert_array_equal(after.joints, before.joints)
        assert after.depth is not None
        assert before.depth is not None
        np.testing.assert_array_equal(after.depth, before.depth)


def test_signs_lose_their_first_frame_and_absent_hands_have_no_confidence(tmp_path: Path) -> None:
    clips = np.full((1, 24, 258), 0.5, np.float32)
    clips[:, :, 132:195] = 0.0
    np.savez(tmp_path / "a.npz", X=clips, y=[1], classes=["bye", "father"])
    (clip,) = sign_clips(tmp_path / "a.npz")
    assert clip.sign == "father"
    assert len(clip.samples) == 23
    assert clip.samples[0].parts == ("body", "right_hand")
    assert not clip.samples[0].joints[LEFT_HAND].any()


def test_a_story_is_a_figure_of_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(STORY, encoding="utf-8-sig")
    told = story(path)
    assert told.times_s == pytest.approx((0.0, 0.033, 0.066))
    assert told.phases == ("Rest", "Stroke", "Stroke")
    # At the head, and in front of it where only the depth tells.
    assert told.free == (True, False, True)
    joints = told.samples[1].joints
    assert joints[NOSE, 2] == 1.0
    assert joints[LEFT_INDEX].tolist() == pytest.approx([0.5, 1.6 / 7.5, 1.0])
    assert not joints[HOLISTIC_75.index("left_elbow")].any()
    assert not joints[LEFT_HAND].any()
    assert told.samples[1].depth is None


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, X=np.zeros(3))
    for read in (pose_file, sign_clips, story):
        with pytest.raises(UsageError, match=r"a\.npz"):
            read(path)

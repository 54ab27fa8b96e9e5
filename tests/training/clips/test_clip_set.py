"""Clips of a data set as arrays."""

import numpy as np
import pytest

from engine.errors import UsageError
from engine.skeletons import IMIGUE_22
from tests.training.clips.sets import Given, poses_of, upright, waving
from training.clips.clip_set import MOST_TICKS, gather
from training.clips.normalising import normalised
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip

NECK = IMIGUE_22.index("neck")
NONE_FAILED = np.zeros(10, np.bool_)


def test_neither_place_nor_size_in_the_picture_matters() -> None:
    one = normalised(upright(10, 200.0), NONE_FAILED)
    points = upright(10, 200.0)
    points[..., :2] = (points[..., :2] - (640, 360)) * 0.5 + (300, 500)
    np.testing.assert_allclose(normalised(points, NONE_FAILED), one, atol=1e-5)
    assert one[0, NECK].tolist() == [0.0, 0.0, 1.0]


def test_what_is_missing_is_nothing_and_bends_nothing() -> None:
    points, failed = upright(10), NONE_FAILED.copy()
    points[3:5, 8] = 0.0
    points[6] = 0.0
    failed[6] = True
    made = normalised(points, failed)
    assert not made[3:5, 8].any()
    assert not made[6].any()
    whole = normalised(upright(10), NONE_FAILED)
    np.testing.assert_allclose(made[0], whole[0], atol=1e-6)


def test_without_shoulders_ears_tell_the_size_and_without_both_nothing_is_known() -> None:
    points = upright(10)
    for side in ("left", "right"):
        points[:, IMIGUE_22.index(f"{side}_shoulder")] = 0.0
    assert normalised(points, NONE_FAILED).any()
    for side in ("left", "right"):
        points[:, IMIGUE_22.index(f"{side}_ear")] = 0.0
    assert not normalised(points, NONE_FAILED).any()


def test_a_clip_has_its_inclusive_frames_and_of_a_long_one_the_last() -> None:
    points = upright(300)
    points[:, 8, 0] = np.arange(300)
    clips = [LabelledClip(5, 0, 8, 10, 19), LabelledClip(5, 1, 99, 100, 299)]
    made = gather(Given({Video(5, subject=7): (poses_of(points), clips)}), [5])
    assert made.lengths.tolist() == [10, MOST_TICKS]
    assert made.labels.tolist() == [7, 31]
    assert made.names == ("0005_0", "0005_1")
    assert made.subjects == ("subject 7", "subject 7")
    assert not made.clips[0, 10:].any()
    steps = np.diff(made.clips[1, :, 8, 0])
    assert steps == pytest.approx(np.full(MOST_TICKS - 1, 1 / 200), abs=1e-4)
    own = points[300 - MOST_TICKS :, 8, 0]
    assert made.clips[1, -1, 8, 0] == pytest.approx((own[-1] - 640) / 200, abs=1e-3)


def test_a_clip_without_a_pose_is_left_out_and_counted() -> None:
    clips = [LabelledClip(5, 0, 8, 0, 4), LabelledClip(5, 1, 8, 5, 9)]
    poses = poses_of(upright(10), failed=range(5))
    made = gather(Given({Video(5): (poses, clips)}), [5])
    assert (len(made), made.left_out) == (1, ("video 5",))
    assert made.of_people({"video 5"}).left_out == made.left_out
    assert made.of_people({"somebody else"}).left_out == ()
    assert made.subjects == ("video 5",)
    with pytest.raises(UsageError, match="no labelled clip with a pose"):
        gather(Given({Video(5): (poses_of(upright(10), failed=range(10)), clips)}), [5])


def test_so_many_of_each_class_are_drawn() -> None:
    clips = waving(48, (0, 1, 2, 3))
    few = clips.drawn(3, seed=0)
    assert np.bincount(few.labels).tolist() == [3, 3, 3, 3]
    assert clips.drawn(3, seed=0).names == few.names != clips.drawn(3, seed=1).names
    assert len(clips.drawn(100, seed=0)) == 48

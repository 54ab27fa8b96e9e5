import numpy as np
import pytest

from engine.skeletons import IMIGUE_22
from tests.training.datasets.copies import LEFT_FIRST, RIGHT_FIRST, openpose_35, openpose_137
from training.datasets.point_rows import poses_of
from training.datasets.points import BODY_25, FULL_137, LIGHT_35, PointLayout
from training.datasets.poses import Poses


def read(points: np.ndarray, layout: PointLayout = LIGHT_35) -> Poses:  # type: ignore[type-arg]
    return poses_of(points.astype(np.float64).reshape(len(points), -1), layout)


def x_of(poses: Poses, joint: str) -> float:
    return float(poses.points[0, IMIGUE_22.index(joint), 0])


def test_trap_openposes_arm_2_to_4_is_the_persons_right() -> None:
    poses = read(openpose_35(2))
    for joint, point in {
        "nose": 0, "neck": 1, "right_shoulder": 2, "right_elbow": 3, "right_wrist": 4,
        "left_shoulder": 5, "left_elbow": 6, "left_wrist": 7, "right_eye": 15, "left_eye": 16,
        "right_ear": 17, "left_ear": 18,
    }.items():  # fmt: skip
        assert x_of(poses, joint) == 100 + 20 * point, joint


@pytest.mark.parametrize("wrists", [LEFT_FIRST, RIGHT_FIRST])
@pytest.mark.parametrize("layout", [LIGHT_35, FULL_137])
def test_trap_hands_go_to_the_nearer_wrists(wrists: tuple[int, int], layout: PointLayout) -> None:
    make = openpose_35 if layout is LIGHT_35 else openpose_137
    poses = read(make(3, wrists), layout)
    for side in ("left", "right"):
        wrist = x_of(poses, f"{side}_wrist")
        assert x_of(poses, f"{side}_thumb_tip") == wrist + 1
        assert x_of(poses, f"{side}_pinky_tip") == wrist + 5
    assert bool(poses.notes) == (wrists == RIGHT_FIRST)


def test_hands_are_given_by_the_mean_over_the_video_not_frame_by_frame() -> None:
    points = openpose_35(9)
    points[:2, [4, 7], 0] = points[:2, [7, 4], 0]  # in two frames the arms are mistaken
    poses = read(points)
    right = poses.points[:, IMIGUE_22.index("right_thumb_tip"), 0]
    np.testing.assert_array_equal(right, points[:, 30, 0])


def test_one_hand_is_enough_to_tell() -> None:
    points = openpose_35(3, RIGHT_FIRST)
    points[:, 30:] = 0
    poses = read(points)
    assert x_of(poses, "right_thumb_tip") == x_of(poses, "right_wrist") + 1
    assert not poses.points[:, IMIGUE_22.index("left_thumb_tip")].any()


def test_where_no_frame_tells_it_is_said() -> None:
    points = openpose_35(3)
    points[:, 4] = 0
    (note,) = read(points).notes
    assert "no frame shows" in note


def test_trap_all_zero_rows_are_failures_and_move_no_hand() -> None:
    points = openpose_35(6, RIGHT_FIRST)
    points[[0, 4]] = 0
    poses = read(points)
    np.testing.assert_array_equal(np.flatnonzero(poses.failed), [0, 4])
    assert not poses.points[poses.failed].any()
    assert x_of(read(points[1:]), "right_thumb_tip") == 181


def test_a_frame_with_one_point_has_not_failed() -> None:
    points = np.zeros((1, 35, 3), np.float32)
    points[0, 20] = (5, 5, 0.1)  # a foot: none of the 22
    assert not read(points).failed.any()


def test_points_without_confidence_are_missing() -> None:
    points = openpose_35(1)
    points[0, 0, 2] = 0
    assert not read(points).points[0, 0].any()


def test_a_file_without_hands_has_none_and_says_so() -> None:
    poses = read(openpose_35(2)[:, :25], BODY_25)
    assert not poses.points[:, 12:].any()
    assert poses.points[:, :12].all()
    assert "no fingertips" in poses.notes[0]


def test_points_are_pixels_and_of_the_image_on_request() -> None:
    poses = read(openpose_35(2))
    assert poses.points.shape == (2, 22, 3)
    assert poses.points.dtype == poses.of_image().dtype == np.float32
    nose = poses.of_image()[1, 0]
    np.testing.assert_allclose(nose, (100 / 1280, 201 / 720, 0.5), rtol=1e-6)


def test_a_cut_keeps_the_frames_of_a_clip() -> None:
    poses = read(openpose_35(9))
    part = poses.cut(slice(2, 5))
    assert part.frames == len(part.failed) == 3
    np.testing.assert_array_equal(part.points[:, 0, 1], [202, 203, 204])

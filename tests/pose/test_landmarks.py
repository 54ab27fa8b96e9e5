"""Landmarks laid out as joints."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.poses import F32
from engine.skeletons import HOLISTIC_75, HOLISTIC_97
from plugins.pose.landmarks import Landmarks, to_joints
from tests.pose.figures import body, hand, person

any_float = st.floats(width=32, allow_nan=True, allow_infinity=True)


def test_every_landmark_lands_on_its_joint() -> None:
    found = person()
    laid = to_joints(found)
    assert found.body is not None
    assert found.left_hand is not None
    assert found.right_hand is not None
    assert laid.parts == ("body", "left_hand", "right_hand")
    assert laid.joints.shape == (75, 3)
    assert laid.joints.dtype == laid.depth.dtype == np.float32
    np.testing.assert_array_equal(laid.joints[:33], found.body[:, [0, 1, 3]])
    np.testing.assert_array_equal(laid.joints[33:54, :2], found.left_hand[:, :2])
    np.testing.assert_array_equal(laid.joints[54:, :2], found.right_hand[:, :2])
    np.testing.assert_array_equal(
        laid.depth,
        np.concatenate([found.body[:, 2], found.left_hand[:, 2], found.right_hand[:, 2]]),
    )


def test_a_hand_is_as_sure_as_its_score() -> None:
    laid = to_joints(person())
    assert laid.joints[33:54, 2] == pytest.approx(0.9)
    assert laid.joints[54:, 2] == pytest.approx(0.8)


def test_a_hand_that_is_not_there_is_all_zero() -> None:
    laid = to_joints(Landmarks(body=body(), right_hand=hand(), right_score=0.9, body_score=0.9))
    assert laid.parts == ("body", "right_hand")
    assert not laid.joints[33:54].any()
    assert not laid.depth[33:54].any()


def test_a_face_has_its_place_in_the_larger_set_only() -> None:
    face = np.linspace(0.1, 0.9, 66, dtype=np.float32).reshape(22, 3)
    found = replace(person(), face=face, face_score=0.6)
    laid = to_joints(found, HOLISTIC_97)
    assert laid.parts == ("body", "left_hand", "right_hand", "face")
    assert laid.joints.shape == (97, 3)
    np.testing.assert_array_equal(laid.joints[75:, :2], face[:, :2])
    np.testing.assert_array_equal(laid.depth[75:], face[:, 2])
    assert laid.joints[75:, 2] == pytest.approx(0.6)
    plain = to_joints(found)
    assert plain.parts == ("body", "left_hand", "right_hand")
    np.testing.assert_array_equal(plain.joints, laid.joints[:75])


def test_a_face_that_is_not_there_is_all_zero() -> None:
    laid = to_joints(person(), HOLISTIC_97)
    assert laid.parts == ("body", "left_hand", "right_hand")
    assert not laid.joints[75:].any()
    assert not laid.depth[75:].any()


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_joint_with_a_bad_number_is_missing_and_no_other_is(bad: float, column: int) -> None:
    points = body()
    wrist = HOLISTIC_75.index("left_wrist")
    points[wrist] = (0.5, 0.5, 0.0, 0.9)
    clean = to_joints(Landmarks(body=points.copy(), body_score=0.9))
    points[wrist, column] = bad
    laid = to_joints(Landmarks(body=points, body_score=0.9))
    assert not laid.joints[wrist].any()
    assert laid.depth[wrist] == 0
    others = np.arange(75) != wrist
    np.testing.assert_array_equal(laid.joints[others], clean.joints[others])


def test_a_hand_of_bad_numbers_is_not_tracked() -> None:
    broken = np.full((21, 3), np.nan, np.float32)
    laid = to_joints(Landmarks(body=body(), left_hand=broken, left_score=0.9))
    assert laid.parts == ("body",)


def test_joints_outside_the_picture_stay_where_they_are() -> None:
    points = body()
    points[HOLISTIC_75.index("left_hip")] = (0.6, 1.7, 0.0, 0.04)
    laid = to_joints(Landmarks(body=points, body_score=0.9))
    assert laid.joints[HOLISTIC_75.index("left_hip")] == pytest.approx((0.6, 1.7, 0.04))


@given(
    arrays(np.float32, (33, 4), elements=any_float), arrays(np.float32, (21, 3), elements=any_float)
)
def test_nothing_but_finite_numbers_ever_leaves(points: F32, fingers: F32) -> None:
    laid = to_joints(Landmarks(body=points, left_hand=fingers, body_score=1.0, left_score=0.7))
    assert np.isfinite(laid.joints).all()
    assert np.isfinite(laid.depth).all()
    assert ((laid.joints[:, 2] >= 0) & (laid.joints[:, 2] <= 1)).all()

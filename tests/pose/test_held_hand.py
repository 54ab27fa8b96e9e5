"""A hand between the pictures in which it is looked for."""

import numpy as np
import pytest

from plugins.pose.direct.region import F64
from plugins.pose.held_hand import HeldHand

POINTS = np.random.default_rng(6).normal(0, 10, (21, 3))


def v(x: float, y: float) -> F64:
    return np.array([x, y])


def points_of(held: "HeldHand[F64]") -> F64:
    assert held.points is not None
    return held.points


@pytest.fixture
def held() -> "HeldHand[F64]":
    made: HeldHand[F64] = HeldHand()
    made.see(POINTS, v(5.0, 6.0), 0.8)
    return made


def test_without_a_hand_there_is_nothing_to_carry() -> None:
    made: HeldHand[F64] = HeldHand()
    assert made.carried(v(1.0, 1.0)) is None
    made.move_to(v(1.0, 1.0))
    assert (made.points, made.wrist, made.score) == (None, None, 0.0)


def test_it_is_carried_by_as_much_as_its_wrist(held: "HeldHand[F64]") -> None:
    carried = held.carried(v(7.0, 2.0))
    assert carried is not None
    np.testing.assert_allclose(carried - POINTS, [[2.0, -4.0, 0.0]] * 21)
    # That was a question: it stays where it is.
    np.testing.assert_array_equal(points_of(held), POINTS)
    held.move_to(v(7.0, 2.0))
    np.testing.assert_array_equal(points_of(held), carried)
    assert held.score == 0.8


def test_steps_add_up_to_the_whole_way(held: "HeldHand[F64]") -> None:
    for wrist in (v(50.0, -3.0), v(-20.0, 9.0), v(5.0, 6.0)):
        held.move_to(wrist)
    np.testing.assert_allclose(points_of(held), POINTS)


def test_neither_points_nor_wrist_of_others_are_written_to_or_kept(
    held: "HeldHand[F64]",
) -> None:
    before, wrist = POINTS.copy(), v(1.0, 1.0)
    held.move_to(wrist)
    np.testing.assert_array_equal(POINTS, before)
    wrist += 100.0
    carried = held.carried(v(1.0, 1.0))
    assert carried is not None
    np.testing.assert_array_equal(carried, points_of(held))


def test_reset_forgets(held: "HeldHand[F64]") -> None:
    held.reset()
    assert held.carried(v(0.0, 0.0)) is None
    assert held.score == 0.0

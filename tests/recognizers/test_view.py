"""A class is scored only where the view supports it."""

import numpy as np
import pytest

from engine.labels import BY_SLUG, LABELS
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75
from plugins.recognizers.view import SteadyView, needs_of, supported
from tests.recognizers.graph.figures import figure, touching

NEEDS = needs_of(LABELS)


def told(x: F32) -> set[str]:
    view = supported(x, NEEDS)
    return {label.slug for label, shown in zip(LABELS, view, strict=True) if shown}


def without(x: F32, *joints: str) -> F32:
    out = x.copy()
    for joint in joints:
        out[HOLISTIC_75.index(joint), 2] = 0.05
    return out


def no_hands(x: F32) -> F32:
    out = without(x, "left_wrist", "right_wrist")
    out[33:] = 0.0
    return out


def test_a_whole_upper_body_supports_everything() -> None:
    assert told(figure()) == set(BY_SLUG)
    assert told(touching("nose")) == set(BY_SLUG)


def test_hands_out_of_sight_say_nothing_about_hands_at_one_another() -> None:
    seen = told(no_hands(figure()))
    assert not seen & {"rub_hands", "cross_fingers", "minaret", "illustrative"}
    assert seen >= {"touch_face", "touch_jaw", "head_up", "shake_shoulders", "fold_arms"}


def test_one_hand_in_sight_may_speak() -> None:
    x = figure()
    x[54:] = 0.0
    seen = told(without(x, "right_wrist"))
    assert "illustrative" in seen
    assert "rub_hands" not in seen


def test_without_elbows_arms_are_not_told() -> None:
    seen = told(without(figure(), "left_elbow"))
    assert not seen & {"fold_arms", "arms_behind_body", "akimbo", "touch_arms"}
    assert "rub_hands" in seen


def test_a_face_alone_supports_what_happens_at_it() -> None:
    seen = told(without(no_hands(figure()), "left_shoulder", "right_shoulder"))
    assert seen >= {"touch_face", "scratch_head", "head_up"}
    assert not seen & {"shake_shoulders", "move_torso", "touch_neck", "turtle_neck"}


def test_without_a_face_nothing_is_told() -> None:
    assert not told(without(figure(), "nose"))
    assert not told(np.zeros((75, 4), np.float32))


@pytest.mark.parametrize("turn", [1j, -1j, -1.0])
def test_a_picture_that_stands_on_its_side_tells_nothing(turn: complex) -> None:
    x = figure()
    places = (x[:, 0] + 1j * x[:, 1]) * turn
    x[:, 0], x[:, 1] = places.real, places.imag
    assert not told(x)


def test_joints_thrown_about_tell_hardly_ever_anything() -> None:
    rng = np.random.default_rng(0)
    x = np.repeat(figure()[None], 400, axis=0)
    x[..., :2] = rng.uniform(-2, 2, (400, 75, 2))
    assert supported(x, NEEDS).any(axis=-1).mean() < 0.1


ALONE = np.array([0])


def steps(view: SteadyView, *now: bool) -> list[bool]:
    """What is told of one stream and one class, tick by tick."""
    return [bool(view.step(np.array([[one]]), ALONE)[0, 0]) for one in now]


def test_what_flashes_up_in_the_view_is_not_told() -> None:
    rng = np.random.default_rng(0)
    rare = steps(SteadyView(1, 0, 1), *(rng.random(500) < 0.15))
    assert not any(rare[10:])


def test_a_good_view_is_told_from_the_first_tick_and_outlives_a_lost_one() -> None:
    view = SteadyView(1, 0, 1)
    assert all(steps(view, *[True] * 20))
    assert steps(view, False, True) == [False, True]


def test_the_view_is_that_of_the_tick_that_is_described() -> None:
    assert steps(SteadyView(1, 2, 1), *[True] * 12) == [False] * 2 + [True] * 10


def test_streams_that_come_idle_and_start_anew_are_each_as_if_alone() -> None:
    """Against the plain definition: the share over the last ten ticks, as old as the delay."""
    rng = np.random.default_rng(1)
    classes, delay = 3, 2
    together = SteadyView(classes, delay, 1)
    alone: list[tuple[list[Bools], list[Bools]]] = [([], []) for _ in range(4)]
    for tick in range(200):
        if tick == 20:
            together.reserve(4)
        if tick == 90:
            together.reset(1)
            alone[1] = ([], [])
        rows = np.flatnonzero(rng.random(1 if tick < 20 else 4) < 0.7)
        now = rng.random((len(rows), classes)) < 0.6
        told = together.step(now, rows)
        for row, own, given in zip(rows, now, told, strict=True):
            recent, steady = alone[row]
            recent.append(own)
            steady.append(own & (np.mean(recent[-10:], axis=0) >= 0.6))
            expected = steady[-1 - delay] if len(steady) > delay else np.zeros(classes, np.bool_)
            np.testing.assert_array_equal(given, expected)

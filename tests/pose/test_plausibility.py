"""What is built like a person and what is not."""

import numpy as np
import pytest

from plugins.pose.plausibility import (
    Figure,
    PlausibilityConfig,
    is_same,
    may_enter,
    may_stay,
    measure,
)
from tests.pose.figures import HEIGHT_PX, WIDTH_PX, body

CONFIG = PlausibilityConfig()


def figure(
    score: float = 0.99,
    shoulders_px: float = 150.0,
    tilt_deg: float = 0.0,
    face: float = 1.0,
    turn: float = 1.0,
    centre_px: tuple[float, float] = (320.0, 300.0),
) -> Figure:
    points = body(
        shoulders_px=shoulders_px, tilt_deg=tilt_deg, face=face, turn=turn, centre_px=centre_px
    )
    return measure(points, score, WIDTH_PX, HEIGHT_PX)


def test_measures_are_those_of_the_drawing() -> None:
    seen = figure(shoulders_px=160.0, tilt_deg=30.0)
    assert seen.size_px == pytest.approx(160.0, abs=0.01)
    assert seen.size == pytest.approx(160.0 / 640)
    assert seen.tilt_deg == pytest.approx(30.0, abs=0.01)
    assert (seen.x_px, seen.y_px) == pytest.approx((320.0, 300.0), abs=0.01)
    assert seen.face == pytest.approx(0.38, abs=0.01)
    assert seen.face_upright
    assert seen.score == 0.99


def test_a_vertical_picture_is_measured_by_its_height() -> None:
    points = body(shoulders_px=128.0, width_px=720, height_px=1280)
    assert measure(points, 0.99, 720, 1280).size == pytest.approx(0.1, abs=1e-4)


def test_size_survives_a_turn_to_profile() -> None:
    assert figure(turn=0.05).size_px > 0.7 * figure().size_px
    assert may_enter(figure(turn=0.05), CONFIG)


def test_people_enter() -> None:
    assert may_enter(figure(), CONFIG)
    assert may_enter(figure(tilt_deg=45.0), CONFIG)
    assert may_enter(figure(tilt_deg=-45.0), CONFIG)
    assert may_enter(figure(shoulders_px=40.0), CONFIG)
    assert may_enter(figure(shoulders_px=600.0), CONFIG)


@pytest.mark.parametrize(
    "ghost",
    [
        pytest.param(figure(shoulders_px=30.0), id="tiny"),
        pytest.param(figure(score=0.85), id="unsure"),
        pytest.param(figure(tilt_deg=90.0), id="head beside the shoulders"),
        pytest.param(figure(tilt_deg=180.0), id="upside down"),
        pytest.param(figure(face=2.0), id="huge face"),
        pytest.param(figure(face=0.3), id="tiny face"),
        pytest.param(figure(face=-1.0), id="mouth above the eyes"),
        pytest.param(measure(np.zeros((33, 4), np.float32), 1.0, 640, 480), id="all in a point"),
    ],
)
def test_ghosts_do_not_enter(ghost: Figure) -> None:
    assert not may_enter(ghost, CONFIG)


def test_limits_can_be_set() -> None:
    assert may_enter(figure(tilt_deg=170.0), PlausibilityConfig(max_tilt_deg=180.0))
    assert may_enter(figure(score=0.55), PlausibilityConfig(min_score=0.5))
    assert not may_enter(figure(), PlausibilityConfig(min_size=0.5))


def test_staying_asks_for_less_than_entering() -> None:
    for bowed in (figure(tilt_deg=100.0), figure(score=0.5), figure(face=0.4), figure(face=-1.0)):
        assert not may_enter(bowed, CONFIG)
        assert may_stay(bowed, CONFIG)
    assert not may_stay(figure(tilt_deg=170.0), CONFIG)
    assert not may_stay(figure(shoulders_px=15.0), CONFIG)


def test_one_person_moves_little_between_frames() -> None:
    before = figure()
    assert is_same(before, figure(centre_px=(350.0, 310.0)), 0.04)
    assert not is_same(before, figure(centre_px=(500.0, 300.0)), 0.04)
    assert is_same(before, figure(centre_px=(500.0, 300.0)), 0.4)
    assert is_same(before, figure(shoulders_px=170.0), 0.04)
    assert not is_same(before, figure(shoulders_px=300.0), 0.04)
    collapsed = measure(np.zeros((33, 4), np.float32), 1.0, 640, 480)
    assert not is_same(before, collapsed, 0.04)
    assert not is_same(collapsed, before, 0.04)

"""Where a hand is looked for."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.pose.direct.hand_regions import HandPlacer, agrees, by_body, by_hand
from plugins.pose.direct.region import F64, Region
from tests.pose.direct.figures import hand_points
from tests.pose.direct.scripted import ScriptedNetwork, f32

HAND = hand_points((100.0, 200.0), 40.0)
angles = st.floats(-3.1, 3.1)
factors = st.floats(0.1, 10)
ways = st.tuples(st.floats(-500, 500), st.floats(-500, 500))


def carried(points: F64, turn: float, factor: float, way: tuple[float, float]) -> F64:
    """Points turned clockwise as seen, made larger, moved."""
    cos, sin = math.cos(turn), math.sin(turn)
    return np.asarray((points @ np.array([[cos, sin], [-sin, cos]])) * factor + way)


def assert_carried_along(
    after: Region, before: Region, turn: float, factor: float, way: tuple[float, float]
) -> None:
    middle = carried(np.array([[before.x_px, before.y_px]]), turn, factor, way)[0]
    np.testing.assert_allclose((after.x_px, after.y_px), middle, atol=1e-6)
    assert after.side_px == pytest.approx(before.side_px * factor)
    away = math.remainder(after.rotation_rad - before.rotation_rad - turn, 2 * math.pi)
    assert abs(away) < 1e-9


def test_by_the_body_of_an_upright_hand() -> None:
    region = by_body(np.array([100.0, 200.0]), np.array([85.0, 155.0]), np.array([115.0, 155.0]))
    # The middle is a third of the way from the index finger to the little one: (105, 155).
    reach = math.hypot(5, 45)
    assert region.side_px == pytest.approx(2 * reach * 2.7)
    # Moved by a tenth of twice the reach from the wrist, on along the same line.
    assert (region.x_px, region.y_px) == pytest.approx((105 + 0.2 * 5, 155 - 0.2 * 45))
    assert math.tan(region.rotation_rad) == pytest.approx(5 / 45)


def test_by_the_hand_of_an_upright_hand() -> None:
    # The palm's points span 80..120 and 150..200: the middle joints are a quarter finger up.
    region = by_hand(HAND)
    assert region.rotation_rad == pytest.approx(0)
    assert region.side_px == pytest.approx(2 * 50)
    assert (region.x_px, region.y_px) == pytest.approx((100, 175 - 0.1 * 50))


def test_of_a_wide_hand_the_way_is_a_part_of_its_height() -> None:
    wide = HAND.copy()
    wide[:, 0] = 100 + (wide[:, 0] - 100) * 3
    region = by_hand(wide)
    assert region.side_px == pytest.approx(2 * 120)
    assert region.y_px == pytest.approx(175 - 0.1 * 50)


def test_fingertips_do_not_matter() -> None:
    bent = HAND.copy()
    bent[[4, 7, 8, 11, 12, 15, 16, 19, 20]] = 0.0
    assert by_hand(bent) == by_hand(HAND)


@given(angles, factors, ways)
def test_by_the_hand_goes_along_with_the_hand(
    turn: float, factor: float, way: tuple[float, float]
) -> None:
    crooked = HAND[:, :2] + np.random.default_rng(5).normal(0, 4, (21, 2))
    after = by_hand(carried(crooked, turn, factor, way))
    assert_carried_along(after, by_hand(crooked), turn, factor, way)


@given(angles, factors, ways)
def test_by_the_body_goes_along_with_its_points(
    turn: float, factor: float, way: tuple[float, float]
) -> None:
    three = np.array([[100.0, 200.0], [80.0, 150.0], [115.0, 160.0]])
    after = by_body(*carried(three, turn, factor, way))
    assert_carried_along(after, by_body(*three), turn, factor, way)


def test_points_without_extent_or_without_a_place_give_nothing_to_look_at() -> None:
    for value in (5.0, np.nan):
        assert not by_hand(np.full((21, 3), value)).is_usable
        assert not by_body(*np.full((3, 2), value)).is_usable


# `agrees`: one region told, one by the hand before, and each limit by itself.
TOLD = Region(200.0, 200.0, 100.0, math.radians(30))


def away(right: float, down: float) -> Region:
    """The told region moved along its own axes, in its sides."""
    x, y = TOLD.project(np.array([[0.5 + right, 0.5 + down]]))[0]
    return replace(TOLD, x_px=float(x), y_px=float(y))


def points_at(right: float = 0.0, down: float = 0.0) -> F64:
    """A hand in the middle of the told region, but for one point."""
    points = np.zeros((21, 3))
    points[:, :2] = 200.0
    points[7, :2] = TOLD.project(np.array([[0.5 + right, 0.5 + down]]))[0]
    return points


def test_the_same_region_agrees() -> None:
    assert agrees(TOLD, points_at(), TOLD)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("degrees", "agreed"), [(39, True), (41, False), (180, False)])
def test_it_may_be_turned_by_forty_degrees(degrees: float, sign: int, agreed: bool) -> None:
    turned = replace(TOLD, rotation_rad=TOLD.rotation_rad + sign * math.radians(degrees))
    assert agrees(turned, points_at(), TOLD) is agreed


def test_a_turn_across_half_a_circle_is_a_small_one() -> None:
    told, before = (replace(TOLD, rotation_rad=math.radians(angle)) for angle in (175, -175))
    assert agrees(before, points_at(), told)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("shift", "agreed"), [(0.19, True), (0.21, False)])
def test_it_may_be_moved_by_a_fifth_along_each_axis(shift: float, sign: int, agreed: bool) -> None:
    assert agrees(away(sign * shift, 0.0), points_at(), TOLD) is agreed
    assert agrees(away(0.0, sign * shift), points_at(), TOLD) is agreed
    # Both at once: the limits are a square along the told region's axes.
    assert agrees(away(sign * shift, shift), points_at(), TOLD) is agreed


@pytest.mark.parametrize(("side", "agreed"), [(139, True), (141, False), (61, True), (59, False)])
def test_it_may_be_two_fifths_larger_or_smaller(side: float, agreed: bool) -> None:
    assert agrees(replace(TOLD, side_px=float(side)), points_at(), TOLD) is agreed


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("place", "agreed"), [(0.44, True), (0.46, False)])
def test_every_point_of_the_hand_lies_well_inside(place: float, sign: int, agreed: bool) -> None:
    assert agrees(TOLD, points_at(right=sign * place), TOLD) is agreed
    assert agrees(TOLD, points_at(down=sign * place), TOLD) is agreed
    assert agrees(TOLD, points_at(sign * place, place), TOLD) is agreed


def test_nothing_agrees_with_bad_numbers() -> None:
    bad = replace(TOLD, x_px=math.nan)
    assert not agrees(bad, points_at(), TOLD)
    assert not agrees(TOLD, points_at(), bad)
    assert not agrees(replace(TOLD, rotation_rad=math.nan), points_at(), TOLD)
    assert not agrees(TOLD, np.full((21, 3), np.nan), TOLD)


@pytest.mark.parametrize(
    ("turn", "middle", "end"),
    [(0.0, (328, 248), (328, 298)), (math.pi / 2, (312, 248), (262, 248))],
)
def test_the_placing_network_says_a_middle_and_where_down_is(
    turn: float, middle: tuple[float, float], end: tuple[float, float]
) -> None:
    # In pixels of a crop of 256 of a region of 128 about (320, 240): 16 right and down, then 100.
    network = ScriptedNetwork(256, f32(144, 144, 144, 244))
    coarse = Region(320.0, 240.0, 128.0, turn)
    region = HandPlacer(network).place(np.zeros((480, 640, 3), np.uint8), coarse)
    assert region.side_px == pytest.approx(100)
    assert region.rotation_rad == pytest.approx(turn)
    # Moved by a tenth of the side away from the end.
    x, y = np.array(middle) - (np.array(end) - middle) * 0.2
    assert (region.x_px, region.y_px) == pytest.approx((x, y))

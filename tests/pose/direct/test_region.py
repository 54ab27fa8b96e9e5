"""Turned squares of a picture."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.pose.direct.region import (
    DOWNWARD_RAD,
    UPRIGHT_RAD,
    Region,
    aligned,
    letterbox,
    rotation,
    wrapped,
)

QUARTER = math.pi / 2
places = st.floats(-2000, 2000)
regions = st.builds(Region, places, places, st.floats(1, 4000), st.floats(-math.pi, math.pi))
# Of a square of side 40 about (100, 50), turned by quarters clockwise as seen: where its own
# upper left corner and its own upper edge's middle lie in the picture.
TURNED = [
    (0, (80, 30), (100, 30)),
    (1, (120, 30), (120, 50)),
    (2, (120, 70), (100, 70)),
    (3, (80, 70), (80, 50)),
]


@pytest.mark.parametrize(("quarters", "corner", "top"), TURNED)
def test_a_region_is_turned_clockwise_as_seen(
    quarters: int, corner: tuple[float, float], top: tuple[float, float]
) -> None:
    region = Region(100.0, 50.0, 40.0, quarters * QUARTER)
    np.testing.assert_allclose(
        region.project(np.array([[0.0, 0.0], [0.5, 0.0]])), [corner, top], atol=1e-9
    )


def test_a_crop_takes_its_first_pixel_from_the_corner_and_steps_by_its_share() -> None:
    matrix = Region(100.0, 50.0, 40.0, 0.0).matrix(10)
    np.testing.assert_allclose(matrix @ (0, 0, 1), (80, 30))
    np.testing.assert_allclose(matrix @ (3, 1, 1), (92, 34))


@given(regions, st.integers(1, 300), st.floats(-100, 400), st.floats(-100, 400))
def test_a_pixel_of_the_crop_lies_where_its_place_is_projected_to(
    region: Region, pixels: int, x: float, y: float
) -> None:
    sampled = region.matrix(pixels) @ (x, y, 1.0)
    projected = region.project(np.array([[x, y]]) / pixels)[0]
    np.testing.assert_allclose(sampled, projected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    ("end", "degrees"),
    [
        ((0, -1), 0),
        ((1, -1), 45),
        ((1, 0), 90),
        ((1, 1), 135),
        ((0, 1), -180),
        ((-1, 1), -135),
        ((-1, 0), -90),
        ((-1, -1), -45),
    ],
)
def test_upright_turns_with_a_direction_in_every_quadrant(
    end: tuple[int, int], degrees: int
) -> None:
    assert math.degrees(rotation((0, 0), end, UPRIGHT_RAD)) == pytest.approx(degrees)


@given(places, places, st.floats(-math.pi, math.pi), st.floats(1, 500))
def test_an_aligned_region_has_the_end_in_the_middle_of_its_edge(
    x: float, y: float, towards: float, reach: float
) -> None:
    end = (x + reach * math.cos(towards), y + reach * math.sin(towards))
    upright, downward = (aligned((x, y), end, target) for target in (UPRIGHT_RAD, DOWNWARD_RAD))
    assert (upright.x_px, upright.y_px) == (x, y)
    assert upright.side_px == pytest.approx(2 * reach)
    np.testing.assert_allclose(upright.project(np.array([[0.5, 0.0]]))[0], end, atol=1e-6)
    np.testing.assert_allclose(downward.project(np.array([[0.5, 1.0]]))[0], end, atol=1e-6)


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (0, 0),
        (3, 3),
        (math.pi, -math.pi),
        (-math.pi, -math.pi),
        (4, 4 - 2 * math.pi),
        (-10, 4 * math.pi - 10),
    ],
)
def test_an_angle_is_wrapped_once_around(angle: float, expected: float) -> None:
    assert wrapped(angle) == pytest.approx(expected)


@given(st.floats(-1e4, 1e4))
def test_a_wrapped_angle_is_the_same_angle_in_range(angle: float) -> None:
    same = wrapped(angle)
    assert -math.pi - 1e-9 <= same < math.pi + 1e-9
    assert math.cos(same) == pytest.approx(math.cos(angle), abs=1e-9)
    assert math.sin(same) == pytest.approx(math.sin(angle), abs=1e-9)


@given(regions, st.floats(-1, 1))
def test_shifted_goes_down_along_its_own_axis(region: Region, part: float) -> None:
    moved = region.shifted(part)
    expected = region.project(np.array([[0.5, 0.5 + part]]))[0]
    np.testing.assert_allclose((moved.x_px, moved.y_px), expected, rtol=1e-9, atol=1e-6)
    assert (moved.side_px, moved.rotation_rad) == (region.side_px, region.rotation_rad)


def test_scaled_stays_in_its_middle() -> None:
    assert Region(1.0, 2.0, 10.0, 0.5).scaled(1.25) == Region(1.0, 2.0, 12.5, 0.5)


@given(regions, regions)
def test_seen_from_is_the_way_back_from_a_projection(one: Region, other: Region) -> None:
    right, down = one.seen_from(other)
    parts = np.array([[right, down]]) / other.side_px + 0.5
    np.testing.assert_allclose(other.project(parts)[0], (one.x_px, one.y_px), rtol=1e-9, atol=1e-6)


def test_seen_from_a_turned_region() -> None:
    # Turned clockwise by a quarter its own right points down in the picture.
    below = Region(0.0, 7.0, 1.0, 0.0)
    assert below.seen_from(Region(0.0, 0.0, 1.0, QUARTER)) == pytest.approx((7.0, 0.0))


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (8, 8), (7680, 8)])
def test_a_letterbox_is_upright_about_the_middle_and_as_long_as_the_picture(
    size: tuple[int, int],
) -> None:
    region = letterbox(*size)
    assert (region.x_px, region.y_px) == (size[0] / 2, size[1] / 2)
    assert (region.side_px, region.rotation_rad) == (max(size), 0.0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", range(4))
def test_a_region_with_a_bad_number_is_of_no_use(field: int, bad: float) -> None:
    numbers = [10.0, 10.0, 10.0, 0.0]
    assert Region(*numbers).is_usable
    numbers[field] = bad
    assert not Region(*numbers).is_usable


@pytest.mark.parametrize("side", [0.0, 0.99, -5.0])
def test_a_region_without_extent_is_of_no_use(side: float) -> None:
    assert not Region(10.0, 10.0, side, 0.0).is_usable


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_region_from_bad_points_is_made_but_of_no_use(bad: float) -> None:
    for points in (((bad, 0.0), (0.0, 1.0)), ((0.0, 0.0), (1.0, bad)), ((bad, bad), (bad, bad))):
        assert not aligned(*points, UPRIGHT_RAD).shifted(-0.1).scaled(2.0).is_usable

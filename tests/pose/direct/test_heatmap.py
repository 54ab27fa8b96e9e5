"""Landmarks moved to what their heatmaps show. A place i of a map is at i / size."""

import math

import numpy as np
import pytest

from engine.poses import F32
from plugins.pose.direct.heatmap import refined
from plugins.pose.direct.region import F64

SIZE = 64


def maps(*peaks: tuple[float, float, float], size: tuple[int, int] = (SIZE, SIZE)) -> F32:
    """One map with those `(column, row, probability)` and nothing besides."""
    made = np.full((*size, 1), -100.0, np.float32)
    for column, row, probability in peaks:
        made[int(row), int(column), 0] = math.log(probability / (1 - probability))
    return made


def at(column: float, row: float) -> F64:
    return np.array([[column, row]]) / SIZE


def test_a_landmark_goes_to_the_only_thing_its_map_shows() -> None:
    np.testing.assert_allclose(refined(at(32.7, 30.2), maps((34, 28, 0.9))), at(34, 28))


def test_it_goes_to_the_mean_weighted_by_probability() -> None:
    heat = maps((30, 31, 0.9), (33, 34, 0.6))
    np.testing.assert_allclose(refined(at(32.0, 32.0), heat), at(31.2, 32.2), rtol=1e-6)


@pytest.mark.parametrize(("probability", "moves"), [(0.49, False), (0.51, True)])
def test_a_faint_map_leaves_it_where_it_is(probability: float, moves: bool) -> None:
    moved = refined(at(32.0, 32.0), maps((33, 33, probability)))
    np.testing.assert_allclose(moved, at(33, 33) if moves else at(32, 32))


@pytest.mark.parametrize("away", [(4, 0), (-4, 0), (0, 4), (0, -4), (4, -4)])
def test_it_sees_four_cells_in_every_direction(away: tuple[int, int]) -> None:
    column, row = 32 + away[0], 32 + away[1]
    np.testing.assert_allclose(refined(at(32.9, 32.9), maps((column, row, 0.9))), at(column, row))


@pytest.mark.parametrize("away", [(5, 0), (-5, 0), (0, 5), (0, -5)])
def test_and_not_a_fifth(away: tuple[int, int]) -> None:
    heat = maps((32 + away[0], 32 + away[1], 0.9))
    np.testing.assert_array_equal(refined(at(32.5, 32.5), heat), at(32.5, 32.5))


@pytest.mark.parametrize(("column", "row"), [(0, 0), (63, 0), (0, 63), (63, 63)])
def test_at_the_edges_only_what_is_there_counts(column: int, row: int) -> None:
    heat = maps((column, row, 0.9))
    moved = refined(at(column + 0.5, row + 0.5), heat)
    np.testing.assert_allclose(moved, at(column, row), atol=1e-12)
    # The far side of the map is not taken for a neighbour.
    other = maps((63 - column, 63 - row, 0.9))
    np.testing.assert_array_equal(refined(at(column, row), other), at(column, row))


@pytest.mark.parametrize("place", [(-3.0, 32.0), (64.0, 32.0), (32.0, -1.0), (32.0, 70.0)])
def test_a_landmark_outside_stays_there(place: tuple[float, float]) -> None:
    everywhere = np.full((SIZE, SIZE, 1), 5.0, np.float32)
    np.testing.assert_array_equal(refined(at(*place), everywhere), at(*place))


def test_each_landmark_has_its_own_map() -> None:
    heat = np.concatenate([maps((10, 10, 0.9)), maps((12, 12, 0.9)), maps((14, 14, 0.9))], axis=2)
    places = np.concatenate([at(11.0, 11.0), at(11.0, 11.0)])
    np.testing.assert_allclose(refined(places, heat), np.concatenate([at(10, 10), at(12, 12)]))


def test_a_map_need_not_be_square() -> None:
    heat = maps((20, 40, 0.9), size=(64, 32))
    np.testing.assert_allclose(refined(np.array([[0.6, 0.6]]), heat), [[20 / 32, 40 / 64]])


def test_a_map_of_bad_numbers_leaves_it_where_it_is() -> None:
    heat = np.full((SIZE, SIZE, 1), np.nan, np.float32)
    np.testing.assert_array_equal(refined(at(32.0, 32.0), heat), at(32.0, 32.0))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_a_landmark_that_is_nowhere_stays_nowhere(bad: float) -> None:
    everywhere = np.full((SIZE, SIZE, 2), 5.0, np.float32)
    places = np.array([[bad, 0.5], [0.5, 0.5]])
    moved = refined(places, everywhere)
    np.testing.assert_array_equal(moved[0], places[0])
    assert np.isfinite(moved[1]).all()

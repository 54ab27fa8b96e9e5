"""People in a whole picture, by what a scripted network says of it."""

import math

import numpy as np
import pytest

from engine.frames import U8
from engine.poses import F32
from plugins.pose.direct.detector import Detection, PersonDetector
from plugins.pose.direct.region import Region
from tests.pose.direct.scripted import CELLS, ScriptedNetwork, detector_outputs

# The cell that lies in the middle of a 7 by 7 grid: its boxes begin at 28*28*2 + 14*14*2.
MIDDLE = 1960 + 6 * (3 * 7 + 3)
SQUARE: U8 = np.full((448, 448, 3), 255, np.uint8)


def find(outputs: tuple[F32, F32], image: U8 = SQUARE, min_score: float = 0.5) -> list[Detection]:
    return PersonDetector(ScriptedNetwork(224, *outputs), min_score).find(image)


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        (0, (0.5 / 28, 0.5 / 28)),
        (1, (0.5 / 28, 0.5 / 28)),
        (2, (1.5 / 28, 0.5 / 28)),
        (56, (0.5 / 28, 1.5 / 28)),
        (1567, (27.5 / 28, 27.5 / 28)),
        (1568, (0.5 / 14, 0.5 / 14)),
        (1568 + 2 * 14 + 5, (2.5 / 14, 1.5 / 14)),
        (1959, (13.5 / 14, 13.5 / 14)),
        (1960, (0.5 / 7, 0.5 / 7)),
        (1966, (1.5 / 7, 0.5 / 7)),
        (CELLS - 1, (6.5 / 7, 6.5 / 7)),
    ],
)
def test_every_cell_lies_where_its_grid_has_it(cell: int, place: tuple[float, float]) -> None:
    (found,) = find(detector_outputs((cell, 0.9)))
    assert (found.region.x_px, found.region.y_px) == pytest.approx((448 * place[0], 448 * place[1]))


def test_numbers_of_the_network_are_pixels_of_its_own() -> None:
    boxes, logits = detector_outputs((MIDDLE, 0.8))
    # Middle of the hips, end of the body, middle of the shoulders.
    boxes[MIDDLE, 4:10] = 20, 30, 20 + 33.6, 30, -7, -9
    (found,) = find((boxes, logits))
    assert found.score == pytest.approx(0.8)
    assert found.shoulders_px == pytest.approx((224 - 14, 224 - 18))
    region = found.region
    assert (region.x_px, region.y_px) == pytest.approx((224 + 40, 224 + 60))
    # The body lies to the right, so up is turned by a quarter; 33.6 are 67.2 of the picture.
    assert math.degrees(region.rotation_rad) == pytest.approx(90)
    assert region.side_px == pytest.approx(2 * 67.2 * 1.25)


def test_the_surest_person_comes_first() -> None:
    found = find(detector_outputs((1960, 0.6), (CELLS - 1, 0.9), (1960 + 6 * 6, 0.7)))
    assert [round(one.score, 6) for one in found] == [0.9, 0.7, 0.6]
    assert found[0].region.x_px == pytest.approx(448 * 6.5 / 7)
    assert found[2].region.x_px == pytest.approx(448 * 0.5 / 7)


def test_what_overlaps_is_one_person_at_the_mean_weighted_by_score() -> None:
    near = MIDDLE + 1
    boxes, logits = detector_outputs((MIDDLE, 0.9), (near, 0.6))
    boxes[near, [0, 4, 6, 8]] += 10  # all of it to the right
    (found,) = find((boxes, logits))
    assert found.score == pytest.approx(0.9)
    # 10 of 224 are 20 of the picture, and the surer one counts one and a half times as much.
    assert found.region.x_px == pytest.approx(224 + 20 * 0.6 / 1.5)
    assert found.shoulders_px[0] == pytest.approx(224 + 20 * 0.6 / 1.5)


@pytest.mark.parametrize(("shift", "people"), [(23.0, 1), (25.0, 2)])
def test_they_overlap_when_they_share_three_tenths_of_their_union(
    shift: float, people: int
) -> None:
    # Two squares of 44.8, moved by s: (44.8 - s) / (44.8 + s) is 0.3 at 24.1.
    boxes, logits = detector_outputs((MIDDLE, 0.9), (MIDDLE + 1, 0.6))
    boxes[MIDDLE + 1, 0] = shift
    assert len(find((boxes, logits))) == people


def test_two_groups_are_kept_apart() -> None:
    right = MIDDLE + 6 * 2
    found = find(
        detector_outputs((MIDDLE, 0.9), (MIDDLE + 1, 0.8), (right, 0.85), (right + 1, 0.7))
    )
    assert [one.region.x_px for one in found] == pytest.approx([224, 448 * 5.5 / 7])


def test_faces_without_extent_are_two_people() -> None:
    boxes, logits = detector_outputs((MIDDLE, 0.9), (MIDDLE + 1, 0.6))
    boxes[:, 2:4] = 0.0
    assert len(find((boxes, logits))) == 2


@pytest.mark.parametrize(("score", "people"), [(0.49, 0), (0.51, 1)])
def test_whoever_is_unsure_is_nobody(score: float, people: int) -> None:
    assert len(find(detector_outputs((MIDDLE, score)))) == people


def test_the_bound_is_the_one_that_was_given() -> None:
    assert find(detector_outputs((MIDDLE, 0.6)), min_score=0.7) == []
    assert len(find(detector_outputs((MIDDLE, 0.6)), min_score=0.3)) == 1


def test_an_empty_picture_has_nobody() -> None:
    assert find(detector_outputs()) == []


def test_scores_that_are_not_finite_are_nobody() -> None:
    boxes, logits = detector_outputs()
    logits[:] = np.nan
    assert find((boxes, logits)) == []


def test_places_that_are_not_finite_are_nowhere_to_look() -> None:
    boxes, logits = detector_outputs((MIDDLE, 0.9))
    boxes[:] = np.nan
    assert not any(one.region.is_usable for one in find((boxes, logits)))


def test_logits_beyond_all_bounds_are_certain() -> None:
    boxes, logits = detector_outputs((MIDDLE, 0.9))
    logits[MIDDLE] = 1e30
    (found,) = find((boxes, logits))
    assert found.score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("width", "height", "middle_of_first"),
    # A cell's share counts along the long side; the short one begins half the difference later.
    [(448, 224, (32, 32 - 112)), (224, 448, (32 - 112, 32)), (448, 448, (32, 32))],
)
def test_wide_and_tall_pictures_lie_in_the_middle_of_a_square(
    width: int, height: int, middle_of_first: tuple[float, float]
) -> None:
    white = np.full((height, width, 3), 255, np.uint8)
    network = ScriptedNetwork(224, *detector_outputs((1960, 0.9)))
    (found,) = PersonDetector(network, 0.5).find(white)
    assert (found.region.x_px, found.region.y_px) == pytest.approx(middle_of_first)
    assert found.region.side_px == pytest.approx(2 * 0.25 * 448 * 1.25)
    lit = network.picture.min(axis=2) == 255
    rows, columns = lit.any(axis=1), lit.any(axis=0)
    # The edge between picture and black is a pixel wide.
    assert abs(int(rows.sum()) - 224 * height // 448) <= 1
    assert abs(int(columns.sum()) - 224 * width // 448) <= 1
    assert lit[112, 112]


def test_only_the_square_it_is_given_is_looked_at() -> None:
    image = np.zeros((448, 448, 3), np.uint8)
    image[224:, 224:] = 255
    network = ScriptedNetwork(224, *detector_outputs((MIDDLE, 0.9)))
    (found,) = PersonDetector(network, 0.5).find(image, Region(336.0, 336.0, 224.0, 0.0))
    assert (network.picture == 255).all()
    assert (found.region.x_px, found.region.y_px) == pytest.approx((336, 336))
    assert found.region.side_px == pytest.approx(2 * 0.25 * 224 * 1.25)

"""Palms in a square of a picture, by what a scripted network says of it."""

import math

import numpy as np
import pytest

from engine.frames import U8
from plugins.pose.direct.palm_detector import Palm, PalmDetector
from plugins.pose.direct.region import Region
from tests.pose.direct.scripted import PALM_CELLS, ScriptedNetwork, palm_outputs

IMAGE: U8 = np.zeros((480, 640, 3), np.uint8)
# A pixel of the network is two of the picture.
VIEW = Region(300.0, 200.0, 384.0, 0.0)
# A cell of the grid of 12 by 12, whose boxes begin at 24 * 24 * 2; 32 px of the picture large.
ROW, COLUMN = 6, 7
CELL = 1152 + 6 * (12 * ROW + COLUMN)
X, Y = 300 - 192 + 32 * (COLUMN + 0.5), 200 - 192 + 32 * (ROW + 0.5)


def find(*palms: tuple[int, float], view: Region = VIEW) -> list[Palm]:
    return PalmDetector(ScriptedNetwork(192, *palm_outputs(*palms))).find(IMAGE, view)


@pytest.mark.parametrize(
    ("cell", "x", "y"),
    [
        (0, 0.5 / 24, 0.5 / 24),
        (1, 0.5 / 24, 0.5 / 24),
        (2, 1.5 / 24, 0.5 / 24),
        (1151, 23.5 / 24, 23.5 / 24),
        (1152, 0.5 / 12, 0.5 / 12),
        (PALM_CELLS - 1, 11.5 / 12, 11.5 / 12),
    ],
)
def test_every_cell_lies_where_its_grid_has_it(cell: int, x: float, y: float) -> None:
    (found,) = find((cell, 0.9))
    assert found.region.x_px == pytest.approx(300 + (x - 0.5) * 384)
    # Half a palm of 38.4 px above the palm's middle.
    assert found.region.y_px == pytest.approx(200 + (y - 0.5) * 384 - 19.2)


def test_the_hand_reaches_beyond_its_palm_towards_the_fingers() -> None:
    (found,) = find((CELL, 0.9))
    assert found.size_px == pytest.approx(38.4)
    assert (found.region.x_px, found.region.y_px) == pytest.approx((X, Y - 19.2))
    assert found.region.side_px == pytest.approx(2.6 * 38.4)
    assert found.region.rotation_rad == pytest.approx(0)


def test_a_palm_that_lies_is_turned_upright_by_wrist_and_middle_knuckle() -> None:
    boxes, logits = palm_outputs((CELL, 0.9))
    boxes[CELL, 4:6], boxes[CELL, 8:10] = (-9.6, 0), (9.6, 0)
    boxes[CELL, 2:4] = 10, 20
    (found,) = PalmDetector(ScriptedNetwork(192, boxes, logits)).find(IMAGE, VIEW)
    assert math.degrees(found.region.rotation_rad) == pytest.approx(90)
    # The larger of both sides counts; fingers are to the right.
    assert found.size_px == pytest.approx(40)
    assert (found.region.x_px, found.region.y_px) == pytest.approx((X + 20, Y))


def test_in_a_turned_view_all_turns_with_it() -> None:
    (found,) = find((CELL, 0.9), view=Region(300.0, 200.0, 384.0, math.pi / 2))
    right, down = X - 300, Y - 19.2 - 200
    assert (found.region.x_px, found.region.y_px) == pytest.approx((300 - down, 200 + right))
    assert math.degrees(found.region.rotation_rad) == pytest.approx(90)


@pytest.mark.parametrize(("score", "palms"), [(0.49, 0), (0.51, 1)])
def test_what_is_unsure_is_no_palm(score: float, palms: int) -> None:
    assert len(find((CELL, score))) == palms


def test_both_hands_are_found_the_surer_first() -> None:
    found = find((CELL - 6 * 4, 0.7), (CELL, 0.9))
    assert [palm.region.x_px for palm in found] == pytest.approx([X, X - 4 * 32])


def test_boxes_of_one_palm_are_one() -> None:
    assert len(find((CELL, 0.9), (CELL + 1, 0.8))) == 1


def test_it_looks_at_its_view_and_at_black_beyond_the_picture() -> None:
    network = ScriptedNetwork(192, *palm_outputs())
    white = np.full((480, 640, 3), 255, np.uint8)
    assert PalmDetector(network).find(white, Region(0.0, 240.0, 384.0, 0.0)) == []
    assert (network.picture[:, :95] == 0).all()
    assert (network.picture[:, 97:] == 255).all()


def test_numbers_that_are_not_finite_are_nowhere() -> None:
    boxes, logits = palm_outputs((CELL, 0.9))
    boxes[:] = np.nan
    found = PalmDetector(ScriptedNetwork(192, boxes, logits)).find(IMAGE, VIEW)
    assert not any(palm.region.is_usable for palm in found)

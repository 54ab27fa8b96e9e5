"""Where a lost hand is searched, and which palm is taken for it."""

import numpy as np
import pytest

from plugins.pose.direct.lost_hand import around, chosen
from plugins.pose.direct.palm_detector import Palm
from plugins.pose.direct.region import Region
from tests.pose.direct.figures import body, hand_points

LEFT, RIGHT = 0, 1
BODY = body(left=(420.0, 300.0), right=(220.0, 300.0))


def palm(x: float, y: float, size: float = 40.0) -> Palm:
    return Palm(Region(x, y, 2.6 * size, 0.0), size)


@pytest.mark.parametrize(("side", "x"), [(LEFT, 420.0), (RIGHT, 220.0)])
def test_it_is_searched_two_shoulder_widths_about_its_wrist(side: int, x: float) -> None:
    made = body()
    made.points_px[11, :2], made.points_px[12, :2] = (380, 200), (260, 200)
    assert around(made, side) == Region(x, 300.0, 240.0, 0.0)


def test_without_shoulders_apart_there_is_nowhere_to_search() -> None:
    assert not around(BODY, LEFT).is_usable


def test_the_nearest_palm_to_the_wrist_is_taken() -> None:
    near, far = palm(400, 250), palm(420, 200)
    other = hand_points((220.0, 300.0))
    assert chosen([far, near], BODY, LEFT, other) is near
    assert chosen([], BODY, LEFT, other) is None


def test_a_palm_where_the_other_hand_is_belongs_to_that() -> None:
    other = hand_points((400.0, 300.0))
    assert chosen([palm(400, 280)], BODY, LEFT, other) is None
    free = palm(460, 200)
    assert chosen([palm(400, 280), free], BODY, LEFT, other) is free


def test_a_palm_is_apart_from_the_other_hand_by_its_own_size() -> None:
    other = np.zeros((21, 3))
    assert chosen([palm(39, 0)], BODY, LEFT, other) is None
    assert chosen([palm(41, 0)], BODY, LEFT, other) is not None


def test_with_both_lost_each_takes_only_what_is_nearer_to_its_own_wrist() -> None:
    left, right = palm(330, 250), palm(310, 250)
    assert chosen([left, right], BODY, LEFT, None) is left
    assert chosen([left, right], BODY, RIGHT, None) is right
    assert chosen([right], BODY, LEFT, None) is None


def test_with_the_other_hand_known_it_may_be_beyond_that_ones_wrist() -> None:
    far = palm(150, 200)
    assert chosen([far], BODY, LEFT, hand_points((300.0, 400.0))) is far


def test_a_palm_that_is_nowhere_is_none() -> None:
    assert chosen([palm(np.nan, 250)], BODY, LEFT, None) is None

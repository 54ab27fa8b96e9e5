"""One hand: when it is looked for, where, and what is made of it. Each saving by itself."""

from dataclasses import replace

import numpy as np
import pytest

from plugins.pose.direct.body import Body
from plugins.pose.direct.hand import Hand
from plugins.pose.direct.hand_follower import HandFollower
from plugins.pose.direct.hand_regions import by_hand
from plugins.pose.direct.savings import Savings
from tests.pose.direct.figures import SIZE_PX, body, hand, hand_points

ALL = Savings()
RESTING, MISSED = Savings(resting_every=3), Savings(missed_every=3)
TURNS, OUTSIDE = Savings(turns=2), Savings(skip_outside=True)
LEFT, RIGHT = 0, 1
HERE = (420.0, 300.0)


def looked(
    made: HandFollower,
    savings: Savings,
    pictures: range,
    seen: Hand | None,
    at: Body,
    turns: bool = True,
) -> list[int]:
    """Numbers of the pictures in which it was looked for, with that to be seen in each."""
    numbers = []
    for number in pictures:
        if made.is_due(savings, number, turns=turns):
            made.take(seen, at)
            numbers.append(number)
        else:
            made.pass_by(at)
    return numbers


@pytest.fixture
def left() -> HandFollower:
    return HandFollower(LEFT)


@pytest.fixture
def resting(left: HandFollower) -> HandFollower:
    """A left hand after ten pictures at rest; the next in which it is looked for is 12."""
    looked(left, RESTING, range(10), hand(HERE), body())
    assert not left.is_due(RESTING, 10, turns=True)
    return left


@pytest.mark.parametrize("seen", [hand(), None])
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_with_nothing_left_out_it_is_looked_for_always(seen: Hand | None, side: int) -> None:
    made = HandFollower(side)
    assert looked(made, ALL, range(20), seen, body(right=HERE)) == list(range(20))


@pytest.mark.parametrize(
    ("side", "numbers"), [(LEFT, [0, 1, 2, 3, 6, 9, 12]), (RIGHT, [0, 1, 2, 3, 5, 8, 11])]
)
def test_a_resting_hand_is_looked_for_in_every_third(side: int, numbers: list[int]) -> None:
    made = HandFollower(side)
    assert looked(made, RESTING, range(13), hand(HERE), body(HERE, HERE)) == numbers


def test_a_hand_that_trembles_within_its_noise_rests(left: HandFollower) -> None:
    # Of a region of 100 px it may be off by 2 px.
    for number in range(4):
        left.take(hand((420.0 + number % 2 * 1.9, 300.0)), body())
    assert not left.is_due(RESTING, 4, turns=True)


def test_a_hand_that_moves_more_does_not(left: HandFollower) -> None:
    for number in range(8):
        left.take(hand((420.0 + number % 2 * 2.1, 300.0)), body())
    assert left.is_due(RESTING, 8, turns=True)


def test_a_hand_rests_while_it_goes_along_with_its_wrist(left: HandFollower) -> None:
    for number in range(4):
        wrist = (420.0 + 10 * number, 300.0)
        left.take(hand(wrist), body(wrist))
    assert not left.is_due(RESTING, 4, turns=True)


def test_a_resting_hand_whose_wrist_moves_is_looked_for_in_the_next_picture(
    resting: HandFollower,
) -> None:
    resting.pass_by(body((421.9, 300.0)))
    assert not resting.is_due(RESTING, 11, turns=True)
    resting.pass_by(body((425.0, 300.0)))
    assert resting.is_due(RESTING, 11, turns=True)


def test_a_resting_hand_that_moves_its_fingers_is_seen_two_later_at_the_latest(
    resting: HandFollower,
) -> None:
    spread = hand(HERE)
    spread = replace(spread, points_px=spread.points_px * (1.1, 1.1, 1.0))
    numbers = looked(resting, RESTING, range(10, 16), spread, body())
    # Seen to have moved, it is looked for in each picture until it rests again.
    assert numbers == [12, 13, 14, 15]


def test_a_resting_hand_that_is_gone_is_missed_as_any_other(resting: HandFollower) -> None:
    savings = replace(RESTING, missed_every=3)
    assert looked(resting, savings, range(12, 20), None, body()) == [12, 13, 14, 15, 18]


@pytest.mark.parametrize(
    ("side", "numbers"), [(LEFT, [0, 1, 2, 3, 6, 9]), (RIGHT, [0, 1, 2, 5, 8, 11])]
)
def test_a_hand_missed_three_times_is_looked_for_in_every_third(
    side: int, numbers: list[int]
) -> None:
    assert looked(HandFollower(side), MISSED, range(12), None, body()) == numbers


def test_a_hand_that_is_back_is_looked_for_always_again(left: HandFollower) -> None:
    looked(left, MISSED, range(7), None, body())
    assert looked(left, MISSED, range(9, 14), hand(), body()) == [9, 10, 11, 12, 13]


@pytest.mark.parametrize("seen", [hand(), None])
def test_by_turns_left_and_right_alternate(seen: Hand | None) -> None:
    numbers = [
        looked(HandFollower(side), TURNS, range(12), seen, body(HERE, HERE))
        for side in (LEFT, RIGHT)
    ]
    assert numbers == [[0, 2, 4, 6, 8, 10], [1, 3, 5, 7, 9, 11]]


def test_in_one_of_four_they_are_two_pictures_apart() -> None:
    seldom = Savings(turns=4, resting_every=4)
    numbers = [
        looked(HandFollower(side), seldom, range(12), hand(), body(HERE, HERE))
        for side in (LEFT, RIGHT)
    ]
    assert numbers == [[0, 4, 8], [2, 6, 10]]


def test_a_hand_that_is_about_alone_takes_no_turns(left: HandFollower) -> None:
    assert looked(left, TURNS, range(6), hand(), body(), turns=False) == list(range(6))


def test_a_hand_is_about_until_it_was_missed_three_times(left: HandFollower) -> None:
    about = []
    for seen in (None, None, None, hand(), None):
        about.append(left.is_about)
        left.take(seen, body())
    assert about == [True, True, True, False, True]
    assert left.is_about


def test_by_turns_and_at_rest_it_is_the_rarer_of_both(left: HandFollower) -> None:
    both = replace(RESTING, turns=2)
    assert looked(left, both, range(16), hand(), body()) == [0, 2, 4, 6, 9, 12, 15]


def test_the_body_says_where_to_look_for_each_hand() -> None:
    seen = body(left=(420.0, 300.0), right=(220.0, 280.0))
    regions = [HandFollower(side).coarse(seen, ALL, SIZE_PX) for side in (LEFT, RIGHT)]
    # Fingers 40 px above the wrist: twice that, moved on by a tenth, made 2.7 times as large.
    for region, (x, y) in zip(regions, [(420, 300), (220, 280)], strict=True):
        assert region is not None
        assert (region.x_px, region.y_px) == pytest.approx((x, y - 40 - 8))
        assert region.side_px == pytest.approx(80 * 2.7)
        assert region.rotation_rad == pytest.approx(0)


@pytest.mark.parametrize(("visibility", "there"), [(0.09, False), (0.11, True), (np.nan, False)])
def test_without_a_visible_wrist_there_is_no_hand(visibility: float, there: bool) -> None:
    seen = body()
    seen.visibility[16] = visibility
    assert (HandFollower(RIGHT).coarse(seen, ALL, SIZE_PX) is not None) is there
    assert HandFollower(LEFT).coarse(seen, ALL, SIZE_PX) is not None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_wrist_that_is_nowhere_has_no_hand(left: HandFollower, bad: float) -> None:
    assert left.coarse(body((bad, 300.0)), ALL, SIZE_PX) is None


# The middle of a region of 216 px is 48 px above the wrist, and may lie 21.6 px outside.
@pytest.mark.parametrize(
    ("wrist", "inside"),
    [
        ((-21.0, 300.0), True),
        ((-22.0, 300.0), False),
        ((661.0, 300.0), True),
        ((662.0, 300.0), False),
        ((320.0, 27.0), True),
        ((320.0, 26.0), False),
        ((320.0, 549.0), True),
        ((320.0, 550.0), False),
    ],
)
def test_a_hand_outside_is_left_out(
    left: HandFollower, wrist: tuple[float, float], inside: bool
) -> None:
    assert left.coarse(body(wrist), ALL, SIZE_PX) is not None
    assert (left.coarse(body(wrist), OUTSIDE, SIZE_PX) is not None) is inside


@pytest.mark.parametrize(("score", "found"), [(0.5, False), (0.51, True), (np.nan, False)])
def test_a_hand_is_there_if_the_network_says_so(
    left: HandFollower, score: float, found: bool
) -> None:
    left.take(hand(score=score), body())
    assert (left.found is not None) is found
    assert (left.before is not None) is found


def test_a_hand_that_was_seen_says_where_to_look_next(left: HandFollower) -> None:
    seen = hand()
    left.take(seen, body())
    assert left.before == by_hand(seen.points_px)
    assert left.found is not None
    np.testing.assert_array_equal(left.found[0], seen.points_px)
    assert left.found[1] == 0.9
    assert left.aim == left.before
    assert left.agrees(by_hand(seen.points_px))
    assert not left.agrees(by_hand(hand_points((450.0, 300.0))))


def test_nothing_agrees_without_a_hand(left: HandFollower) -> None:
    assert left.before is None
    assert left.aim is None
    assert not left.agrees(by_hand(hand_points()))


def test_between_looks_it_is_carried_along_with_its_wrist(left: HandFollower) -> None:
    left.take(hand(HERE), body(HERE))
    for step in (1, 2, 3):
        left.pass_by(body((420.0 + 10 * step, 300.0 - 5 * step)))
    assert left.found is not None
    np.testing.assert_allclose(left.found[0], hand_points(HERE) + np.array([30.0, -15.0, 0.0]))
    assert left.found[1] == 0.9
    assert left.before == by_hand(hand_points((450.0, 285.0)))


def test_a_wrist_that_trembles_carries_nothing_until_it_has_moved(left: HandFollower) -> None:
    left.take(hand(HERE), body(HERE))
    for right_px in (1.5, -1.5, 2.0):  # 2 px are its noise
        left.pass_by(body((420.0 + right_px, 300.0)))
        assert left.found is not None
        np.testing.assert_array_equal(left.found[0], hand_points(HERE))
    left.pass_by(body((422.5, 300.0)))
    assert left.found is not None
    np.testing.assert_allclose(left.found[0], hand_points((422.5, 300.0)))


def test_the_other_hands_wrist_carries_nothing(left: HandFollower) -> None:
    left.take(hand(HERE), body(HERE))
    left.pass_by(body(HERE, right=(0.0, 0.0)))
    assert left.found is not None
    np.testing.assert_array_equal(left.found[0], hand_points(HERE))


def test_a_hand_that_is_not_there_is_not_carried(left: HandFollower) -> None:
    left.pass_by(body())
    assert left.found is None


def test_a_missed_hand_is_gone_at_once(left: HandFollower) -> None:
    left.take(hand(), body())
    left.take(None, body())
    assert left.found is None


def test_reset_forgets(resting: HandFollower) -> None:
    resting.reset()
    assert resting.found is None
    assert looked(resting, RESTING, range(6), hand(), body()) == [0, 1, 2, 3]
    missed = HandFollower(LEFT)
    looked(missed, MISSED, range(8), None, body())
    missed.reset()
    assert missed.is_due(MISSED, 1, turns=True)


def test_a_hand_that_follows_itself_well_asks_the_placer_only_now_and_then(
    left: HandFollower,
) -> None:
    savings = Savings(place_every=3)
    assert not left.trusts_itself(savings)
    left.take(hand(HERE), body())
    assert left.before is not None
    assert [left.trusts_itself(savings) for _ in range(6)] == [True, True, False] * 2
    assert not left.trusts_itself(ALL)
    assert not left.agrees(left.before.scaled(3.0))
    assert left.aim is None
    assert not left.trusts_itself(savings)
    assert left.agrees(left.before)
    assert left.trusts_itself(savings)


@pytest.mark.parametrize(("every", "searched"), [(0, []), (2, [1, 3, 5]), (3, [2, 5])])
def test_every_so_many_looks_for_a_hand_that_was_not_there_go_by_palms(
    left: HandFollower, every: int, searched: list[int]
) -> None:
    savings, found = Savings(recover_every=every), []
    for misses in range(6):
        if left.searches(savings):
            found.append(misses)
        left.take(None, body())
    assert found == searched
    left.take(hand(), body())
    assert not left.searches(savings)

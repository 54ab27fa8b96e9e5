"""When and where people are looked for."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.pose.direct.region import Region
from plugins.pose.direct.search import Search

SIZE = (640, 480)
WHOLE = Region(320.0, 240.0, 640.0, 0.0)
MS = 1_000_000


def looks(search: Search, times_ms: range, *, followed: bool) -> list[int]:
    made = []
    for time_ms in times_ms:
        if search.is_due(time_ms * MS, followed=followed):
            search.view(time_ms * MS, SIZE)
            made.append(time_ms)
    return made


def test_without_anybody_every_picture_is_looked_at() -> None:
    times_ms = range(0, 400, 40)
    assert looks(Search(several=False), times_ms, followed=False) == list(times_ms)


@pytest.mark.parametrize("step_ms", [50, 100, 33])
def test_for_others_than_the_followed_it_is_looked_thrice_a_second(step_ms: int) -> None:
    made = looks(Search(several=True), range(0, 3000, step_ms), followed=True)
    gaps = [after - before for before, after in pairwise(made)]
    assert made[0] == 0
    assert all(300 <= gap < 300 + step_ms for gap in gaps)


def test_after_reset_the_next_picture_is_looked_at_all_of_it() -> None:
    search = Search(several=True)
    assert looks(search, range(0, 1000, 200), followed=True) == [0, 400, 800]
    search.reset()
    assert search.is_due(801 * MS, followed=True)
    assert search.view(801 * MS, SIZE) == WHOLE
    assert not search.is_due(802 * MS, followed=True)


def test_time_may_begin_anew_after_reset() -> None:
    search = Search(several=True)
    looks(search, range(5000, 6000, 40), followed=True)
    search.reset()
    assert search.is_due(0, followed=True)


def test_one_person_is_looked_for_in_all_of_the_picture_only() -> None:
    search = Search(several=False)
    assert {search.view(i, SIZE) for i in range(20)} == {WHOLE}


def cycle(width: int, height: int) -> list[Region]:
    """What is looked at until it begins anew."""
    search = Search(several=True)
    views = [search.view(0, (width, height))]
    while (view := search.view(0, (width, height))) != views[0]:
        views.append(view)
    return views


def test_several_are_looked_for_in_all_of_it_and_in_squares_by_turns() -> None:
    views = cycle(*SIZE)
    assert views[0] == WHOLE
    assert sorted({round(view.side_px) for view in views[1:]}) == [320, 480]


@given(st.integers(16, 1280), st.integers(16, 1280))
def test_squares_lie_inside_and_leave_nothing_out(width: int, height: int) -> None:
    views = cycle(width, height)
    short = min(width, height)
    for side in {view.side_px for view in views[1:]}:
        squares = [view for view in views[1:] if view.side_px == side]
        for length, middles in (
            (width, sorted({view.x_px for view in squares})),
            (height, sorted({view.y_px for view in squares})),
        ):
            ends = [(middle - side / 2, middle + side / 2) for middle in middles]
            assert ends[0][0] == pytest.approx(0, abs=1e-6)
            assert ends[-1][1] == pytest.approx(length)
            # Whoever is as large as a third of a square is whole in one of them.
            assert all(one[1] - two[0] >= side / 3 - 1e-6 for one, two in pairwise(ends))
        assert side <= short

"""Who of several people a stream is about."""

import pytest

from plugins.pose.direct.main_person import MainPerson, prominence
from plugins.pose.direct.presence import Presence

S = 1_000_000_000


@pytest.fixture
def main() -> MainPerson:
    """One with person 1 chosen."""
    made = MainPerson()
    assert made.step(0, {1: 100.0, 2: 90.0}, held=False) == 1
    return made


@pytest.mark.parametrize(("x_px", "expected"), [(320, 200), (160, 150), (640, 100), (900, 100)])
def test_prominence_is_size_less_at_the_edge(x_px: float, expected: float) -> None:
    assert prominence(Presence(x_px, 0.0, 200.0), 640) == pytest.approx(expected)


def test_without_anybody_there_is_nobody() -> None:
    assert MainPerson().step(0, {}, held=False) == 0


def test_a_little_more_prominent_is_not_enough(main: MainPerson) -> None:
    assert [main.step(i * S, {1: 100.0, 2: 129.0}, held=False) for i in range(1, 10)] == [1] * 9


def test_much_more_prominent_for_a_second_is(main: MainPerson) -> None:
    chosen = [main.step(S + i * S // 10, {1: 100.0, 2: 131.0}, held=False) for i in range(12)]
    assert chosen == [1] * 10 + [2] * 2


def test_that_second_begins_anew_after_a_break(main: MainPerson) -> None:
    for start_s in (1.0, 2.0, 3.0):
        for i in range(9):
            time_ns = round((start_s + i / 10) * S)
            assert main.step(time_ns, {1: 100.0, 2: 140.0}, held=False) == 1
        assert main.step(round((start_s + 0.95) * S), {1: 100.0, 2: 110.0}, held=False) == 1


def test_two_rivals_by_turns_replace_nobody(main: MainPerson) -> None:
    for i in range(40):
        there = {1: 100.0, 2: 140.0 + i % 2 * 10, 3: 145.0}
        assert main.step(S + i * S // 10, there, held=False) == 1


def test_whoever_may_come_back_is_waited_for(main: MainPerson) -> None:
    assert main.step(S, {2: 90.0}, held=True) == 1
    assert main.step(2 * S, {2: 90.0}, held=False) == 2


def test_reset_chooses_anew(main: MainPerson) -> None:
    main.reset()
    assert main.step(S, {2: 90.0, 3: 80.0}, held=True) == 2

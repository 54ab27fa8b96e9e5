"""Body and hands take turns where pictures come fast enough, and only there."""

import pytest

from engine.clock import NS_PER_S
from plugins.pose.direct.savings import Savings
from plugins.pose.direct.turns import Turns

BY_TURNS = Savings(by_turns_s=0.07)
BOTH, BODY, HANDS = (True, True), (True, False), (False, True)


def told(
    turns: Turns, times_s: list[float], savings: Savings = BY_TURNS
) -> list[tuple[bool, bool]]:
    return [turns.step(round(time_s * NS_PER_S), savings) for time_s in times_s]


def at(fps: float, pictures: int) -> list[float]:
    return [number / fps for number in range(pictures)]


@pytest.mark.parametrize("fps", [29, 30, 50, 60, 120])
def test_fast_pictures_have_one_of_both(fps: float) -> None:
    assert told(Turns(), at(fps, 7)) == [BOTH, HANDS, BODY, HANDS, BODY, HANDS, BODY]


@pytest.mark.parametrize("fps", [5, 15, 25, 28])
def test_slow_pictures_have_both(fps: float) -> None:
    assert told(Turns(), at(fps, 5)) == [BOTH] * 5


def test_without_the_saving_all_have_both() -> None:
    assert told(Turns(), at(240, 9), Savings()) == [BOTH] * 9


def test_after_a_pause_both_are_looked_at() -> None:
    assert told(Turns(), [0.0, 0.033, 0.067, 0.4, 0.433]) == [BOTH, HANDS, BODY, BOTH, HANDS]


def test_nothing_waits_longer_than_told_at_an_uneven_rate() -> None:
    times_s, turns = [0.0], Turns()
    for number in range(200):
        times_s.append(times_s[-1] + (0.012, 0.021, 0.034, 0.02, 0.033)[number % 5])
    seen = {"body": 0.0, "hands": 0.0}
    for time_s, (body, hands) in zip(times_s, told(turns, times_s), strict=True):
        for name, looked in (("body", body), ("hands", hands)):
            if looked:
                assert time_s - seen[name] <= 0.07 + 0.034
                seen[name] = time_s


def test_a_clock_that_stands_or_goes_back_has_both() -> None:
    assert told(Turns(), [1.0, 1.033, 1.033, 0.5]) == [BOTH, HANDS, BOTH, BOTH]


def test_reset_begins_again() -> None:
    turns = Turns()
    told(turns, at(30, 2))
    turns.reset()
    assert told(turns, [0.066]) == [BOTH]

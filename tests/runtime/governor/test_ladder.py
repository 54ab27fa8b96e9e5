import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import NS_PER_MS, NS_PER_S
from engine.config import GovernorConfig
from engine.runtime.governor.ladder import Ladder

CONFIG = GovernorConfig()
HOLD_S = 0.55 * CONFIG.recover_s / 3
Trace = Callable[[float, int], float]
"""Second and level to the slack of a frame."""


def climbed(ladder: Ladder, now_s: float, to: int) -> float:
    """Press until a level is reached; when that is."""
    while ladder.level < to:
        now_s += 0.05
        ladder.note(-0.1, round(now_s * NS_PER_S))
    return now_s


def played(trace: Trace, seconds: float, fps: float = 15.0) -> list[tuple[float, int]]:
    """When the level changed and to what."""
    ladder, moves = Ladder(4, CONFIG), []
    for frame in range(round(seconds * fps)):
        at_s = frame / fps
        move = ladder.note(trace(at_s, ladder.level), round(at_s * NS_PER_S))
        if move:
            moves.append((at_s, move.level))
    return moves


def most_within(moves: list[tuple[float, int]], seconds: float) -> int:
    return max(sum(start <= at_s < start + seconds for at_s, _ in moves) for start, _ in moves)


def test_pressure_climbs_level_by_level_to_the_last() -> None:
    moves = played(lambda at_s, level: -0.1, 20.0)
    assert [level for _, level in moves] == [1, 2, 3]
    assert moves[-1][0] == pytest.approx(3.0, abs=0.3)


def test_what_changes_and_why_is_told() -> None:
    ladder = Ladder(2, CONFIG)
    causes = []
    for frame in range(200):
        move = ladder.note(-0.1 if frame < 40 else 0.7, frame * 50 * NS_PER_MS)
        causes += [(move.level, move.cause)] if move else []
    assert causes == [(1, "pressure"), (0, "relief")]


def test_a_single_level_has_nowhere_to_go() -> None:
    ladder = Ladder(1, CONFIG)
    assert all(ladder.note(-1.0, frame * 50 * NS_PER_MS) is None for frame in range(200))


def test_one_outlier_does_not_climb_and_does_not_keep_from_coming_back() -> None:
    assert played(lambda at_s, level: -5.0 if at_s == 3.0 else 0.5, 20.0) == []
    moves = played(lambda at_s, level: -0.1 if at_s < 1.2 or at_s == 2.0 else 0.7, 20.0)
    assert [level for _, level in moves] == [1, 0]
    assert moves[-1][0] < 1.2 + 2 * HOLD_S


@pytest.mark.parametrize("fps", [3.0, 5.0, 10.0, 30.0, 60.0])
@pytest.mark.parametrize("pressed_s", [4.0, 12.0, 100.0])
def test_from_the_highest_level_it_is_back_in_time(fps: float, pressed_s: float) -> None:
    moves = played(lambda at_s, level: -0.1 if at_s < pressed_s else 0.7, pressed_s + 20, fps)
    assert [level for _, level in moves] == [1, 2, 3, 2, 1, 0]
    assert moves[-1][0] - pressed_s < CONFIG.recover_s - 1.0  # the rest is for the forecast


def test_a_longer_ladder_comes_back_in_the_same_time() -> None:
    ladder = Ladder(9, CONFIG)
    start_s = now_s = climbed(ladder, 0.0, 8)
    while ladder.level:
        now_s += 0.05
        ladder.note(0.7, round(now_s * NS_PER_S))
    assert now_s - start_s < CONFIG.recover_s - 1.0


def test_without_frames_the_level_is_kept() -> None:
    ladder = Ladder(4, CONFIG)
    now_s = climbed(ladder, 0.0, 2) + 60
    assert ladder.note(0.7, round(now_s * NS_PER_S)) is None
    assert ladder.level == 2


def test_slack_between_the_two_bounds_changes_nothing() -> None:
    between = (CONFIG.climb_slack + CONFIG.return_slack) / 2
    moves = played(lambda at_s, level: -0.1 if at_s < 1.2 else between, 100.0)
    assert [level for _, level in moves] == [1]


def edge(spread: float, seed: int) -> Trace:
    """Too much for levels below 2, easy from there."""
    rng = random.Random(seed)
    return lambda at_s, level: (0.0 if level < 2 else 0.45) + rng.gauss(0.0, spread)


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.1])
def test_on_the_edge_it_settles(spread: float) -> None:
    for seed in range(5):
        moves = played(edge(spread, seed), 300.0)
        assert most_within(moves, 60.0) <= 20
        assert most_within([move for move in moves if move[0] >= 60.0], 60.0) <= 12


def test_after_a_long_time_on_the_edge_the_end_of_the_load_is_seen_at_once() -> None:
    for seed in range(10):
        on_edge = edge(0.03, seed)
        moves = played(
            lambda at_s, level, on_edge=on_edge: on_edge(at_s, level) if at_s < 90 else 0.75,  # type: ignore[misc]
            120.0,
        )
        assert moves[-1][1] == 0
        assert moves[-1][0] - 90.0 < CONFIG.recover_s


def test_loads_far_apart_do_not_make_it_wait() -> None:
    def trace(at_s: float, level: int) -> float:
        return -0.1 if at_s % 60 < 10 else 0.75

    moves = played(trace, 600.0)
    for begin in range(0, 600, 60):
        levels = [(at_s - begin, level) for at_s, level in moves if begin <= at_s < begin + 60]
        assert [level for _, level in levels] == [1, 2, 3, 2, 1, 0]
        assert levels[-1][0] < 10 + CONFIG.recover_s


def test_short_loads_that_keep_coming_back_are_met_by_staying() -> None:
    moves = played(lambda at_s, level: -0.1 if at_s % 6 < 1.5 and not level else 0.75, 300.0)
    late = [move for move in moves if move[0] >= 60.0]
    assert most_within(late, 60.0) <= 12


@given(
    st.lists(
        st.tuples(st.integers(0, 2_000), st.floats(-2.0, 1.0), st.integers(1, 60)), max_size=30
    ),
    st.integers(1, 6),
)
def test_the_level_is_always_one_of_them_and_moves_by_one_no_sooner_than_allowed(
    runs: list[tuple[int, float, int]], levels: int
) -> None:
    ladder, now_ns, level, changed_ns = Ladder(levels, CONFIG), 0, 0, -math.inf
    hold_s = 0.55 * CONFIG.recover_s / max(1, levels - 1)
    for wait_ms, slack, frames in runs:
        for _ in range(frames):
            now_ns += wait_ms * NS_PER_MS
            move = ladder.note(slack, now_ns)
            assert ladder.level == (level if move is None else move.level)
            if move is not None:
                least_s = CONFIG.climb_after_s if move.level > level else hold_s
                assert abs(move.level - level) == 1
                assert (now_ns - changed_ns) / NS_PER_S >= least_s - 1e-6
                level, changed_ns = move.level, now_ns
            assert 0 <= level < levels

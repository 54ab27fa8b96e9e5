import itertools
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from engine.config import GovernorConfig
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import STAGES, Governor
from engine.runtime.governor.watchdog import Call

MS = 1_000_000
LEVELS = ("full", "lighter", "rarer")

calls = st.lists(
    st.tuples(
        st.sampled_from(["admit", "begin", "end", "in_time", "published", "check", "abandon"]),
        st.sampled_from(STAGES),
        st.integers(-50, 700),  # ms since the call before: threads may be a little behind
        st.integers(-100, 500),  # age in ms
        st.integers(0, 30),  # how often in a row
    ),
    max_size=30,
)


class Player:
    """Makes calls in any order."""

    def __init__(self, told: Callable[[Decision], None]) -> None:
        self.governor = Governor(GovernorConfig(), 200.0, LEVELS, told)
        self.now_ns = 10**12
        self._calls: list[Call] = []

    def play(self, what: str, stage: str, wait_ms: int, age_ms: int) -> bool | None:
        self.now_ns += wait_ms * MS
        governor, now_ns, capture_ns = self.governor, self.now_ns, self.now_ns - age_ms * MS
        if what == "admit":
            return governor.admit(stage, capture_ns, now_ns)
        if what == "in_time":
            return governor.in_time(stage, capture_ns, now_ns)
        if what == "begin":
            self._calls.append(governor.begin(stage, now_ns))
        elif what == "published":
            governor.published(capture_ns, now_ns)
        elif what == "check":
            governor.check(now_ns)
        elif self._calls:
            # The last one may be ended again and again.
            call = self._calls.pop(0) if len(self._calls) > 1 else self._calls[0]
            governor.end(call, now_ns) if what == "end" else governor.abandon(call)
        return None


@given(calls)
def test_any_order_of_calls_is_survived_with_everything_accounted_for(
    steps: list[tuple[str, str, int, int, int]],
) -> None:
    told: list[Decision] = []
    player, refused = Player(told.append), 0
    for what, stage, wait_ms, age_ms, times in steps:
        for _ in range(times):
            answer = player.play(what, stage, wait_ms, age_ms)
            refused += answer is False
            late = age_ms > 200 and what in ("admit", "in_time")
            assert answer is False or not late
            assert 0 <= player.governor.level < len(LEVELS)
    status = player.governor.status(player.now_ns)
    assert status.shed + status.discarded == refused
    assert sum(each.what in ("shed", "discard") for each in told) == refused
    levels = [0, *(each.level for each in told if each.what == "level")]
    assert all(abs(b - a) == 1 for a, b in itertools.pairwise(levels))
    assert levels[-1] == status.level


@given(calls, st.sampled_from(STAGES), st.integers(-100, 300), st.integers(0, 300))
def test_what_is_captured_later_is_admitted_if_the_earlier_is(
    steps: list[tuple[str, str, int, int, int]], stage: str, age_ms: int, newer_ms: int
) -> None:
    answers = []
    for age in (age_ms, age_ms - newer_ms):
        player = Player(lambda _: None)
        for what, where, wait_ms, old_ms, times in steps:
            for _ in range(times):
                player.play(what, where, wait_ms, old_ms)
        answers.append(player.play("admit", stage, 10, age))
    older, newer = answers
    assert newer or not older

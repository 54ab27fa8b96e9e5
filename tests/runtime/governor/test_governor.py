import threading

import pytest

from engine.clock import NS_PER_MS, NS_PER_S
from engine.config import GovernorConfig
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import DEADLINE, LATE_RESULT, Governor

NOW_NS = 1000 * NS_PER_S
LEVELS = ("full", "lighter")


def ns(ms: float) -> int:
    return round(ms * NS_PER_MS)


def governor(told: list[Decision] | None = None, config: GovernorConfig | None = None) -> Governor:
    told = [] if told is None else told
    return Governor(config or GovernorConfig(), 200.0, LEVELS, told.append)


def frame(made: Governor, now_ns: int, pose_ms: float) -> int:
    """One frame on its way, as the pipeline does it; when it was done."""
    if not made.admit("pose", now_ns, now_ns):
        return now_ns + ns(33)
    call = made.begin("pose", now_ns)
    end_ns = now_ns + ns(pose_ms)
    made.end(call, end_ns)
    if made.in_time("pose", now_ns, end_ns):
        made.published(now_ns, end_ns)
    return end_ns


def test_a_frame_too_old_is_shed_and_a_result_too_late_is_discarded() -> None:
    told: list[Decision] = []
    made = governor(told)
    made.seed("pose", [ns(100)] * 3)
    assert made.admit("pose", NOW_NS - ns(50), NOW_NS, seq=6)
    assert not made.admit("pose", NOW_NS - ns(100), NOW_NS, seq=7)
    assert not made.in_time("pose", NOW_NS - ns(201), NOW_NS, seq=8)
    assert told == [
        Decision(at_ns=NOW_NS, what="shed", stage="pose", cause=DEADLINE, level=0, seq=7),
        Decision(at_ns=NOW_NS, what="discard", stage="pose", cause=LATE_RESULT, level=0, seq=8),
    ]
    status = made.status(NOW_NS)
    assert (status.shed, status.discarded, status.late) == (1, 1, 0)


def test_what_has_waited_past_its_deadline_is_discarded_and_told() -> None:
    told: list[Decision] = []
    made = governor(told)
    assert not made.expired("recognise", NOW_NS - ns(200), NOW_NS, seq=4)
    assert made.expired("recognise", NOW_NS - ns(200) - 1, NOW_NS, seq=5)
    assert told == [
        Decision(at_ns=NOW_NS, what="discard", stage="recognise", cause=LATE_RESULT, level=0, seq=5)
    ]
    assert made.status(NOW_NS).discarded == 1


def test_waiting_too_long_is_pressure() -> None:
    made = governor()
    for i in range(60):
        now_ns = NOW_NS + i * ns(33)
        made.expired("recognise", now_ns - ns(201), now_ns)
    assert made.level == 1


def test_a_result_published_late_is_counted() -> None:
    made = governor()
    made.published(NOW_NS - ns(200), NOW_NS)
    made.published(NOW_NS - ns(201), NOW_NS)
    assert made.status(NOW_NS).late == 1


def test_pressure_changes_the_level_and_status_names_it() -> None:
    told: list[Decision] = []
    made = governor(told)
    now_ns = NOW_NS
    while made.level == 0:
        now_ns = frame(made, now_ns, 250.0)
    assert told[-1] == Decision(
        at_ns=told[-1].at_ns, what="level", stage="", cause="pressure", level=1
    )
    status = made.status(now_ns)
    assert (status.level, status.level_name) == (1, "lighter")


def test_what_was_measured_at_another_level_says_nothing() -> None:
    made = governor()
    now_ns = NOW_NS
    while made.level == 0:
        under_way = made.begin("pose", now_ns)
        now_ns = frame(made, now_ns, 250.0)
    assert made.status(now_ns).forecasts["pose"].expected_ms is None
    made.end(under_way, now_ns)
    assert made.status(now_ns).forecasts["pose"].count == 0


def test_each_level_has_its_own_seeds() -> None:
    made = governor()
    made.seed("pose", [ns(90)] * 3)
    made.seed("pose", [ns(40)] * 3, level=1)
    assert made.status(NOW_NS).forecasts["pose"].expected_ms == 90.0
    now_ns = NOW_NS
    while made.level == 0:
        now_ns = frame(made, now_ns, 250.0)
    assert made.status(now_ns).forecasts["pose"].expected_ms == 40.0


def test_waiting_for_a_stage_counts_when_the_hand_over_is_given() -> None:
    made = governor()
    for _ in range(3):
        made.end(made.begin("recognise", NOW_NS), NOW_NS + ns(2), since_ns=NOW_NS - ns(8))
        made.end(made.begin("publish", NOW_NS), NOW_NS + ns(2))
    forecasts = made.status(NOW_NS).forecasts
    assert forecasts["recognise"].expected_ms == 10.0
    assert forecasts["publish"].expected_ms == 2.0


def test_a_call_that_was_abandoned_or_ended_before_is_not_measured() -> None:
    made = governor()
    call, ended = made.begin("pose", NOW_NS), made.begin("pose", NOW_NS)
    made.abandon(call)
    made.end(call, NOW_NS + ns(50))
    for _ in range(3):
        made.end(ended, NOW_NS + ns(50))
    made.check(NOW_NS + 100 * NS_PER_S)
    status = made.status(NOW_NS)
    assert status.forecasts["pose"].count == 1
    assert status.stuck == ()


def test_a_call_that_does_not_return_is_told_once_and_stands_in_status() -> None:
    told: list[Decision] = []
    made = governor(told)
    call = made.begin("pose", NOW_NS)
    for after_ms in (1000, 2000, 2001, 3000):
        made.check(NOW_NS + ns(after_ms))
    assert told == [
        Decision(at_ns=NOW_NS + ns(2001), what="stuck", stage="pose", cause="overdue", level=0)
    ]
    assert made.status(NOW_NS).stuck == ("pose",)
    made.end(call, NOW_NS + ns(4000))
    assert made.status(NOW_NS).stuck == ()


def test_switched_off_it_lets_everything_pass_and_still_measures_and_watches() -> None:
    told: list[Decision] = []
    made = governor(told, GovernorConfig(enabled=False))
    now_ns = NOW_NS
    for _ in range(30):
        now_ns = frame(made, now_ns, 900.0)
    assert told == []
    assert made.admit("pose", NOW_NS - NS_PER_S, NOW_NS)
    assert made.in_time("pose", NOW_NS - NS_PER_S, NOW_NS)
    assert not made.expired("recognise", NOW_NS - NS_PER_S, NOW_NS)
    status = made.status(now_ns)
    assert (status.level, status.shed, status.discarded, status.late) == (0, 0, 0, 30)
    assert status.forecasts["pose"].expected_ms == 900.0
    made.begin("pose", now_ns)
    made.check(now_ns + 3 * NS_PER_S)
    assert [decision.what for decision in told] == ["stuck"]


@pytest.mark.parametrize("deadline_ms", [1.0, 10.0, 200.0, 1e9])
@pytest.mark.parametrize("margin_ms", [0.0, 5.0, 1000.0])
def test_no_margin_is_too_large_for_a_fresh_frame(deadline_ms: float, margin_ms: float) -> None:
    made = Governor(GovernorConfig(margin_ms=margin_ms), deadline_ms, LEVELS, lambda _: None)
    assert made.admit("pose", NOW_NS, NOW_NS)


def test_mistakes_of_the_caller_are_named() -> None:
    made = governor()
    with pytest.raises(ValueError, match="one of the stages pose, recognise, publish, got 'pse'"):
        made.admit("pse", NOW_NS, NOW_NS)
    with pytest.raises(ValueError, match="expected a level from 0 to 1, got 2"):
        made.seed("pose", [1], level=2)
    with pytest.raises(ValueError, match="a deadline above 0 ms, got 0"):
        Governor(GovernorConfig(), 0.0, LEVELS, lambda _: None)
    for levels in ((), ("full", "full")):
        with pytest.raises(ValueError, match="at least one level, each named once"):
            Governor(GovernorConfig(), 200.0, levels, lambda _: None)


def test_threads_at_once_lose_no_count() -> None:
    told: list[Decision] = []
    made = governor(told)
    refused = [0] * 4

    def work(place: int) -> None:
        for step in range(500):
            now_ns = NOW_NS + ns(step * 7 + place)
            call = made.begin("pose", now_ns)
            age_ns = ns((step * 37 + place) % 260)
            refused[place] += not made.admit("pose", now_ns - age_ns, now_ns)
            made.end(call, now_ns + ns(step % 90))
            refused[place] += not made.in_time("pose", now_ns - age_ns, now_ns)
            made.published(now_ns - age_ns, now_ns)
            made.check(now_ns)
            made.status(now_ns)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    status = made.status(NOW_NS)
    assert status.shed + status.discarded == sum(refused) > 0
    assert sum(decision.what in ("shed", "discard") for decision in told) == sum(refused)

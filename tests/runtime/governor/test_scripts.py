"""Scripts of loads, played on the simulated pipeline."""

import math
import random
from collections.abc import Callable

import pytest

from engine.config import GovernorConfig
from tests.runtime.governor.machines import POSE_MS, during, machine
from tests.runtime.governor.simulator import DEADLINE_MS, LEVELS, Outcome, Simulator, steady

RECOVER_S = GovernorConfig().recover_s


def constantly(factor: float) -> Callable[[float], float]:
    return lambda second: factor


def begun_between(outcome: Outcome, start_s: float, end_s: float) -> int:
    return sum(start_s <= at_s < end_s for at_s in outcome.begun)


@pytest.mark.parametrize("spread", [0.0, 0.15])
@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_an_idle_machine_needs_no_decision_though_frames_are_replaced(
    spread: float, fps: float
) -> None:
    outcome = Simulator(machine(constantly(1.0), spread=spread), fps=fps).run(120)
    assert outcome.decisions == []
    assert len(outcome.published) > 14 * 120
    assert fps == 15.0 or outcome.replaced > 1000


def test_a_slower_machine_with_room_needs_no_decision_either() -> None:
    outcome = Simulator(machine(constantly(2.0), spread=0.1)).run(120)
    assert outcome.decisions == []
    assert len(outcome.published) > 8 * 120


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("levels", [LEVELS, LEVELS[:1]])
def test_at_a_slowdown_of_two_and_a_half_what_is_published_is_in_time(
    levels: tuple[str, ...], seed: int
) -> None:
    pose = machine(during(5, 65, 2.5), spread=0.15, seed=seed)
    outcome = Simulator(pose, levels=levels).run(70)
    assert outcome.in_time_share() >= 0.99
    loaded = [each for each in outcome.published if 5 <= each.at_s < 65]
    assert len(loaded) > 6 * 60  # 137 ms a call would give 7.3 a second at best
    discarded = len(outcome.told("discard"))
    assert discarded < 0.05 * len(outcome.begun)


@pytest.mark.parametrize("seed", range(3))
def test_three_times_slower_it_degrades_and_goes_on_in_time(seed: int) -> None:
    outcome = Simulator(machine(during(5, 65, 3.0), seed=seed)).run(80)
    assert outcome.levels()[0][1] == 1
    assert outcome.levels()[0][0] < 5 + 2.5
    assert outcome.level_at(50.0) == 2
    assert outcome.in_time_share() >= 0.99
    assert len([each for each in outcome.published if 10 <= each.at_s < 65]) > 9 * 55
    assert outcome.level_at(65 + RECOVER_S) == 0


def test_when_nothing_helps_it_tries_now_and_then_and_publishes_nothing_late() -> None:
    outcome = Simulator(machine(constantly(12.0), spread=0.05)).run(60)
    assert outcome.published == []
    assert outcome.level_at(60) == 3
    assert 1.0 < begun_between(outcome, 10, 60) / 50 < 2.5  # 330 ms a call and 250 ms of rest


@pytest.mark.parametrize("factor", [2.5, 3.0, 5.0, 8.0])
@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_it_is_back_at_full_quality_within_five_seconds_of_a_load(
    factor: float, fps: float
) -> None:
    for seed in range(4):
        for loaded_s in (3.0, 9.0, 20.0):
            pose = machine(during(4, 4 + loaded_s, factor), seed=seed)
            outcome = Simulator(pose, fps=fps).run(4 + loaded_s + 15)
            after = [level for at_s, level in outcome.levels() if at_s >= 4 + loaded_s + RECOVER_S]
            assert outcome.level_at(4 + loaded_s + RECOVER_S) == 0
            assert after == []


def test_the_recovery_from_the_highest_level_is_really_one() -> None:
    outcome = Simulator(machine(during(4, 24, 8.0))).run(40)
    assert outcome.level_at(24.0) == 3
    assert outcome.level_at(24.0 + RECOVER_S) == 0


def stalled(start_s: float, end_s: float, ms: float) -> Simulator:
    return Simulator(lambda second, level, seq: ms if start_s <= second < end_s else POSE_MS)


def test_after_a_stall_frames_are_admitted_again_within_a_second_and_then_all() -> None:
    for start_s in (5.0, 5.1, 5.2, 5.3):
        simulator = stalled(start_s, start_s + 3, 400.0)
        outcome = simulator.run(12)
        end_s = start_s + 3
        last_s = max(at_s for at_s in outcome.begun if at_s < end_s)
        assert last_s > end_s - 0.7  # it was tried all the time
        assert begun_between(outcome, end_s, end_s + 1) >= 3
        assert begun_between(outcome, end_s + 1, end_s + 3) >= 2 * 14
        assert [d for d in outcome.told("shed") if d.at_ns > outcome_ns(end_s + 1)] == []


def outcome_ns(at_s: float) -> int:
    from tests.runtime.governor.simulator import START_NS

    return START_NS + round(at_s * 1e9)


def test_a_stalled_later_stage_is_tried_again_as_well() -> None:
    def recognise(second: float, level: int, seq: int) -> float:
        return 400.0 if 5 <= second < 8 else 1.0

    outcome = Simulator(steady(POSE_MS), recognise=recognise).run(14)
    back = [each.at_s for each in outcome.published if 8.5 <= each.at_s < 10.5]
    assert len(back) > 20
    assert outcome.in_time_share() > 0.95
    assert outcome.level_at(8 + RECOVER_S) == 0


@pytest.mark.parametrize("ms", [300.0, 900.0, 1900.0])
def test_single_outliers_cost_a_frame_each_and_no_quality(ms: float) -> None:
    def pose(second: float, level: int, seq: int) -> float:
        return ms if seq % 90 == 45 else POSE_MS

    hit = Simulator(pose).run(60)
    assert hit.told("level") == []
    assert hit.told("shed") == []
    assert 1 <= len(hit.told("discard")) <= 20
    assert hit.in_time_share() == 1.0


def test_short_bursts_lower_no_quality() -> None:
    def load(second: float) -> float:
        return 6.0 if second % 10 < 0.6 else 1.0

    outcome = Simulator(machine(load)).run(60)
    assert outcome.told("discard") != []
    assert outcome.told("level") == []
    assert outcome.in_time_share() == 1.0


def test_a_slow_drift_is_followed() -> None:
    outcome = Simulator(machine(lambda second: 1.0 + second / 20)).run(120)  # up to 7 times
    assert outcome.in_time_share() >= 0.99
    assert len(outcome.told("discard")) < 0.1 * len(outcome.begun)
    firsts = [next(at_s for at_s, level in outcome.levels() if level == each) for each in (1, 2, 3)]
    assert firsts == sorted(firsts)
    assert firsts[0] > 20.0  # not before it is twice as slow


def test_a_stage_that_never_returns_is_told_once_and_soon() -> None:
    def pose(second: float, level: int, seq: int) -> float:
        return math.inf if second > 3 else POSE_MS

    outcome = Simulator(pose).run(60)
    hung_s = max(outcome.begun)
    (stuck,) = outcome.decisions
    assert (stuck.what, stuck.stage) == ("stuck", "pose")
    assert 2.0 < (stuck.at_ns - outcome_ns(hung_s)) / 1e9 <= 2.101
    assert outcome.replaced > 1500


def test_a_later_stage_that_never_returns_is_named() -> None:
    def publish(second: float, level: int, seq: int) -> float:
        return math.inf if second > 3 else 0.5

    outcome = Simulator(steady(POSE_MS), publish=publish).run(6)
    assert {decision.stage for decision in outcome.told("stuck")} == {"publish"}


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.15, 0.25])
@pytest.mark.parametrize("factor", [2.2, 2.4, 2.6, 3.0, 4.3, 4.6])
def test_on_the_edge_the_level_changes_no_faster_than_stated(factor: float, spread: float) -> None:
    for fps in (15.0, 30.0):
        outcome = Simulator(machine(constantly(factor), spread=spread), fps=fps).run(180)
        at_s = [at for at, _ in outcome.levels()]
        assert sum(at < 60 for at in at_s) <= 20
        for start in at_s:
            assert start < 60 or sum(start <= at < start + 60 for at in at_s) <= 12
        assert outcome.in_time_share() >= 0.99


def test_a_slow_warm_up_then_seeds_make_no_difference_to_a_healthy_machine() -> None:
    simulator = Simulator(lambda second, level, seq: 1500.0 if seq == 0 else POSE_MS)
    outcome = simulator.run(30)
    assert outcome.told("level") == []
    assert len(outcome.told("discard")) == 1
    assert len(outcome.published) > 27 * 17


def test_random_loads_never_get_late_results_out() -> None:
    rng = random.Random(11)
    for seed in range(12):
        steps = [rng.choice([1.0, 1.5, 2.5, 4.0, 9.0]) for _ in range(40)]
        pose = machine(
            lambda second, steps=steps: steps[int(second / 1.5) % 40],  # type: ignore[misc]
            seed=seed,
            spread=0.25,
        )
        outcome = Simulator(pose).run(60)
        assert outcome.in_time_share() >= 0.99
        assert max(outcome.ages_ms()) < DEADLINE_MS + 10


def test_the_same_script_gives_the_same_decisions() -> None:
    runs = [Simulator(machine(during(2, 9, 4.0))).run(20) for _ in range(2)]
    assert runs[0].decisions == runs[1].decisions != []
    assert runs[0].published == runs[1].published

import pytest

from engine.clock import NS_PER_MS, NS_PER_S
from engine.runtime.governor.admission import Admission

START_NS = 1000 * NS_PER_S


def ns(ms: float) -> int:
    return round(ms * NS_PER_MS)


def admission(**known_ms: float) -> Admission:
    """Deadline 200 ms, margin 5 ms; what each stage has always taken."""
    made = Admission(
        stages=("pose", "recognise", "publish"),
        deadline_ns=ns(200),
        margin_ns=ns(5),
        window_ns=3 * NS_PER_S,
        probe_after_ns=ns(250),
    )
    for stage, ms in known_ms.items():
        for _ in range(10):
            made.measured(stage, ns(ms), START_NS)
    return made


def hold(made: Admission) -> None:
    """Let something pass now, so that no trial is due."""
    assert made.admit("pose", START_NS, START_NS).passes


@pytest.mark.parametrize(("age_ms", "admitted"), [(0, True), (84, True), (85, False), (300, False)])
def test_what_is_still_to_be_done_must_fit_with_the_margin(age_ms: int, admitted: bool) -> None:
    made = admission(pose=100, recognise=6, publish=5)
    hold(made)
    verdict = made.admit("pose", START_NS - ns(age_ms), START_NS)
    assert verdict.passes is admitted
    assert verdict.slack == pytest.approx((200 - 116 - age_ms) / 200)


def test_a_later_stage_counts_only_what_it_has_before_it() -> None:
    made = admission(pose=100, recognise=6, publish=5)
    assert made.admit("publish", START_NS - ns(190), START_NS).passes
    hold(made)
    assert not made.admit("publish", START_NS - ns(191), START_NS).passes


def test_a_stage_not_measured_yet_counts_as_the_margin() -> None:
    verdict = admission(pose=100).admit("pose", START_NS, START_NS)
    assert verdict.slack == pytest.approx((200 - 100 - 3 * 5) / 200)


@pytest.mark.parametrize(("age_ms", "passes"), [(150, True), (189, True), (190, False)])
def test_a_result_must_fit_with_what_remains_but_without_the_margin(
    age_ms: int, passes: bool
) -> None:
    made = admission(pose=100, recognise=6, publish=5)
    hold(made)
    made.in_time("pose", START_NS - ns(100), START_NS)
    assert made.in_time("pose", START_NS - ns(age_ms), START_NS).passes is passes


def test_after_the_last_stage_a_result_passes_until_its_deadline() -> None:
    made = admission()
    assert made.in_time("publish", START_NS - ns(200), START_NS).passes
    assert not made.in_time("publish", START_NS - ns(200) - 1, START_NS).passes


def test_what_is_past_its_deadline_never_passes_not_even_as_a_trial() -> None:
    made = admission()
    for after_s in range(10):
        now_ns = START_NS + after_s * NS_PER_S
        assert not made.admit("pose", now_ns - ns(201), now_ns).passes
        assert not made.in_time("pose", now_ns - ns(201), now_ns).passes


def test_three_trials_in_time_bring_a_stage_back_whose_forecast_was_bad() -> None:
    made = admission(pose=400, recognise=1, publish=1)
    now_ns = START_NS + ns(300)
    for _ in range(3):
        assert made.admit("pose", now_ns, now_ns).slack < 0
        made.measured("pose", ns(50), now_ns + ns(50))
        assert made.in_time("pose", now_ns, now_ns + ns(50)).passes
        now_ns += ns(60)
    assert made.forecasts(now_ns)["pose"].expected_ms == 50.0
    assert made.admit("pose", now_ns, now_ns).slack > 0.5


def test_a_later_stage_that_was_bad_is_tried_and_comes_back_as_well() -> None:
    made = admission(pose=50, recognise=400, publish=1)
    now_ns, asked = START_NS, 0
    while made.forecasts(now_ns)["recognise"].expected_ms != 1.0:
        asked += 1
        assert asked < 100
        now_ns += ns(30)
        if made.in_time("pose", now_ns - ns(50), now_ns).passes:
            made.measured("recognise", ns(1), now_ns + ns(1))
            assert made.ended(now_ns - ns(50), now_ns + ns(2)) == pytest.approx(0.74)
    assert now_ns - START_NS < NS_PER_S

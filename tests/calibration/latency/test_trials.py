from calibration.latency.seeds import seeds_ms
from calibration.latency.trials import (
    QualityTrial,
    good_enough,
    nearest,
    shortfall,
    worth_trying,
)
from engine.config import QualityConfig
from engine.latency_profile import Ages, Asked

EFFORTS = ("full", "less", "least")
ASKED = Asked(deadline_ms=100.0, poses_hz=25.0, spare=0.3)


def ages(p99_ms: float, poses_hz: float, count: int = 100) -> Ages:
    return Ages(
        count=count, p50_ms=1, p95_ms=2, p99_ms=p99_ms, max_ms=900, late=0, poses_hz=poses_hz
    )


def trial(
    effort: str, every: int, p99_ms: float = 50.0, hz: float = 25.0, pose_ms: float = 9.0
) -> QualityTrial:
    quality = QualityConfig(effort=effort, every=every)
    return QualityTrial(
        f"{effort}/{every}", quality, ages(p99_ms, hz), (pose_ms,) * 100, (0.5,), (1.0, 2.0, 3.0)
    )


def test_every_effort_is_tried_and_lower_rates_only_where_they_suffice() -> None:
    tried = [(q.effort, q.every) for q in worth_trying(EFFORTS, 60.0, 25.0)]
    assert tried == [(effort, every) for effort in EFFORTS for every in (1, 2)]
    assert [q.every for q in worth_trying(("full",), 30.0, 25.0)] == [1]
    assert [q.every for q in worth_trying(("full",), 30.0, 10.0)] == [1, 2, 3]


def test_a_source_too_slow_for_what_is_asked_is_still_tried() -> None:
    assert [q.every for q in worth_trying(("full",), 10.0, 25.0)] == [1]


def test_p99_must_leave_what_is_to_be_spared_and_poses_must_be_enough() -> None:
    assert shortfall(ages(70.0, 25.0), ASKED) == ""
    assert shortfall(ages(70.1, 25.0), ASKED) == "p99 is over 70 ms"
    assert shortfall(ages(10.0, 24.3), ASKED) == ""
    assert shortfall(ages(10.0, 24.2), ASKED) == "fewer than 25 poses a second"
    assert shortfall(ages(0.0, 0.0, count=0), ASKED) == "nothing was published"


def test_what_is_good_enough_keeps_its_order_and_what_is_nearest_misses_by_least() -> None:
    slow, few = trial("full", 1, p99_ms=140.0), trial("full", 2, hz=12.0)
    fine, finer = trial("less", 1, p99_ms=69.0), trial("least", 1, p99_ms=20.0)
    assert good_enough([slow, few, fine, finer], ASKED) == [fine, finer]
    assert good_enough([slow, few], ASKED) == []
    assert nearest([slow, few], ASKED) is few  # half of the poses, against twice as old


def test_each_level_begins_with_what_its_effort_took() -> None:
    tried = [trial("full", 1, pose_ms=40.0), trial("less", 1, pose_ms=20.0), trial("less", 2)]
    found = seeds_ms(tried, EFFORTS, QualityConfig(effort="less", every=2))
    assert len(found) == 3
    assert set(found[0]["pose"]) == {9.0}
    assert len(found[0]["pose"]) == 32
    assert found[0]["recognise"] == (1.0, 2.0, 3.0)
    assert found[1] == found[2] == {}  # that effort was not tried

from engine.backends import BackendStatus
from engine.contracts import SourceStatus
from engine.errors import Trouble
from engine.runtime.drops import SessionDrops
from engine.runtime.edges import CAPTURE_POSE, RECOGNISE_PUBLISH
from engine.runtime.health import HealthReporter
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import Counts
from tests.fakes.clock import FakeClock
from tests.fakes.models import RaisedHandModel


def counts(*, status: str = "ok", frames: int = 9, poses: int = 8, waiting: int = 1) -> Counts:
    trouble = Trouble.UNPLUGGED.value if status == "trouble" else ""
    return Counts(
        status=SourceStatus(status, trouble, "unplugged" if trouble else ""),  # type: ignore[arg-type]
        frames_in=frames,
        samples_out=poses,
        epoch=2,
        queued={CAPTURE_POSE: waiting, RECOGNISE_PUBLISH: 5},
        drops={CAPTURE_POSE: {"overload": frames}},
        governor=None,
        abstained=("touch_jaw", "akimbo"),
    )


def reporter(clock: FakeClock, drops: SessionDrops) -> HealthReporter:
    return HealthReporter(StageLatencies(), drops, clock, RaisedHandModel())


def test_a_report_says_how_far_the_only_stream_has_come_and_what_it_cannot_see() -> None:
    drops = SessionDrops()
    drops.of("main").add(CAPTURE_POSE, "overload", 3)
    health = reporter(FakeClock(5_000_000_000, 0), drops).report(
        {"main": counts()}, state="running", recorder="off"
    )
    assert (health.frames_in, health.epoch) == (9, 2)
    assert health.queued == {CAPTURE_POSE: 1, RECOGNISE_PUBLISH: 5}
    assert health.drops == {CAPTURE_POSE: {"overload": 3}}
    assert health.abstained == ("touch_jaw", "akimbo")
    assert health.streams == {}


def test_of_several_streams_each_is_told_and_the_worst_speaks_for_all() -> None:
    clock = FakeClock(5_000_000_000, 0)
    health = reporter(clock, SessionDrops())
    health.report({"a": counts(), "b": counts()}, state="running", recorder="off")
    clock.advance(2.0)
    given = health.report(
        {"a": counts(poses=58), "b": counts(status="trouble", poses=18, waiting=4)},
        state="running",
        recorder="off",
    )
    assert (given.source_state, given.source_message) == ("trouble", "b: unplugged")
    assert (given.frames_in, given.queued) == (18, {CAPTURE_POSE: 5, RECOGNISE_PUBLISH: 5})
    assert (given.pose_hz, given.abstained) == (30.0, ())
    assert {name: one.pose_hz for name, one in given.streams.items()} == {"a": 25.0, "b": 5.0}
    assert given.streams["b"].source_state == "trouble"
    assert given.streams["a"].abstained == ("touch_jaw", "akimbo")


def test_the_backend_is_told_as_it_is_at_that_time() -> None:
    clock, model = FakeClock(0, 0), RaisedHandModel()
    health = HealthReporter(StageLatencies(), SessionDrops(), clock, model)
    for told in [("tensorrt", "the fastest"), ("onnxruntime", "lost")]:
        model.backend = BackendStatus(*told)
        given = health.report({"main": counts()}, state="running", recorder="off")
        assert (given.backend, given.backend_reason) == told

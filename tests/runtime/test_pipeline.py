import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from engine.clock import SystemClock
from engine.config import Config, EmotionConfig, StreamConfig
from engine.core.batch import StepBatch
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import ModelError, SourceError, StageFailed, Trouble
from engine.poses import NO_FRAME, PoseSample
from engine.runtime.drops import DropLedger
from engine.runtime.edges import CAPTURE_POSE, POSE_RECOGNISE
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import LATE_RESULT
from engine.runtime.latency import StageLatencies
from engine.runtime.pipeline import Pipeline
from engine.runtime.ports import InputParts, StreamParts
from engine.runtime.quality import governed
from tests.fakes.models import BlindModel, RaisedHandModel
from tests.fakes.outlet import ListOutlet
from tests.fakes.pose import UprightPose
from tests.fakes.samples import upright
from tests.fakes.sources import ListSource, QueueSource, frame

HAND = {"left_wrist": (0.45, 0.35)}


class ListTap:
    """A recorder that keeps what it sees."""

    def __init__(self) -> None:
        self.samples: list[int] = []
        self.lost: list[tuple[str, str, int]] = []

    def sample(self, sample: PoseSample) -> None:
        self.samples.append(sample.seq)

    def dropped(self, edge: str, cause: str, sample: PoseSample) -> None:
        self.lost.append((edge, cause, sample.seq))


class Rig:
    """A pipeline around fakes."""

    def __init__(
        self,
        source: Any,
        *,
        poses: bool = False,
        stream: StreamConfig | None = None,
        model: RaisedHandModel | None = None,
    ) -> None:
        self.source = source
        self.pose = UprightPose()
        self.model = model or RaisedHandModel()
        self.outlet = ListOutlet()
        self.drops = DropLedger()
        self.tap = ListTap()
        stream = stream or StreamConfig(deadline_ms=60_000.0)  # a busy machine makes none late
        config = Config(stream=stream, emotion=EmotionConfig(enabled=False))
        self.decisions: list[Decision] = []
        own = governed(config, PoseStage(self.pose), lambda d, _: self.decisions.append(d))
        self.governor = own.governor
        main = StreamParts(
            stream.name,
            lambda row: StreamCore(config, self.model, row=row),
            self.drops,
            self.tap,
        )
        self.pipeline = Pipeline(
            inputs=[
                InputParts(
                    config=stream,
                    source=source,
                    pose=None if poses else PoseStage(self.pose),
                    streams=(main,),
                    governed=own if source.live else None,
                )
            ],
            batch=StepBatch(self.model),
            outlet=self.outlet,
            clock=SystemClock(),
            latencies=StageLatencies(),
            drops=DropLedger(),
        )

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.pipeline.run)
        thread.start()
        return thread


def test_a_file_loses_nothing_and_ends_by_itself() -> None:
    rig = Rig(ListSource([frame(i / 30, index=i) for i in range(300)]))
    rig.pipeline.run()
    assert [s.seq for s in rig.outlet.of_kind("pose")] == list(range(300))
    assert rig.drops.totals() == {}
    assert rig.source.closed
    assert rig.outlet.closed
    assert rig.outlet.healths >= 1


def test_a_recording_goes_around_the_pose_stage() -> None:
    samples = [upright(i / 25, HAND, seq=i) for i in range(50)]
    rig = Rig(ListSource(samples, yields="poses"), poses=True)
    rig.pipeline.run()
    assert next(e.state for e in rig.outlet.of_kind("gesture")) == "start"
    assert rig.outlet.of_kind("gesture")[-1].end_reason == "shutdown"
    assert not rig.pose.entered.is_set()


def test_counts_tell_what_the_view_does_not_support() -> None:
    samples = [upright(i / 25, HAND, seq=i) for i in range(3)]
    rig = Rig(ListSource(samples, yields="poses"), poses=True, model=BlindModel())
    seen: list[tuple[str, ...]] = []
    rig.model.on_step = lambda: seen.append(rig.pipeline.counts()["main"].abstained)
    rig.pipeline.run()
    assert seen == [(), ("touch_jaw",), ("touch_jaw",)]
    assert rig.pipeline.counts()["main"].abstained == ()
    assert rig.outlet.of_kind("gesture") == []


def test_a_live_source_drops_old_frames_while_the_pose_stage_is_busy() -> None:
    source = QueueSource()
    rig = Rig(source, stream=StreamConfig(age_budget_ms=60_000.0))
    thread = rig.start()
    now_s = SystemClock().now_ns() / 1e9
    rig.pose.gate.clear()
    source.feed.put(frame(now_s, index=0))
    assert rig.pose.entered.wait(10)
    for i in range(1, 6):
        source.feed.put(frame(now_s + i / 1000, index=i))
    source.feed.put(None)
    while source.feed.qsize():
        pass
    rig.pose.gate.set()
    thread.join(10)
    times = [s.capture_ns for s in rig.outlet.of_kind("pose")]
    assert times[-1] == round((now_s + 0.005) * 1e9)
    dropped = rig.drops.totals()[CAPTURE_POSE]["overload"]
    assert len(times) + dropped == 6


def test_live_frames_past_their_age_budget_are_dropped_and_counted() -> None:
    source = QueueSource()
    rig = Rig(source, stream=StreamConfig(age_budget_ms=100.0))
    source.feed.put(frame(SystemClock().now_ns() / 1e9 - 5.0))
    source.feed.put(None)
    rig.pipeline.run()
    assert rig.drops.totals() == {CAPTURE_POSE: {"stale": 1}}
    # A camera whose frames are all too old is as good as silent, and is told so.
    assert [sample.reason for sample in rig.outlet.of_kind("pose")] == [NO_FRAME]


def test_a_silent_camera_is_published_as_such() -> None:
    rig = Rig(QueueSource(), stream=StreamConfig(no_frame_after_s=0.01))
    thread = rig.start()
    rig.outlet.wait_for(lambda item: item.kind == "pose" and item.body.reason == NO_FRAME)
    rig.pipeline.stop()
    thread.join(10)
    assert not any(sample.valid for sample in rig.outlet.of_kind("pose"))


def test_stop_ends_running_gestures_in_order() -> None:
    class EndlessPoses(ListSource):
        def read(self, timeout_s: float) -> Any:
            count = self.given = getattr(self, "given", 0) + 1
            return upright(count / 25, HAND, seq=count)

    rig = Rig(EndlessPoses([], yields="poses"), poses=True)
    thread = rig.start()
    rig.outlet.wait_for(lambda item: item.kind == "gesture")
    rig.pipeline.stop()
    thread.join(10)
    events = rig.outlet.of_kind("gesture")
    assert events[-1].state == "end"
    assert rig.outlet.items[-1].body is events[-1]


@pytest.mark.parametrize("stage", ["capture", "pose", "recognise", "publish"])
def test_the_first_error_of_any_stage_is_raised_with_its_name(stage: str) -> None:
    items: list[Any] = [frame(i / 30, index=i) for i in range(200)]
    error = ModelError("broken on purpose")
    if stage == "capture":
        items.insert(50, error)
    rig = Rig(ListSource(items))
    if stage == "pose":
        rig.pose.fail_with = error
    if stage == "publish":
        rig.outlet.fail_with = error

    def fail() -> None:
        raise error

    if stage == "recognise":
        rig.model.on_step = fail
    with pytest.raises(StageFailed, match=f"stage '{stage}' failed: ModelError") as caught:
        rig.pipeline.run()
    assert caught.value.cause is error
    assert caught.value.exit_code == ModelError.exit_code
    assert rig.source.closed
    assert rig.outlet.closed


def test_a_publish_stage_that_fails_and_says_so_does_not_wait_for_itself() -> None:
    """Its error is logged to the feed, whose full channel nobody reads any more."""
    rig = Rig(ListSource([frame(i / 30, index=i) for i in range(500)]))
    rig.outlet.fail_with = ModelError("broken on purpose")

    class OnFeed(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            rig.pipeline.publish("log", record.getMessage())

    handler = OnFeed()
    logging.getLogger().addHandler(handler)
    try:
        with pytest.raises(StageFailed, match="publish"):
            rig.pipeline.run()
    finally:
        logging.getLogger().removeHandler(handler)


def test_an_interrupt_is_noticed_and_told_to_the_outlet() -> None:
    rig = Rig(QueueSource())
    rig.pipeline.run(interrupted=lambda: True)
    assert rig.outlet.exit_code == 130


def test_a_recogniser_that_raises_leaves_no_gesture_open() -> None:
    samples = [upright(i / 25, HAND, seq=i) for i in range(50)]
    rig = Rig(ListSource(samples, yields="poses"), poses=True)
    steps = iter(range(50))

    def fail_late() -> None:
        if next(steps) == 40:
            raise RuntimeError("broke on purpose")

    rig.model.on_step = fail_late
    with pytest.raises(StageFailed, match="recognise"):
        rig.pipeline.run()
    states = [event.state for event in rig.outlet.of_kind("gesture")]
    assert (states[0], states[-1]) == ("start", "end")


def test_end_events_leave_before_a_source_error_is_raised() -> None:
    samples: list[Any] = [upright(i / 25, HAND, seq=i) for i in range(50)]
    lost = SourceError("gone", Trouble.TRUNCATED)
    rig = Rig(ListSource([*samples, lost], yields="poses"), poses=True)
    with pytest.raises(StageFailed) as caught:
        rig.pipeline.run()
    assert caught.value.exit_code == SourceError.exit_code
    assert rig.outlet.of_kind("gesture")[-1].state == "end"
    assert len(rig.outlet.of_kind("pose")) == 50


def test_a_new_epoch_resets_the_pose_stage() -> None:
    frames = [frame(i / 30, epoch=i // 10, index=i) for i in range(30)]
    rig = Rig(ListSource(frames))
    rig.pipeline.run()
    assert rig.pose.resets == 2
    assert {s.epoch for s in rig.outlet.of_kind("pose")} == {0, 1, 2}


def test_time_that_repeats_starts_an_epoch_by_itself() -> None:
    rig = Rig(ListSource([frame(t) for t in (0.0, 0.1, 0.1, 0.2)]))
    rig.pipeline.run()
    assert [s.epoch for s in rig.outlet.of_kind("pose")] == [0, 0, 1, 1]


def test_every_sample_reaches_the_tap_and_so_does_every_loss() -> None:
    held = threading.Event()
    source = QueueSource()
    rig = Rig(source, stream=StreamConfig(age_budget_ms=60_000.0, deadline_ms=60_000.0))
    first = threading.Event()

    def hold() -> None:
        first.set()
        assert held.wait(10)

    rig.model.on_step = hold
    thread = rig.start()
    start_ns = SystemClock().now_ns()
    source.feed.put(replace(frame(0), capture_ns=start_ns))
    assert first.wait(10)
    for i in range(1, 13):
        rig.pose.entered.clear()
        source.feed.put(replace(frame(0, index=i), capture_ns=start_ns + i))
        assert rig.pose.entered.wait(10)
    source.feed.put(None)
    while len(rig.tap.samples) < 13:
        pass
    held.set()
    thread.join(10)
    published = [s.seq for s in rig.outlet.of_kind("pose")]
    lost = [seq for _, _, seq in rig.tap.lost]
    assert rig.tap.samples == list(range(13))
    assert sorted(published + lost) == list(range(13))
    assert rig.drops.totals()[POSE_RECOGNISE]["overload"] == len(lost) == 4


def test_a_sample_that_waits_past_its_deadline_goes_no_further() -> None:
    source = QueueSource()
    rig = Rig(source, stream=StreamConfig(deadline_ms=100.0))
    held, first = threading.Event(), threading.Event()

    def hold() -> None:
        first.set()
        assert held.wait(10)

    rig.model.on_step = hold
    thread = rig.start()
    source.feed.put(replace(frame(0), capture_ns=SystemClock().now_ns()))
    assert first.wait(10)
    source.feed.put(replace(frame(0, index=1), capture_ns=SystemClock().now_ns()))
    source.feed.put(None)
    while len(rig.tap.samples) < 2:
        pass
    time.sleep(0.11)  # no less than the deadline
    held.set()
    thread.join(10)
    assert [s.seq for s in rig.outlet.of_kind("pose")] == [0]
    assert (POSE_RECOGNISE, LATE_RESULT, 1) in rig.tap.lost
    assert rig.drops.totals()[POSE_RECOGNISE] == {LATE_RESULT: 1}
    assert [(d.what, d.stage, d.seq) for d in rig.decisions] == [("discard", "recognise", 1)]

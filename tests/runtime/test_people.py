"""Several people of one camera: a stream each, with nothing between them but the camera."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.clock import SystemClock
from engine.config import Config, EmotionConfig, StreamConfig
from engine.core.batch import StepBatch
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import StageFailed, UsageError
from engine.messages import GestureEvent
from engine.poses import F32, NO_PERSON, Bools
from engine.runtime.drops import SessionDrops
from engine.runtime.edges import CAPTURE_POSE, POSE_RECOGNISE
from engine.runtime.governor.governor import LATE_RESULT
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.pipeline import Pipeline
from engine.runtime.ports import InputParts, StreamParts
from engine.runtime.quality import Governed, governed
from engine.runtime.stream_input import StreamInput
from engine.runtime.worker import Failure
from tests.fakes.crowd import Crowd, Visit, crowd
from tests.fakes.models import RaisedHandModel
from tests.fakes.outlet import ListOutlet
from tests.fakes.sources import ListSource, QueueSource, frame

UNHURRIED = StreamConfig(name="desk", deadline_ms=60_000.0, age_budget_ms=60_000.0)
ANNA = Visit(0, 1, up=((0.4, 1.2), (2.0, 2.6)))
BEN = Visit(1, 2, up=((0.8, 1.6),), lost=((1.0, 1.2),))


class Watched(RaisedHandModel):
    """Remembers which rows had ticks."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: dict[int, int] = {}

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        assert active is not None
        for row in np.flatnonzero(active).tolist():
            self.ticks[row] = self.ticks.get(row, 0) + 1
        return super().step(x, active)


class Rig:
    """A pipeline of one camera around fakes; `parts` makes more."""

    def __init__(
        self, plugin: type[Crowd], source: Any, most: int, stream: StreamConfig = UNHURRIED
    ) -> None:
        self.model = Watched()
        self.outlet = ListOutlet()
        self.drops = SessionDrops()
        self.rows: dict[str, int] = {}
        self.batch = StepBatch(self.model, most)
        self.pipeline = Pipeline(
            inputs=[self.parts(plugin, source, most, stream)],
            batch=self.batch,
            outlet=self.outlet,
            clock=SystemClock(),
            latencies=StageLatencies(),
            drops=self.drops.shared,
            window_ms=1.0,
        )

    def parts(
        self, plugin: type[Crowd], source: Any, most: int, stream: StreamConfig
    ) -> InputParts:
        config = Config(stream=stream, emotion=EmotionConfig(enabled=False))
        made = plugin()
        made.track(most)
        names = [stream.name, *(f"{stream.name}-{slot + 1}" for slot in range(1, most))]
        own = tuple(self.stream(config, name) for name in names)
        pose = PoseStage(made, most)
        self.governed = governed(config, pose, lambda *_: None) if source.live else None
        return InputParts(stream, source, pose, own, self.governed)

    def stream(self, config: Config, name: str) -> StreamParts:
        def core(row: int) -> StreamCore:
            self.rows[name] = row
            own = Config(stream=StreamConfig(name=name), emotion=config.emotion)
            return StreamCore(own, self.model, row=row)

        return StreamParts(name, core, self.drops.of(name))

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.pipeline.run)
        thread.start()
        return thread

    def of(self, stream: str, kind: str) -> list[Any]:
        items = self.outlet.items
        return [item.body for item in items if (item.stream, item.kind) == (stream, kind)]


def film(seconds: float) -> ListSource:
    return ListSource([frame(i / 25, index=i) for i in range(round(seconds * 25))])


def told(events: list[GestureEvent]) -> list[tuple[str, int, int | None, float, str]]:
    """Everything but whose they are."""
    return [(e.state, e.t_start_ns, e.t_end_ns, e.score, e.end_reason) for e in events]


def test_the_events_of_two_people_are_those_of_each_alone() -> None:
    both = Rig(crowd(ANNA, BEN), film(3), 2)
    both.pipeline.run()
    for name, visit in (("desk", ANNA), ("desk-2", BEN)):
        alone = Rig(crowd(Visit(0, 1, up=visit.up, lost=visit.lost)), film(3), 1)
        alone.pipeline.run()
        expected = told(alone.of("desk", "gesture"))
        assert told(both.of(name, "gesture")) == expected
        assert [state for state, *_ in expected].count("end") == len(visit.up)
    assert both.of("desk-2", "gesture")[0].id.startswith("desk-2-0-")


def test_a_gesture_ends_with_its_person_and_the_next_begin_without_a_past() -> None:
    plugin = crowd(
        Visit(0, 1), Visit(1, 2, to_s=1.0, up=((0.4, 1.0),)), Visit(1, 3, 1.0, up=((1.0, 1.6),))
    )
    rig = Rig(plugin, film(2), 2)
    rig.pipeline.run()
    ends = [event for event in rig.of("desk-2", "gesture") if event.state == "end"]
    assert [(event.id, event.end_reason) for event in ends] == [
        ("desk-2-0-0", "epoch"),
        ("desk-2-1-1", "released"),
    ]
    assert {sample.epoch for sample in rig.of("desk", "pose")} == {0}
    assert [item.epoch for item in rig.outlet.items if item.body is ends[0]] == [0]


def test_an_empty_slot_is_published_at_the_rate_of_the_camera_and_recognised_not_at_all() -> None:
    rig = Rig(crowd(Visit(0, 1)), film(2), 3)
    rig.pipeline.run()
    samples = rig.of("desk-3", "pose")
    assert [sample.seq for sample in samples] == list(range(50))
    assert {sample.reason for sample in samples} == {NO_PERSON}
    assert set(rig.model.ticks) == {rig.rows["desk"]}


def test_a_plugin_that_breaks_ends_every_slot_in_order() -> None:
    plugin = crowd(Visit(0, 1, up=((0.2, 9.0),)), Visit(1, 2, up=((0.2, 9.0),)), fails_at_s=1.0)
    rig = Rig(plugin, film(2), 2)
    with pytest.raises(StageFailed, match="stage 'pose' failed: RuntimeError: the plugin broke"):
        rig.pipeline.run()
    for name in ("desk", "desk-2"):
        assert len(rig.of(name, "pose")) == 25
        assert rig.of(name, "gesture")[-1].end_reason == "shutdown"
    assert rig.outlet.closed
    assert rig.outlet.exit_code == 1


def test_frames_and_what_is_dropped_of_them_are_counted_with_the_main_person() -> None:
    source = QueueSource()
    rig = Rig(crowd(ANNA, BEN), source, 2, StreamConfig(name="desk", age_budget_ms=100.0))
    source.feed.put(frame(SystemClock().now_ns() / 1e9 - 5.0))
    source.feed.put(None)
    rig.pipeline.run()
    counts = rig.pipeline.counts()
    assert list(counts) == ["desk", "desk-2"]
    assert [one.frames_in for one in counts.values()] == [1, 0]
    assert rig.drops.totals("desk") == {CAPTURE_POSE: {"stale": 1}}
    assert rig.drops.totals("desk-2") == {}
    # A camera whose frames are all too old is as good as silent, for everybody.
    assert [one.samples_out for one in counts.values()] == [1, 1]
    assert CAPTURE_POSE not in counts["desk-2"].queued


def test_a_late_result_is_lost_to_every_slot_and_the_one_governor_knows() -> None:
    class Slow(Crowd):
        visits = (ANNA, BEN)

        def step_all(self, frame: Any, seq: int) -> Any:
            threading.Event().wait(0.05)
            return super().step_all(frame, seq)

    source = QueueSource()
    rig = Rig(Slow, source, 2, StreamConfig(name="desk", deadline_ms=40.0))
    source.feed.put(frame(SystemClock().now_ns() / 1e9))
    source.feed.put(None)
    rig.pipeline.run()
    lost = {POSE_RECOGNISE: {LATE_RESULT: 1}}
    assert (rig.drops.totals("desk"), rig.drops.totals("desk-2")) == (lost, lost)
    assert isinstance(rig.governed, Governed)
    assert rig.governed.governor.status(0).discarded == 1


def test_the_governor_measures_a_frame_once() -> None:
    source = QueueSource()
    rig = Rig(crowd(ANNA, BEN), source, 2)
    thread = rig.start()
    for i in range(5):
        source.feed.put(frame(SystemClock().now_ns() / 1e9, index=i))
        while len(rig.of("desk-2", "pose")) <= i:
            pass
    source.feed.put(None)
    thread.join(10)
    assert isinstance(rig.governed, Governed)
    forecasts = rig.governed.governor.status(SystemClock().now_ns()).forecasts
    assert {stage: known.count for stage, known in forecasts.items()} == {
        "pose": 5,
        "recognise": 5,
        "publish": 5,
    }


def test_a_camera_is_added_and_removed_with_everybody_on_it() -> None:
    first, second = QueueSource(), QueueSource()
    rig = Rig(crowd(ANNA, BEN), first, 2)
    thread = rig.start()
    first.feed.put(frame(SystemClock().now_ns() / 1e9))
    rig.outlet.wait_for(lambda item: item.stream == "desk-2")
    rig.pipeline.add(
        rig.parts(crowd(ANNA, BEN), second, 3, StreamConfig(name="door", deadline_ms=60_000.0))
    )
    second.feed.put(frame(SystemClock().now_ns() / 1e9))
    rig.outlet.wait_for(lambda item: item.stream == "door-3")
    assert rig.rows == {"desk": 0, "desk-2": 1, "door": 2, "door-2": 3, "door-3": 4}
    assert rig.batch.rooms == (2, 5)
    rig.pipeline.remove("desk")
    while "desk-2" in rig.pipeline.counts():
        pass
    assert set(rig.pipeline.counts()) == {"door", "door-2", "door-3"}
    rig.pipeline.stop()
    thread.join(10)
    assert first.closed


def test_a_name_that_a_person_of_another_camera_has_is_taken() -> None:
    rig = Rig(crowd(ANNA), QueueSource(), 2)
    more = rig.parts(crowd(ANNA), QueueSource(), 1, StreamConfig(name="desk-2"))
    with pytest.raises(UsageError, match="two streams are called 'desk-2'"):
        rig.pipeline.add(more)
    with pytest.raises(UsageError, match="no input is called 'desk-2'"):
        rig.pipeline.remove("desk-2")


def test_there_is_a_stream_for_every_slot() -> None:
    parts = Rig(crowd(ANNA), film(1), 1).parts(crowd(ANNA), film(1), 2, UNHURRIED)
    with pytest.raises(ValueError, match="expected 2 streams, one a slot, got 1"):
        StreamInput(
            replace(parts, streams=parts.streams[:1]),
            Lanes(),
            clock=SystemClock(),
            latencies=StageLatencies(),
            failure=Failure(),
        )

"""Several streams in one pipeline share the recogniser and touch each other in nothing else."""

import threading
from typing import Any

import pytest

from engine.clock import SystemClock
from engine.config import Config, EmotionConfig, StreamConfig
from engine.core.batch import StepBatch
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import SourceError, StageFailed, Trouble, UsageError
from engine.runtime.drops import SessionDrops
from engine.runtime.edges import POSE_RECOGNISE
from engine.runtime.latency import StageLatencies
from engine.runtime.pipeline import Pipeline
from engine.runtime.ports import InputParts, Outgoing, StreamParts
from tests.fakes.models import RaisedHandModel
from tests.fakes.outlet import ListOutlet
from tests.fakes.pose import UprightPose
from tests.fakes.samples import upright
from tests.fakes.sources import ListSource, QueueSource

HAND = {"left_wrist": (0.45, 0.35)}


def poses(seconds: float, joints: Any = HAND) -> list[Any]:
    return [upright(i / 25, joints, seq=i) for i in range(round(seconds * 25))]


class Rig:
    """A pipeline of named sources of poses around fakes."""

    def __init__(self, sources: dict[str, Any], **options: Any) -> None:
        self.model = RaisedHandModel()
        self.outlet = ListOutlet()
        self.drops = SessionDrops()
        self.rows: dict[str, list[int]] = {}
        self.pipeline = Pipeline(
            inputs=[self.parts(name, source) for name, source in sources.items()],
            batch=StepBatch(self.model, len(sources)),
            outlet=self.outlet,
            clock=SystemClock(),
            latencies=StageLatencies(),
            drops=self.drops.shared,
            **options,
        )

    def parts(self, name: str, source: Any) -> InputParts:
        stream = StreamConfig(name=name)
        config = Config(stream=stream, emotion=EmotionConfig(enabled=False))

        def core(row: int) -> StreamCore:
            self.rows.setdefault(name, []).append(row)
            return StreamCore(config, self.model, row=row)

        pose = PoseStage(UprightPose()) if source.yields == "frames" else None
        own = StreamParts(name, core, self.drops.of(name))
        return InputParts(stream, source, pose, (own,))

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.pipeline.run)
        thread.start()
        return thread

    def of(self, stream: str, kind: str) -> list[Any]:
        items = self.outlet.items
        return [item.body for item in items if (item.stream, item.kind) == (stream, kind)]


class LivePoses(ListSource):
    """A live source of poses that a test feeds."""

    def __init__(self) -> None:
        super().__init__((), live=True, yields="poses")
        self.inner = QueueSource()

    def read(self, timeout_s: float) -> Any:
        return self.inner.read(timeout_s)

    def give(self, *items: Any) -> None:
        for item in items:
            self.inner.feed.put(item)


def ended(rig: Rig, stream: str) -> list[str]:
    return [event.end_reason for event in rig.of(stream, "gesture") if event.state == "end"]


def test_each_stream_gets_its_own_events_under_its_own_name() -> None:
    rig = Rig(
        {
            "a": ListSource(poses(2), yields="poses"),
            "b": ListSource(poses(1, {}), yields="poses"),
            "c": ListSource(poses(1), yields="poses"),
        },
        window_ms=2.0,
    )
    rig.pipeline.run()
    assert [len(rig.of(name, "pose")) for name in "abc"] == [50, 25, 25]
    assert (ended(rig, "a"), ended(rig, "b"), ended(rig, "c")) == (["shutdown"], [], ["shutdown"])
    assert rig.of("c", "gesture")[0].id.startswith("c-0-")
    assert rig.rows == {"a": [0], "b": [1], "c": [2]}


def test_a_stalled_stream_does_not_delay_the_others() -> None:
    silent = LivePoses()
    rig = Rig({"silent": silent, "busy": ListSource(poses(4), yields="poses")}, window_ms=1.0)
    thread = rig.start()
    rig.outlet.wait_for(lambda item: item.stream == "busy" and item.kind == "gesture")
    rig.outlet.wait_for(lambda item: item.kind == "gesture" and item.body.state == "end")
    assert thread.is_alive()
    assert len(rig.of("busy", "pose")) == 100
    silent.give(None)
    thread.join(10)
    assert not thread.is_alive()


def test_a_stream_that_floods_loses_its_own_samples_only() -> None:
    flood, calm = LivePoses(), LivePoses()
    rig = Rig({"flood": flood, "calm": calm})
    held, began = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        assert held.wait(10)

    rig.model.on_step = hold
    thread = rig.start()
    flood.give(upright(0.0))
    assert began.wait(10)
    flood.give(*(upright(i / 25, seq=i) for i in range(1, 30)))
    calm.give(*(upright(i / 25, seq=i) for i in range(5)))
    while rig.pipeline.counts()["flood"].samples_out < 30:
        pass
    while rig.pipeline.counts()["calm"].samples_out < 5:
        pass
    held.set()
    flood.give(None)
    calm.give(None)
    thread.join(10)
    assert len(rig.of("calm", "pose")) == 5
    assert rig.drops.totals("flood") == {POSE_RECOGNISE: {"overload": 21}}
    assert rig.drops.totals("calm") == {}


def test_a_source_that_fails_ends_its_stream_and_the_run_says_so_at_its_end() -> None:
    lost = SourceError("gone", Trouble.TRUNCATED)
    rig = Rig(
        {
            "bad": ListSource([*poses(1), lost], yields="poses"),
            "good": ListSource(poses(4), yields="poses"),
        }
    )
    with pytest.raises(StageFailed, match="stage 'source of bad' failed") as caught:
        rig.pipeline.run()
    assert caught.value.exit_code == SourceError.exit_code
    assert ended(rig, "bad") == ["shutdown"]
    assert len(rig.of("good", "pose")) == 100
    assert rig.outlet.exit_code == SourceError.exit_code


def test_streams_join_and_leave_while_the_others_run() -> None:
    first, second, third = LivePoses(), LivePoses(), LivePoses()
    rig = Rig({"first": first, "second": second})
    thread = rig.start()
    first.give(*poses(1))
    second.give(*poses(1))
    rig.outlet.wait_for(lambda item: (item.stream, item.kind) == ("first", "gesture"))
    rig.outlet.wait_for(lambda item: (item.stream, item.kind) == ("second", "gesture"))
    rig.pipeline.remove("first")
    rig.outlet.wait_for(lambda item: _is_end(item, "first"))
    rig.pipeline.add(rig.parts("third", third))
    third.give(*poses(1))
    rig.outlet.wait_for(lambda item: (item.stream, item.kind) == ("third", "gesture"))
    while "first" in rig.pipeline.counts():
        pass
    assert first.closed
    assert set(rig.pipeline.counts()) == {"second", "third"}
    assert rig.rows == {"first": [0], "second": [1], "third": [0]}
    rig.pipeline.stop()
    thread.join(10)
    assert ended(rig, "first") == ended(rig, "second") == ended(rig, "third") == ["shutdown"]


def _is_end(item: Outgoing, stream: str) -> bool:
    return item.stream == stream and item.kind == "gesture" and item.body.state == "end"


def test_names_are_unique_and_known() -> None:
    rig = Rig({"a": LivePoses()})
    with pytest.raises(UsageError, match="two streams are called 'a'"):
        rig.pipeline.add(rig.parts("a", LivePoses()))
    with pytest.raises(UsageError, match="no input is called 'b'"):
        rig.pipeline.remove("b")


def test_the_window_is_never_longer_than_half_of_what_is_left() -> None:
    rig = Rig({"a": LivePoses(), "b": LivePoses()}, window_ms=50.0)
    now_s = SystemClock().now_ns() / 1e9
    window = rig.pipeline._window_s
    assert window([upright(now_s)]) == pytest.approx(0.05, abs=1e-6)
    assert 0.0 < window([upright(now_s), upright(now_s - 0.15)]) <= 0.025
    assert window([upright(now_s - 0.3)]) < 0.0

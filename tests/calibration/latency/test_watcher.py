from typing import Any

import pytest
from msgspec.structs import replace

from calibration.latency.watcher import Watcher
from engine.messages import StageLatency
from engine.poses import NO_FRAME
from engine.wire.pose_codec import pose_body
from tests.fakes.clock import FakeClock
from tests.fakes.samples import nobody
from tests.wire.samples import START_NS, emotion, encoder, health, pose, session

DEADLINE_MS = 200.0


class Feed:
    """Messages as a run publishes them, each `age_ms` old."""

    def __init__(self, watcher: Watcher) -> None:
        self.clock = FakeClock(START_NS)
        self.encoder = encoder(clock=self.clock)
        self.watcher = watcher

    def put(self, kind: str, body: Any, age_ms: float = 40.0, stream: str = "main") -> None:
        now_ns = self.clock.now_ns()
        wired = self.encoder.encode(
            kind,
            body,
            stream=stream,
            epoch=0,
            capture_ns=now_ns - round(age_ms * 1e6),
            decided_ns=now_ns - 1_000_000,
        )
        self.watcher.put(wired.topic, wired.message)

    def poses(self, count: int, hz: float = 25.0, **options: Any) -> None:
        for _ in range(count):
            self.put("pose", pose_body(pose()), **options)
            self.clock.advance(1 / hz)


def test_ages_are_of_what_is_published_after_settling() -> None:
    watcher = Watcher(settle_s=1.0)
    feed = Feed(watcher)
    feed.poses(25, age_ms=900.0)  # settling
    feed.poses(100, age_ms=40.0)
    feed.put("emotion", emotion(), age_ms=250.0)
    ages = watcher.ages()
    assert (ages.count, ages.p50_ms, ages.max_ms, ages.late) == (101, 40.0, 250.0, 1)
    assert ages.poses_hz == pytest.approx(25.0, rel=0.02)
    assert set(watcher.pose_ms) == {12.5}
    assert watcher.publish_ms == pytest.approx([1.0] * 100)


def test_a_camera_that_gives_nothing_does_not_count_as_quick() -> None:
    watcher = Watcher(settle_s=0.0)
    feed = Feed(watcher)
    feed.put("pose", pose_body(nobody(0.0, reason=NO_FRAME)), age_ms=0.0)
    assert watcher.ages().count == 0
    assert watcher.ages().poses_hz == 0.0


def test_of_several_streams_the_one_with_the_fewest_poses_counts() -> None:
    watcher = Watcher(settle_s=0.0)
    feed = Feed(watcher)
    for i in range(100):
        feed.put("pose", pose_body(pose()), stream="a")
        if i % 4 == 0:
            feed.put("pose", pose_body(pose()), stream="b")
        feed.clock.advance(0.04)
    assert watcher.ages().poses_hz == pytest.approx(25 / 4, rel=0.05)


def test_the_rate_of_the_source_and_the_recogniser_are_from_health() -> None:
    watcher = Watcher(settle_s=0.0)
    feed = Feed(watcher)
    feed.put("session", session())
    feed.poses(1)
    assert watcher.frames_hz == 0.0
    for second in range(5):
        latency = {"recognise": StageLatency(count=9, p50=1.0, p95=2.0, p99=3.0, max=4.0)}
        told = replace(
            health(),
            monotonic_ns=feed.clock.now_ns(),
            frames_in=100 + 30 * second,
            latency_ms=latency,
        )
        feed.put("health", told)
        feed.clock.advance(1.0)
    assert watcher.frames_hz == pytest.approx(30.0)
    assert watcher.recognise_ms == (1.0, 2.0, 3.0)
    assert watcher.session is not None and watcher.session.source == "webcam 0"

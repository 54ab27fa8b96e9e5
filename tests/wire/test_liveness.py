import msgspec
import pytest

from engine.messages import Envelope
from engine.wire.liveness import Liveness, TopicTracker
from tests.fakes.clock import FakeClock
from tests.wire import samples


def _envelope(seq: int, session: str = "s") -> Envelope:
    usual = samples.wire(samples.encoder(), "log").message.envelope
    return msgspec.structs.replace(usual, seq=seq, session=session)


@pytest.mark.parametrize(
    ("arrivals", "lost"),
    [
        ([("s", 0), ("s", 1), ("s", 2)], [0, 0, 0]),
        ([("s", 5), ("s", 6)], [0, 0]),  # joined late: nothing was lost
        ([("s", 0), ("s", 3), ("s", 4), ("s", 9)], [0, 2, 0, 4]),
        ([("s", 7), ("t", 0), ("t", 1)], [0, 0, 0]),  # the publisher began anew
        ([("s", 7), ("t", 4), ("t", 6)], [0, 0, 1]),
        ([("s", 3), ("s", 3), ("s", 2), ("s", 3)], [0, 0, 0, 0]),
    ],
)
def test_holes_in_seq_are_losses(arrivals: list[tuple[str, int]], lost: list[int]) -> None:
    tracker = TopicTracker(FakeClock())
    seen = [tracker.accept("log.error.", _envelope(seq, session), 0) for session, seq in arrivals]
    assert seen == lost
    assert tracker.lost("log.error.") == sum(lost)


def test_each_topic_is_followed_for_itself() -> None:
    tracker = TopicTracker(FakeClock())
    for topic, seq in (("pose.a.", 0), ("pose.b.", 0), ("pose.a.", 2), ("pose.b.", 5)):
        tracker.accept(topic, _envelope(seq), 0)
    assert (tracker.lost("pose.a."), tracker.lost("pose.b.")) == (1, 4)
    assert tracker.lost("pose.") == tracker.lost("") == 5
    assert tracker.lost("emotion.") == 0


def test_a_topic_waits_lives_goes_stale_and_comes_back() -> None:
    clock = FakeClock()
    tracker = TopicTracker(clock)
    assert tracker.liveness("emotion.") == Liveness("waiting", None)
    clock.advance(3.5)
    assert tracker.liveness("emotion.") == Liveness("stale", None)
    tracker.accept("emotion.main.", _envelope(0), clock.now_ns())
    clock.advance(2.5)
    assert tracker.liveness("emotion.") == Liveness("alive", 2.5)
    assert tracker.liveness("emotion.other.") == Liveness("stale", None)
    clock.advance(1.0)
    assert tracker.liveness("emotion.main.") == Liveness("stale", 3.5)
    tracker.accept("emotion.main.", _envelope(1), clock.now_ns())
    assert tracker.liveness("emotion.main.") == Liveness("alive", 0.0)


def test_events_are_as_alive_as_health() -> None:
    clock = FakeClock()
    tracker = TopicTracker(clock)
    tracker.accept("gesture.main.", _envelope(0), clock.now_ns())
    for seq in range(20):
        clock.advance(1.0)
        tracker.accept("health.", _envelope(seq), clock.now_ns())
    assert tracker.liveness("gesture.main.") == Liveness("alive", 20.0)
    assert tracker.liveness("log.error.") == Liveness("alive", None)
    clock.advance(4.0)
    assert tracker.liveness("gesture.main.") == Liveness("stale", 24.0)

import logging
import threading

import msgspec
import pytest

from engine.config import FeedConfig
from engine.errors import BindError, FeedError, SchemaError
from engine.messages import SCHEMA_VERSION, GestureEvent
from engine.wire.encoder import MessageEncoder, Wired
from engine.wire.publisher import Publisher
from engine.wire.received import Received
from engine.wire.subscriber import Subscriber
from tests.fakes.clock import FakeClock
from tests.wire import samples
from tests.wire.feeds import PATIENCE_S, open_feed, publish_until


def _joined(
    publisher: Publisher, feed: Subscriber, name: str = "gesture_start"
) -> tuple[MessageEncoder, Received]:
    """Publish until `feed` hears, then forget what is still on the way."""
    encoder = samples.encoder()
    first: list[Received] = []

    def arrived(timeout_s: float) -> bool:
        first.extend(filter(None, [feed.receive(timeout_s)]))
        return bool(first)

    publish_until(publisher, encoder, name, arrived)
    end = samples.wire(encoder, name)
    publisher.send(end)
    _drain_to(feed, end)
    return encoder, first[0]


def _drain_to(feed: Subscriber, end: Wired) -> Received:
    while True:
        item = feed.receive(PATIENCE_S)
        assert item is not None
        same = item.message.envelope == end.message.envelope
        if same and item.topic == end.topic:
            return item


def test_what_was_sent_is_what_arrives() -> None:
    clock = FakeClock(42)
    with open_feed() as publisher, Subscriber(publisher.endpoint, clock=clock) as feed:
        encoder, _ = _joined(publisher, feed)
        sent = samples.wire(encoder, "gesture_end")
        publisher.send(sent)
        item = feed.receive(PATIENCE_S)
    assert item == Received("gesture.main.", sent.message, 42, 0)


def test_only_the_topics_asked_for_are_handed_out() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint, ("emotion",)) as feed:
        encoder, _ = _joined(publisher, feed, "emotion")
        for name in ("health", "gesture_start", "pose", "log", "emotion"):
            publisher.send(samples.wire(encoder, name))
        item = feed.receive(PATIENCE_S)
        assert item is not None
        assert item.topic == "emotion.main."
        assert feed.latest("health.") is None


def test_an_empty_topic_is_everything() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint, ("",)) as feed:
        encoder, _ = _joined(publisher, feed)
        sent = [samples.wire(encoder, name) for name in samples.BODIES]
        for wired in sent:
            publisher.send(wired)
        got = [feed.receive(PATIENCE_S) for _ in sent]
    assert [item.message for item in got if item] == [wired.message for wired in sent]


def test_iteration_ends_when_the_client_is_closed() -> None:
    with open_feed() as publisher:
        feed = Subscriber(publisher.endpoint)
        encoder, _ = _joined(publisher, feed)
        publisher.send(samples.wire(encoder, "gesture_end"))
        got = []
        for item in feed:
            got.append(item.message.body.state)
            feed.close()
        feed.close()
    assert got == ["end"]
    assert feed.receive(0) is None


def test_closing_wakes_a_consumer_in_another_thread() -> None:
    with open_feed() as publisher:
        feed = Subscriber(publisher.endpoint)
        consumer = threading.Thread(target=lambda: list(feed))
        consumer.start()
        feed.close()
        consumer.join(PATIENCE_S)
        assert not consumer.is_alive()


def test_latest_takes_nothing_away() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint) as feed:
        encoder, _ = _joined(publisher, feed)
        end = samples.wire(encoder, "gesture_end")
        publisher.send(end)
        item = feed.receive(PATIENCE_S)
        assert item is not None
        assert feed.latest("gesture.") == feed.latest("gesture.main.") == item
        assert feed.latest("gesture.main") == item
        assert feed.latest("gesture.mai") is None
        assert feed.latest("emotion.") is None


def test_a_slow_consumer_loses_the_oldest_and_is_told() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint, buffer=3) as feed:
        encoder, _ = _joined(publisher, feed)
        before = feed.overflowed
        for index in range(10):
            body = samples.gesture(id_=f"main-0-{index}")
            publisher.send(samples.wire(encoder, "gesture_start", body))
        _wait_for_latest(feed, "main-0-9")
        items = [feed.receive(0) for _ in range(4)]
        ids = [item.message.body.id for item in items if item]
        assert ids == ["main-0-7", "main-0-8", "main-0-9"]
        assert [item.lost_before for item in items if item] == [7, 0, 0]
        assert feed.overflowed - before == 7
        assert feed.lost() == 0


def _wait_for_latest(feed: Subscriber, id_: str) -> None:
    patience = threading.Event()
    for _ in range(round(PATIENCE_S / 0.01)):
        item = feed.latest("gesture.")
        if item and isinstance(item.message.body, GestureEvent) and item.message.body.id == id_:
            return
        patience.wait(0.01)
    raise AssertionError(f"{id_} did not arrive")


def test_a_hole_in_seq_is_counted() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint) as feed:
        encoder, _ = _joined(publisher, feed)
        for _ in range(4):
            samples.wire(encoder, "gesture_start")  # numbered, never sent
        publisher.send(samples.wire(encoder, "gesture_start"))
        item = feed.receive(PATIENCE_S)
        assert item is not None
        assert item.lost_before == 4
        assert feed.lost("gesture.main.") == feed.lost() == 4
        assert feed.lost("emotion.") == 0


def test_a_restarted_publisher_is_found_again_and_nothing_counts_as_lost() -> None:
    with open_feed() as publisher:
        endpoint = publisher.endpoint
        feed = Subscriber(endpoint)
        _joined(publisher, feed)
    encoder = samples.encoder("another-session")
    for _ in range(3):
        samples.wire(encoder, "gesture_start")
    with feed, Publisher(FeedConfig(endpoint=endpoint)) as second:
        items: list[Received] = []

        def arrived(timeout_s: float) -> bool:
            items.extend(filter(None, [feed.receive(timeout_s)]))
            return bool(items)

        publish_until(second, encoder, "gesture_start", arrived)
        assert items[0].message.envelope.session == "another-session"
        assert items[0].lost_before == feed.lost() == 0


def test_liveness_counts_from_the_last_message_and_hears_health_unasked() -> None:
    clock = FakeClock()
    with open_feed() as publisher, Subscriber(publisher.endpoint, clock=clock) as feed:
        assert feed.liveness("gesture.").state == "waiting"
        encoder, _ = _joined(publisher, feed)
        publisher.send(samples.wire(encoder, "health"))
        end = samples.wire(encoder, "gesture_end")
        publisher.send(end)
        _drain_to(feed, end)
        clock.advance(2.0)
        assert feed.liveness("gesture.main.").state == "alive"
        assert feed.liveness("gesture.main.").age_s == 2.0
        assert feed.liveness("emotion.").state == "waiting"
        clock.advance(2.0)
        assert feed.liveness("gesture.main.").state == "stale"
        assert feed.liveness("").state == "stale"


def test_malformed_messages_are_counted_logged_once_and_survived(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with open_feed() as publisher, Subscriber(publisher.endpoint) as feed:
        encoder, _ = _joined(publisher, feed)
        good = samples.wire(encoder, "gesture_end")
        socket = publisher._socket
        socket.send_multipart([b"gesture.main.", b"\xc1"])
        socket.send_multipart([b"gesture.main."])
        socket.send_multipart([b"gesture.\xff.", good.payload])
        socket.send_multipart([b"gesture.main.", samples.wire(encoder, "log").payload])
        socket.send_multipart([b"gesture.main.", good.payload, b""])
        publisher.send(good)
        _drain_to(feed, good)
        assert feed.malformed == 5
    warnings = [record for record in caplog.records if record.name == "engine.wire.subscriber"]
    assert len(warnings) == 1
    assert "malformed message on 'gesture.main.'" in warnings[0].getMessage()


def test_a_kind_of_the_future_is_passed_over() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint, ("",)) as feed:
        encoder, _ = _joined(publisher, feed)
        publisher._socket.send_multipart([b"weather.", b"\x80"])
        good = samples.wire(encoder, "gesture_end")
        publisher.send(good)
        item = feed.receive(PATIENCE_S)
        assert item is not None
        assert item.message == good.message
        assert feed.malformed == 0


def test_a_newer_schema_ends_every_call_with_a_clear_error() -> None:
    with open_feed() as publisher, Subscriber(publisher.endpoint) as feed:
        encoder, _ = _joined(publisher, feed)
        wired = samples.wire(encoder, "gesture_start")
        tree = msgspec.msgpack.decode(wired.payload)
        tree["envelope"]["schema"] = SCHEMA_VERSION + 1
        publisher.send(Wired(wired.topic, msgspec.msgpack.encode(tree), wired.message))
        with pytest.raises(SchemaError, match="Update Fidget"):
            feed.receive(PATIENCE_S)
        with pytest.raises(SchemaError):
            next(iter(feed))
        with pytest.raises(SchemaError):
            feed.latest("gesture.")
        with pytest.raises(SchemaError):
            feed.liveness("gesture.")


def test_a_failure_of_the_thread_reaches_the_consumer() -> None:
    class BrokenClock(FakeClock):
        broken = False

        def now_ns(self) -> int:
            if self.broken:
                raise ZeroDivisionError("boom")
            return super().now_ns()

    clock = BrokenClock()
    with open_feed() as publisher, Subscriber(publisher.endpoint, clock=clock) as feed:
        encoder, _ = _joined(publisher, feed)
        clock.broken = True
        publisher.send(samples.wire(encoder, "gesture_start"))
        with pytest.raises(FeedError, match="ZeroDivisionError: boom") as caught:
            feed.receive(PATIENCE_S)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_topic_that_no_feed_has_is_refused_at_once() -> None:
    with pytest.raises(FeedError, match=r"no feed has a topic 'gestures\."):
        Subscriber("tcp://127.0.0.1:5590", ("gestures.",))


def test_a_malformed_address_is_refused_at_once() -> None:
    with pytest.raises(BindError, match="malformed address"):
        Subscriber("127.0.0.1:5590")


def test_a_feed_that_is_not_there_yet_is_waited_for() -> None:
    with Subscriber("tcp://127.0.0.1:9") as feed:
        assert feed.receive(0.01) is None
        assert feed.liveness("gesture.").state == "waiting"


def test_zmq_is_not_left_open() -> None:
    feed = Subscriber("tcp://127.0.0.1:9")
    feed.close()
    assert feed._socket.closed
    assert feed._context.closed

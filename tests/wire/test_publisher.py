import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from engine.config import FeedConfig
from engine.errors import BindError
from engine.messages import SessionInfo
from engine.wire.encoder import decode
from engine.wire.liveness import TopicTracker
from engine.wire.publisher import Publisher
from tests.fakes.clock import FakeClock
from tests.wire import samples
from tests.wire.feeds import LOOPBACK, open_feed, publish_until, raw_subscriber

# Far more than loopback and its kernel buffers hold.
FLOOD_COUNT = 2_000
FLOOD_TEXT = "x" * 20_000


@pytest.fixture
def context() -> Iterator["zmq.Context[zmq.Socket[bytes]]"]:
    with zmq.Context() as context:
        yield context


def _big(seq: int) -> SessionInfo:
    return msgspec.structs.replace(samples.session(), source=f"{seq}{FLOOD_TEXT}")


def _heard(raw: "zmq.Socket[bytes]", timeout_s: float) -> bool:
    if not raw.poll(round(timeout_s * 1000)):
        return False
    raw.recv_multipart()
    return True


def test_a_port_of_its_own_choice_is_told() -> None:
    with open_feed() as publisher:
        port = int(publisher.endpoint.rsplit(":", 1)[1])
        assert port > 0


def test_two_frames_topic_and_payload(context: "zmq.Context[zmq.Socket[bytes]]") -> None:
    encoder = samples.encoder()
    with open_feed() as publisher, raw_subscriber(context, publisher.endpoint) as raw:
        publish_until(
            publisher, encoder, "gesture_start", lambda t: bool(raw.poll(round(t * 1000)))
        )
        topic, payload = raw.recv_multipart()
    assert topic == b"gesture.main."
    assert decode("gesture.main.", payload).body == samples.gesture()


def test_a_port_in_use_is_refused_with_advice() -> None:
    with open_feed() as publisher:
        with pytest.raises(BindError, match=r"in use.*Choose another `endpoint`") as caught:
            Publisher(FeedConfig(endpoint=publisher.endpoint))
        assert publisher.endpoint in str(caught.value)
        assert caught.value.exit_code == 6


def test_a_closed_feed_frees_its_port() -> None:
    with open_feed() as publisher:
        endpoint = publisher.endpoint
    publisher.close()  # a second time does nothing
    Publisher(FeedConfig(endpoint=endpoint)).close()


def test_an_address_this_machine_has_not_is_refused() -> None:
    with pytest.raises(BindError, match="no such address"):
        Publisher(FeedConfig(endpoint="tcp://203.0.113.7:5590", insecure=True))


def test_anything_but_loopback_is_refused() -> None:
    with pytest.raises(BindError, match="refused to bind"):
        Publisher(FeedConfig(endpoint="tcp://0.0.0.0:*"))


@pytest.mark.skipif(not zmq.has("ipc"), reason="this system has no ipc transport")
class TestIpc:
    def test_a_file_of_the_user_is_not_deleted(self, tmp_path: Path) -> None:
        path = tmp_path / "thesis.txt"
        path.write_text("years of work")
        with pytest.raises(BindError, match="a file of that name exists"):
            Publisher(FeedConfig(endpoint=f"ipc://{path}"))
        assert path.read_text() == "years of work"

    def test_the_address_of_a_running_feed_is_not_taken(self, tmp_path: Path) -> None:
        config = FeedConfig(endpoint=f"ipc://{tmp_path}/feed")
        with Publisher(config), pytest.raises(BindError, match="in use"):
            Publisher(config)

    def test_what_a_dead_feed_left_behind_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "feed"
        left = socket.socket(socket.AF_UNIX)
        left.bind(str(path))
        left.close()
        with Publisher(FeedConfig(endpoint=f"ipc://{path}")) as publisher:
            assert publisher.endpoint == f"ipc://{path}"

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BindError, match="folder does not exist"):
            Publisher(FeedConfig(endpoint=f"ipc://{tmp_path}/no/feed"))

    def test_a_path_too_long_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BindError, match="too long"):
            Publisher(FeedConfig(endpoint=f"ipc://{tmp_path}/{'x' * 200}"))


def test_another_thread_may_not_send() -> None:
    caught: list[BaseException] = []
    encoder = samples.encoder()

    def send() -> None:
        try:
            publisher.send(samples.wire(encoder, "log"))
        except RuntimeError as error:
            caught.append(error)

    with open_feed() as publisher:
        publisher.send(samples.wire(encoder, "log"))
        thread = threading.Thread(target=send)
        thread.start()
        thread.join()
    assert "belongs to the thread" in str(caught[0])


def test_a_subscriber_that_does_not_read_loses_and_sees_it(
    context: "zmq.Context[zmq.Socket[bytes]]",
) -> None:
    """Were a send to wait for the subscriber, this would never end: nobody reads meanwhile."""
    encoder = samples.encoder()
    tracker = TopicTracker(FakeClock())
    seqs: list[int] = []

    def reads_beyond_the_flood(timeout_s: float) -> bool:
        if raw.poll(round(timeout_s * 1000)):
            topic, payload = raw.recv_multipart()
            envelope = decode(topic.decode(), payload).envelope
            tracker.accept(topic.decode(), envelope, 0)
            seqs.append(envelope.seq)
        return bool(seqs) and seqs[-1] > FLOOD_COUNT

    with open_feed(send_hwm=1) as publisher, raw_subscriber(context, publisher.endpoint) as raw:
        publish_until(publisher, encoder, "session", lambda t: _heard(raw, t))
        for seq in range(FLOOD_COUNT):
            publisher.send(samples.wire(encoder, "session", _big(seq)))
        publish_until(publisher, encoder, "session", reads_beyond_the_flood)
    assert seqs == sorted(set(seqs))
    assert tracker.lost("session.") == seqs[-1] - seqs[0] + 1 - len(seqs) > 0


def test_a_vanished_subscriber_holds_up_nobody() -> None:
    """The client is killed outright, so that its connection is not closed in order."""
    code = (
        "import sys, zmq\n"
        "s = zmq.Context().socket(zmq.SUB); s.subscribe(''); s.connect(sys.argv[1])\n"
        "s.recv_multipart(); print('heard', flush=True); sys.stdin.read()\n"
    )
    encoder = samples.encoder()
    with open_feed(send_hwm=1) as publisher:
        client = subprocess.Popen(
            [sys.executable, "-c", code, publisher.endpoint],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert client.stdout is not None
        assert client.stdin is not None
        heard = threading.Event()
        line = client.stdout

        def listen() -> None:
            line.readline()
            heard.set()

        listener = threading.Thread(target=listen)
        listener.start()
        publish_until(publisher, encoder, "log", heard.wait)
        listener.join()
        client.kill()
        for seq in range(FLOOD_COUNT):
            publisher.send(samples.wire(encoder, "session", _big(seq)))
        client.stdin.close()
        client.stdout.close()
        client.wait(10)


def test_the_last_messages_leave_before_the_socket_closes(
    context: "zmq.Context[zmq.Socket[bytes]]",
) -> None:
    encoder = samples.encoder()
    publisher = Publisher(FeedConfig(endpoint=LOOPBACK))
    with raw_subscriber(context, publisher.endpoint) as raw:
        publish_until(publisher, encoder, "log", lambda t: _heard(raw, t))
        publisher.send(samples.wire(encoder, "gesture_end"))
        publisher.close()
        topics = []
        while raw.poll(200):
            topics.append(raw.recv_multipart()[0])
    assert topics[-1] == b"gesture.main."

"""The typed client of a feed."""

import logging
import threading
from collections.abc import Iterator, Sequence

import zmq

from engine.clock import Clock, SystemClock
from engine.errors import FeedError, SchemaError
from engine.topics import TOPICS
from engine.wire.addresses import connect_address
from engine.wire.encoder import decode
from engine.wire.liveness import WITNESS, Liveness, TopicTracker
from engine.wire.received import Inbox, Received

logger = logging.getLogger(__name__)

_RECONNECT_MAX_MS = 2000


class Subscriber:
    """Listens to a feed in a thread of its own, so that a slow consumer never sees slow motion.

    Messages wait in a bounded buffer; when it is full the oldest gives way. A publisher that is
    not there yet, or comes back, is connected to by itself. What ends the thread (a newer
    schema) is raised by the next call. Iterating gives messages until `close`::

        with Subscriber("tcp://127.0.0.1:5590") as feed:
            for item in feed:
                print(item.topic, item.message.body)

    All methods may be called from any thread.

    Args:
        endpoint: Where the engine publishes.
        topics: Prefixes such as `gesture.` or `pose.main.`; an empty one is everything.
        receive_hwm: Messages the socket holds before some are lost on the way.
        buffer: Messages that wait for the consumer.
        clock: For `received_ns` and ages.

    Raises:
        BindError: The address is malformed.
        FeedError: No feed has such a topic.
    """

    def __init__(
        self,
        endpoint: str,
        topics: Sequence[str] = ("gesture.", "emotion."),
        *,
        receive_hwm: int = 1000,
        buffer: int = 1000,
        clock: Clock | None = None,
    ) -> None:
        self._topics = tuple(_prefix(topic) for topic in topics)
        address = connect_address(endpoint)
        self._clock = clock or SystemClock()
        self._inbox = Inbox(buffer)
        self._tracker = TopicTracker(self._clock)
        self._malformed = 0
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.SUB)
        self._socket.set(zmq.RCVHWM, receive_hwm)
        self._socket.set(zmq.LINGER, 0)
        self._socket.set(zmq.IPV6, address.ipv6)
        self._socket.set(zmq.RECONNECT_IVL_MAX, _RECONNECT_MAX_MS)
        for prefix in {*self._topics, WITNESS}:
            self._socket.subscribe(prefix)
        self._socket.connect(address.text)
        # From here on the socket belongs to the thread.
        self._thread = threading.Thread(target=self._run, name="fidget-subscriber", daemon=True)
        self._thread.start()

    def receive(self, timeout_s: float | None = None) -> Received | None:
        """The next message, or None if none came within `timeout_s` or the client is closed.

        Raises:
            SchemaError: The feed is of a newer schema.
            FeedError: The client's thread failed; the cause says why.
        """
        return self._inbox.get(timeout_s)

    def __iter__(self) -> Iterator[Received]:
        while (item := self._inbox.get(None)) is not None:
            yield item

    def latest(self, topic: str) -> Received | None:
        """The newest message of a topic or prefix, None if there was none. Takes nothing away.

        Raises:
            FeedError: As for `receive`; or no feed has such a topic.
        """
        return self._inbox.newest(_prefix(topic))

    def liveness(self, topic: str) -> Liveness:
        """Whether a topic or prefix comes as the topic table promises.

        Raises:
            FeedError: As for `receive`; or no feed has such a topic.
        """
        self._inbox.check()
        return self._tracker.liveness(_prefix(topic) or WITNESS)

    def lost(self, topic: str = "") -> int:
        """Messages of a topic or prefix lost on the way since the client began.

        Raises:
            FeedError: No feed has such a topic.
        """
        return self._tracker.lost(_prefix(topic))

    @property
    def overflowed(self) -> int:
        """Messages pushed out of the buffer because the consumer was too slow."""
        return self._inbox.dropped

    @property
    def malformed(self) -> int:
        """Messages that made no sense; the first is logged with its reason."""
        return self._malformed

    def close(self) -> None:
        """Stop. Ends a running iteration. Idempotent."""
        self._inbox.close()
        self._context.term()  # the thread's socket call ends with ContextTerminated
        self._thread.join()

    def __enter__(self) -> "Subscriber":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        try:
            while True:
                self._take(self._socket.recv_multipart())
        except zmq.ContextTerminated:
            self._inbox.close()
        except FeedError as error:
            self._inbox.close(error)
        except BaseException as error:  # noqa: BLE001 - a thread has nobody above it to tell
            self._inbox.close(_thread_failure(error))
        finally:
            self._socket.close()

    def _take(self, frames: list[bytes]) -> None:
        received_ns = self._clock.now_ns()
        try:
            topic, payload = _topic_and_payload(frames)
            if topic.split(".", 1)[0] not in TOPICS:
                return  # a kind that a later version has added: not ours to judge
            message = decode(topic, payload)
        except SchemaError:
            raise
        except FeedError as error:
            self._count_malformed(error)
            return
        lost = self._tracker.accept(topic, message.envelope, received_ns)
        if any(topic.startswith(prefix) for prefix in self._topics):
            self._inbox.put(Received(topic, message, received_ns, lost))

    def _count_malformed(self, error: FeedError) -> None:
        self._malformed += 1
        if self._malformed == 1:
            logger.warning("%s (more of these are only counted)", error)


def _topic_and_payload(frames: list[bytes]) -> tuple[str, bytes]:
    if len(frames) != 2:
        raise FeedError(f"expected two frames, topic and payload, got {len(frames)}")
    try:
        return frames[0].decode(), frames[1]
    except UnicodeDecodeError as error:
        raise FeedError(f"expected a topic in UTF-8, got {frames[0][:40]!r}") from error


def _prefix(topic: str) -> str:
    """`topic` with its final dot, without which `gesture.1` would match `gesture.10.` too."""
    if not topic:
        return ""
    if topic.split(".", 1)[0] not in TOPICS:
        raise FeedError(f"no feed has a topic '{topic}': expected one of {sorted(TOPICS)}")
    return topic if topic.endswith(".") else f"{topic}."


def _thread_failure(error: BaseException) -> FeedError:
    failure = FeedError(f"the client's thread failed: {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure

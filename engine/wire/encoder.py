"""From a body to the bytes on the wire and back: envelope, sequence numbers, loss accounting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from engine.clock import NS_PER_MS, Clock
from engine.errors import FeedError, SchemaError
from engine.messages import SCHEMA_VERSION, Envelope, Message
from engine.topics import TOPICS, topic_name

DropTotals = dict[str, dict[str, int]]

# Only these answer a frame. Health, session and log report the state of things: their
# `capture_ns` is the newest frame there happened to be, so lateness says nothing about them.
TIMED_KINDS = frozenset({"pose", "gesture", "emotion"})

# Sorted maps: the same message always has the same bytes.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODERS: dict[str, msgspec.msgpack.Decoder[Message[Any]]] = {
    kind: msgspec.msgpack.Decoder(topic.message) for kind, topic in TOPICS.items()
}


@dataclass(frozen=True)
class Wired:
    """One message in the form that is published and recorded.

    Attributes:
        topic: Full topic.
        payload: The msgpack bytes.
        message: What they say.
    """

    topic: str
    payload: bytes
    message: Message[Any]


class MessageEncoder:
    """Stamps and serialises the messages of one session. One thread only.

    Args:
        session: Id of the run.
        clock: For `published_ns`.
        deadline_ms: Allowed from capture to publish; 0 is none, as for files and replays, whose
            capture times are not of this machine's clock.
        drops: Gives the totals since the session began, edge to cause to count: those of a stream
            by its name, those of the session by an empty one.
    """

    def __init__(
        self, session: str, clock: Clock, deadline_ms: float, drops: Callable[[str], DropTotals]
    ) -> None:
        self._session = session
        self._clock = clock
        self._deadline_ms = deadline_ms
        self._drops = drops
        self._next_seq: dict[str, int] = {}
        self._reported: dict[str, dict[str, int]] = {}

    def encode(
        self,
        kind: str,
        body: Struct,
        *,
        stream: str = "",
        epoch: int,
        capture_ns: int,
        decided_ns: int,
        degrade_level: int = 0,
    ) -> Wired:
        """The next message on a topic.

        Args:
            kind: A key of `TOPICS`.
            body: Of the type the table names for `kind`.
            stream: Name of the stream, or the level for `log`; empty for the others.
            epoch: Unbroken stretch of the stream.
            capture_ns: Grab time of the newest frame that led to this.
            decided_ns: When the content was decided.
            degrade_level: 0 full quality.

        Raises:
            TypeError: The body is not of the topic's type: a bug in the caller.
        """
        expected = TOPICS[kind].body
        if type(body) is not expected:
            raise TypeError(f"a body of '{kind}' is a {expected.__name__}, got {type(body)}")
        topic = topic_name(kind, stream)
        own = stream if TOPICS[kind].per_stream else ""
        published_ns = self._clock.now_ns()
        message = Message(
            envelope=Envelope(
                schema=SCHEMA_VERSION,
                session=self._session,
                stream=own,
                epoch=epoch,
                seq=self._take_seq(topic),
                capture_ns=capture_ns,
                decided_ns=decided_ns,
                published_ns=published_ns,
                deadline_ms=self._deadline_ms,
                missed_deadline=self._missed(kind, published_ns - capture_ns),
                degrade_level=degrade_level,
                drops=self._take_drops(topic, own),
            ),
            body=body,
        )
        return Wired(topic, _ENCODER.encode(message), message)

    def _take_seq(self, topic: str) -> int:
        seq = self._next_seq.get(topic, 0)
        self._next_seq[topic] = seq + 1
        return seq

    def _missed(self, kind: str, age_ns: int) -> bool:
        has_deadline = self._deadline_ms > 0 and kind in TIMED_KINDS
        return has_deadline and age_ns > self._deadline_ms * NS_PER_MS

    def _take_drops(self, topic: str, stream: str) -> dict[str, int]:
        """What is new since the last message of this topic; for the first, since the start."""
        totals = {
            f"{edge}.{cause}": count
            for edge, causes in self._drops(stream).items()
            for cause, count in causes.items()
        }
        before = self._reported.get(topic, {})
        self._reported[topic] = totals
        fresh = {key: count - before.get(key, 0) for key, count in totals.items()}
        return {key: count for key, count in sorted(fresh.items()) if count > 0}


def encode_struct(struct: Struct) -> bytes:
    """The bytes of any Struct of the feed or the recording; the same struct, the same bytes."""
    return _ENCODER.encode(struct)


def decode(topic: str, payload: bytes) -> Message[Any]:
    """What a payload says. Unknown fields are ignored. Any thread.

    Raises:
        SchemaError: It is of a newer schema.
        FeedError: The topic is unknown or the payload is not a message of it.
    """
    decoder = _DECODERS.get(topic.split(".", 1)[0])
    if decoder is None:
        raise FeedError(f"unknown topic '{topic[:80]}': expected one of {sorted(TOPICS)}")
    try:
        message = decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        check_schema(_schema_of(payload), topic)
        raise FeedError(
            f"malformed message on '{topic}': {error}. Is something else bound to this address?"
        ) from error
    check_schema(message.envelope.schema, topic)
    return message


def check_schema(schema: int, what: str) -> None:
    """Refuse what was written by a newer version.

    Raises:
        SchemaError: Says which versions are involved.
    """
    if schema > SCHEMA_VERSION:
        raise SchemaError(
            f"{what}: written with schema {schema}, this version reads up to {SCHEMA_VERSION}. "
            "Update Fidget on the reading side."
        )


class _SchemaOnly(Struct):
    schema: int


class _Probe(Struct):
    envelope: _SchemaOnly


_PROBE = msgspec.msgpack.Decoder(_Probe)


def _schema_of(payload: bytes) -> int:
    """Schema of a payload that does not decode; 0 if it does not even say that."""
    try:
        return _PROBE.decode(payload).envelope.schema
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0

import msgspec
import pytest

from engine import messages
from engine.topics import TOPICS, Topic, topic_name, topic_of


def test_kinds_are_those_of_the_feed() -> None:
    assert list(TOPICS) == ["pose", "gesture", "emotion", "health", "session", "log"]
    assert all(kind == topic.kind for kind, topic in TOPICS.items())


@pytest.mark.parametrize("kind", TOPICS)
def test_a_name_ends_in_a_dot_and_leads_back_to_its_row(kind: str) -> None:
    stream = "desk-1" if TOPICS[kind].per_stream else ""
    name = topic_name(kind, stream)
    assert name.endswith(".")
    assert topic_of(name) is TOPICS[kind]


def test_a_prefix_filter_tells_stream_1_from_10() -> None:
    assert not topic_name("gesture", "10").startswith(topic_name("gesture", "1"))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        topic_of("weather.main.")


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.kind)
def test_silence_is_allowed_for_longer_than_a_period(topic: Topic) -> None:
    if topic.rate_hz is not None:
        assert topic.stale_after_s is not None
        assert topic.stale_after_s > 1.0 / topic.rate_hz


def test_a_message_is_decoded_into_the_body_of_its_topic() -> None:
    envelope = messages.Envelope(
        schema=messages.SCHEMA_VERSION,
        session="s",
        stream="main",
        epoch=0,
        seq=0,
        capture_ns=1,
        decided_ns=2,
        published_ns=3,
        deadline_ms=200.0,
        missed_deadline=False,
        degrade_level=0,
        drops={},
    )
    body = messages.LogRecord(level="warning", logger="engine", message="text")
    sent = messages.Message(envelope=envelope, body=body)
    packed = msgspec.msgpack.encode(sent)
    assert msgspec.msgpack.decode(packed, type=TOPICS["log"].message) == sent
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(packed, type=TOPICS["health"].message)

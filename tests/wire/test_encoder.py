import msgspec
import pytest

from engine.clock import NS_PER_MS
from engine.errors import FeedError, SchemaError
from engine.messages import SCHEMA_VERSION
from engine.wire.encoder import MessageEncoder, decode, encode_struct
from tests.fakes.clock import FakeClock
from tests.wire import samples


def test_each_topic_counts_for_itself() -> None:
    encoder = samples.encoder()
    wires = [samples.wire(encoder, name) for name in ("log", "health", "log", "log")]
    assert [wired.message.envelope.seq for wired in wires] == [0, 0, 1, 2]
    assert [wired.topic for wired in wires] == ["log.warning.", "health.", *["log.warning."] * 2]


def test_drops_are_those_since_the_last_message_of_the_same_topic() -> None:
    totals: dict[str, dict[str, int]] = {}
    encoder = MessageEncoder("s", FakeClock(), 0, lambda _: totals)
    first = samples.wire(encoder, "gesture_start")
    totals["capture-pose"] = {"overload": 2, "age": 0}
    second = samples.wire(encoder, "gesture_start")
    totals["capture-pose"] = {"overload": 5, "age": 1}
    third = samples.wire(encoder, "gesture_start")
    other = samples.wire(encoder, "emotion")
    assert first.message.envelope.drops == {}
    assert second.message.envelope.drops == {"capture-pose.overload": 2}
    assert third.message.envelope.drops == {"capture-pose.age": 1, "capture-pose.overload": 3}
    assert other.message.envelope.drops == {"capture-pose.age": 1, "capture-pose.overload": 5}


@pytest.mark.parametrize(
    ("name", "age_ms", "deadline_ms", "missed"),
    [
        ("pose", 201, 200, True),
        ("gesture_end", 201, 200, True),
        ("emotion", 201, 200, True),
        ("emotion", 200, 200, False),
        ("pose", 10_000, 0, False),  # no deadline: a file or a replay
        ("health", 10_000, 200, False),  # answers no frame
        ("session", 10_000, 200, False),
        ("log", 10_000, 200, False),
    ],
)
def test_missed_deadline(name: str, age_ms: int, deadline_ms: float, missed: bool) -> None:
    clock = FakeClock(20_000 * NS_PER_MS)
    encoder = MessageEncoder("s", clock, deadline_ms, lambda _: {})
    kind, stream, body = samples.BODIES[name]
    wired = encoder.encode(
        kind,
        body,
        stream=stream,
        epoch=2,
        capture_ns=clock.now_ns() - age_ms * NS_PER_MS,
        decided_ns=clock.now_ns(),
        degrade_level=1,
    )
    assert wired.message.envelope.missed_deadline is missed
    assert wired.message.envelope.deadline_ms == deadline_ms
    assert (wired.message.envelope.epoch, wired.message.envelope.degrade_level) == (2, 1)
    assert wired.message.envelope.published_ns == clock.now_ns()


def test_the_payload_says_what_the_message_says() -> None:
    for name in samples.BODIES:
        wired = samples.wire(samples.encoder(), name)
        assert decode(wired.topic, wired.payload) == wired.message


def test_bytes_do_not_depend_on_the_order_of_maps() -> None:
    one = msgspec.structs.replace(samples.session(), versions={"a": "1", "b": "2"})
    two = msgspec.structs.replace(samples.session(), versions={"b": "2", "a": "1"})
    assert encode_struct(one) == encode_struct(two)


def test_a_log_level_is_no_stream() -> None:
    assert samples.wire(samples.encoder(), "log").message.envelope.stream == ""
    assert samples.wire(samples.encoder(), "pose").message.envelope.stream == "main"


def test_a_body_of_another_topic_is_refused() -> None:
    with pytest.raises(TypeError, match="'pose' is a PoseBody"):
        samples.wire(samples.encoder(), "pose", samples.gesture())


def _changed(name: str, **envelope: object) -> tuple[str, bytes]:
    wired = samples.wire(samples.encoder(), name)
    tree = msgspec.msgpack.decode(wired.payload)
    tree["envelope"].update(envelope)
    return wired.topic, msgspec.msgpack.encode(tree)


def test_a_newer_schema_says_so() -> None:
    with pytest.raises(SchemaError, match=r"schema 2, .* up to 1\. Update"):
        decode(*_changed("gesture_start", schema=SCHEMA_VERSION + 1))


def test_a_newer_schema_says_so_even_when_nothing_else_can_be_read() -> None:
    payload = msgspec.msgpack.encode({"envelope": {"schema": 9}, "content": 1})
    with pytest.raises(SchemaError, match="schema 9"):
        decode("gesture.main.", payload)


@pytest.mark.parametrize(
    ("topic", "payload", "problem"),
    [
        ("gesture.main.", b"", "malformed message on 'gesture.main.'"),
        ("gesture.main.", b"\xff\x00", "malformed"),
        ("gesture.main.", b"\x81\xa3\xff\xff\xff\x01", "malformed"),
        ("gesture.main.", msgspec.msgpack.encode({"envelope": {}}), "missing required field"),
        ("weather.", b"\x80", "unknown topic 'weather.'"),
        *[(*_changed("log", seq="7"), "Expected `int`, got `str`")],
    ],
)
def test_nonsense_is_refused(topic: str, payload: bytes, problem: str) -> None:
    with pytest.raises(FeedError, match=problem):
        decode(topic, payload)

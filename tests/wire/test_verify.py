from typing import Any

import msgspec
import pytest

from engine.messages import Envelope
from engine.wire.encoder import encode_struct
from engine.wire.verify import TIMING_FIELDS, canonical, first_difference
from tests.wire import samples

Messages = list[tuple[str, bytes]]


def _run() -> Messages:
    encoder = samples.encoder()
    names = ("pose", "gesture_start", "health", "emotion", "gesture_end", "log")
    return [(w.topic, w.payload) for w in (samples.wire(encoder, name) for name in names)]


def _changed(messages: Messages, index: int, path: str, value: Any) -> Messages:
    """One field of one message set to another value; `None` for a path means all of it."""
    topic, payload = messages[index]
    tree = msgspec.msgpack.decode(payload)
    *parents, last = path.split(".")
    node = tree
    for key in parents:
        node = node[int(key)] if isinstance(node, list) else node[key]
    node[last] = value
    changed = list(messages)
    changed[index] = (topic, msgspec.msgpack.encode(tree))
    return changed


def test_the_same_run_has_no_difference() -> None:
    assert first_difference(_run(), _run()) is None


def test_the_timing_fields_are_of_the_envelope_and_few() -> None:
    assert set(TIMING_FIELDS) < set(Envelope.__struct_fields__)
    assert len(TIMING_FIELDS) == 4


@pytest.mark.parametrize("field", Envelope.__struct_fields__)
def test_of_the_envelope_only_the_timing_fields_may_differ(field: str) -> None:
    other = _changed(_run(), 1, f"envelope.{field}", "something else")
    difference = first_difference(_run(), other)
    if field in TIMING_FIELDS:
        assert difference is None
    else:
        assert difference is not None
        assert difference.path == f"envelope.{field}"


def test_every_field_of_a_body_counts() -> None:
    for index, body in ((1, samples.gesture()), (3, samples.emotion())):
        for field in body.__struct_fields__:
            other = _changed(_run(), index, f"body.{field}", "something else")
            difference = first_difference(_run(), other)
            assert difference is not None
            assert difference.path.startswith(f"body.{field}")


def test_the_first_difference_is_named_with_both_values() -> None:
    other = _changed(_run(), 3, "body.evidence.0.weight", -0.75)
    other = _changed(other, 4, "body.score", 0.0)
    difference = first_difference(_run(), other)
    assert difference is not None
    assert (difference.index, difference.topic) == (1, "emotion.main.")
    assert difference.path == "body.evidence[0].weight"
    assert (difference.expected, difference.actual) == (-0.5, -0.75)
    assert str(difference) == (
        "message 1 on emotion.main., body.evidence[0].weight: expected -0.5, got -0.75"
    )


@pytest.mark.parametrize(("path", "value"), [("body.label_id", 4.0), ("body.peak", float("nan"))])
def test_types_and_nan_count_as_they_are(path: str, value: float) -> None:
    other = _changed(_run(), 1, path, value)
    difference = first_difference(_run(), other)
    assert difference is not None
    assert difference.path == path
    assert first_difference(other, other) is None


def test_the_order_of_fields_counts() -> None:
    topic, payload = _run()[1]
    tree = msgspec.msgpack.decode(payload)
    tree["body"] = dict(reversed(tree["body"].items()))
    difference = first_difference([(topic, payload)], [(topic, msgspec.msgpack.encode(tree))])
    assert difference is not None
    assert difference.path == "body.(order of fields)"


def test_poses_health_and_log_are_not_compared() -> None:
    compared = [message for message in _run() if message[0].startswith(("gesture.", "emotion."))]
    assert first_difference(_run(), compared) is None


def test_missing_and_additional_messages_are_differences() -> None:
    run = _run()
    for expected, actual, sides in (
        (run, run[:3], (samples.emotion(), None)),
        (run[:3], run, (None, samples.emotion())),
    ):
        difference = first_difference(expected, actual)
        assert difference is not None
        assert (difference.index, difference.topic, difference.path) == (1, "emotion.main.", "")
        for value, body in zip((difference.expected, difference.actual), sides, strict=True):
            wanted = msgspec.msgpack.decode(encode_struct(body)) if body else "(no message)"
            assert value == wanted


def test_a_recording_that_was_cut_off_is_compared_as_far_as_it_goes() -> None:
    run = _run()
    assert first_difference(run[:3], run, expected_is_cut=True) is None
    assert first_difference(run, run[:3], expected_is_cut=True) is not None
    changed = _changed(run, 1, "body.score", 0.0)
    assert first_difference(changed[:3], run, expected_is_cut=True) is not None


def test_messages_in_another_order_are_a_difference() -> None:
    run = _run()
    swapped = [run[3], run[1], run[4]]
    difference = first_difference(run, swapped)
    assert difference is not None
    assert (difference.path, difference.expected, difference.actual) == (
        "topic",
        "gesture.main.",
        "emotion.main.",
    )


def test_the_canonical_form_keeps_everything_else() -> None:
    payload = _run()[1][1]
    whole, rest = (msgspec.msgpack.decode(data) for data in (payload, canonical(payload)))
    for field in TIMING_FIELDS:
        del whole["envelope"][field]
    assert rest == whole

"""Whether two runs published the same, but for the time it took."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

# Of the envelope. Everything else must be the same, byte for byte.
TIMING_FIELDS = ("decided_ns", "published_ns", "missed_deadline", "drops")

COMPARED_KINDS = ("gesture.", "emotion.")

_NOTHING = "(no message)"
_ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """The first place where two runs part.

    Attributes:
        index: Position among the compared messages, from 0.
        topic: Topic of the expected message, or of the additional one.
        path: Field, e.g. `body.t_start_ns`; empty when a whole message is missing or added.
        expected: What the recording holds.
        actual: What the replay gave.
    """

    index: int
    topic: str
    path: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        where = f", {self.path}" if self.path else ""
        return (
            f"message {self.index} on {self.topic}{where}: "
            f"expected {self.expected!r}, got {self.actual!r}"
        )


def canonical(payload: bytes) -> bytes:
    """A payload without its timing fields; the order of all others is kept.

    Raises:
        msgspec.DecodeError: It is no msgpack map with an envelope.
    """
    tree = msgspec.msgpack.decode(payload, type=dict[str, Any])
    tree["envelope"] = {
        key: value for key, value in tree.get("envelope", {}).items() if key not in TIMING_FIELDS
    }
    return msgspec.msgpack.encode(tree)


def first_difference(
    expected: Iterable[tuple[str, bytes]],
    actual: Iterable[tuple[str, bytes]],
    *,
    expected_is_cut: bool = False,
) -> Difference | None:
    """The first message that differs, over gesture and emotion topics; None if none does.

    Both runs must carry the same session id, so a replay reuses the recorded one.

    Args:
        expected: Topic and payload of the recording, in order of publishing.
        actual: The same of the replay.
        expected_is_cut: The recording was cut off: what the replay gives beyond its end is no
            difference.
    """
    for index, (left, right) in enumerate(zip_longest(_compared(expected), _compared(actual))):
        if left is None and expected_is_cut:
            return None
        if left is None or right is None:
            return _missing(index, left, right)
        if left[0] != right[0]:
            return Difference(index, left[0], "topic", left[0], right[0])
        if left[1] != right[1]:
            return _parted(index, left[0], left[1], right[1])
    return None


def _compared(messages: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    return (
        (topic, canonical(payload))
        for topic, payload in messages
        if topic.startswith(COMPARED_KINDS)
    )


def _missing(
    index: int, left: tuple[str, bytes] | None, right: tuple[str, bytes] | None
) -> Difference:
    topic = (left or right or ("", b""))[0]
    return Difference(index, topic, "", _shown(left), _shown(right))


def _shown(message: tuple[str, bytes] | None) -> Any:
    return msgspec.msgpack.decode(message[1]).get("body") if message else _NOTHING


def _parted(index: int, topic: str, left: bytes, right: bytes) -> Difference:
    trees = msgspec.msgpack.decode(left), msgspec.msgpack.decode(right)
    path, expected, actual = _first_leaf("", *trees)
    return Difference(index, topic, path.lstrip("."), expected, actual)


def _first_leaf(path: str, left: Any, right: Any) -> tuple[str, Any, Any]:
    """Where two values that differ first do so: the path and both sides."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in (*left, *(key for key in right if key not in left)):
            pair = left.get(key, _ABSENT), right.get(key, _ABSENT)
            if _bytes(pair[0]) != _bytes(pair[1]):
                return _first_leaf(f"{path}.{key}", *pair)
        return f"{path}.(order of fields)", list(left), list(right)
    if isinstance(left, list) and isinstance(right, list):
        for position, pair in enumerate(zip_longest(left, right, fillvalue=_ABSENT)):
            if _bytes(pair[0]) != _bytes(pair[1]):
                return _first_leaf(f"{path}[{position}]", *pair)
    return path, left, right


def _bytes(value: Any) -> bytes:
    """For comparing: 1 is not 1.0, and NaN is itself."""
    return msgspec.msgpack.encode(value)

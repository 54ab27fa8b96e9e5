"""The one table of topics: what is on them, how often, and when silence means trouble.

Publisher, subscriber, recorder and documentation read it. Topics are dotted and end in a dot, so
that a prefix filter on `gesture.1.` does not match `gesture.10.`.
"""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from engine import messages


@dataclass(frozen=True)
class Topic:
    """One kind of topic.

    Attributes:
        kind: First word of the topic.
        body: Struct of the message body.
        per_stream: Whether the stream's name follows the kind.
        rate_hz: Declared rate; None for events, which come when they come.
        stale_after_s: Silence longer than this means that something is wrong; None for events.
    """

    kind: str
    body: type[Struct]
    per_stream: bool
    rate_hz: float | None
    stale_after_s: float | None

    @property
    def message(self) -> Any:
        """The generic alias to decode a payload of this topic with."""
        return messages.Message[self.body]  # type: ignore[name-defined]


TOPICS: dict[str, Topic] = {
    topic.kind: topic
    for topic in (
        Topic("pose", messages.PoseBody, True, None, 2.0),
        Topic("gesture", messages.GestureEvent, True, None, None),
        Topic("emotion", messages.EmotionEstimate, True, 2.0, 3.0),
        Topic("health", messages.Health, False, 1.0, 3.0),
        Topic("session", messages.SessionInfo, False, 0.1, 30.0),
        Topic("log", messages.LogRecord, False, None, None),
    )
}


def topic_name(kind: str, stream: str = "") -> str:
    """The full topic of `kind`; `stream` is a stream name, or a level for `log`."""
    return f"{kind}.{stream}." if stream else f"{kind}."


def topic_of(name: str) -> Topic:
    """The table row of a full topic name.

    Raises:
        KeyError: The first word is no known kind.
    """
    return TOPICS[name.split(".", 1)[0]]

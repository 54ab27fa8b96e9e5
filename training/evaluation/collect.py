"""Messages about gestures put together to events that know when they were decided."""

from collections.abc import Iterable

from engine.clock import NS_PER_S
from engine.messages import GestureEvent
from training.evaluation.events import FoundEvent
from training.labels import class_index


class Collector:
    """Remembers when each gesture of iMiGUE's was started, and closes it with its `end` message."""

    def __init__(self) -> None:
        self._decided_ns: dict[str, int] = {}
        self._ended: list[tuple[GestureEvent, int]] = []

    def take(self, messages: Iterable[GestureEvent], now_ns: int) -> None:
        """Messages in order.

        Args:
            messages: Of one stream.
            now_ns: When they were decided.
        """
        for message in messages:
            self._decided_ns.setdefault(message.id, now_ns)
            if message.state == "end":
                self._ended.append((message, self._decided_ns[message.id]))

    def events(self, origin_ns: int = 0) -> tuple[FoundEvent, ...]:
        """All that have ended, in order of their start, in seconds from `origin_ns`."""
        events = [_event(message, decided_ns, origin_ns) for message, decided_ns in self._ended]
        return tuple(sorted(events, key=lambda event: (event.start_s, event.class_index)))


def _event(message: GestureEvent, decided_ns: int, origin_ns: int) -> FoundEvent:
    assert message.t_end_ns is not None
    return FoundEvent(
        class_index=class_index(message.label_id),
        start_s=(message.t_start_ns - origin_ns) / NS_PER_S,
        end_s=(message.t_end_ns - origin_ns) / NS_PER_S,
        decided_s=(decided_ns - origin_ns) / NS_PER_S,
        score=message.score,
    )

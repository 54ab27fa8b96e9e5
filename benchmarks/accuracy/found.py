"""What a recogniser gave for one clip."""

from dataclasses import dataclass

from engine.labels import BY_ID, Group
from training.evaluation.events import Interval
from training.evaluation.trace import Trace
from training.labels import CLASS_IDS


@dataclass(frozen=True)
class Found(Interval):
    """A gesture event.

    Attributes:
        slug: Its class.
        group: Its group.
        decided_s: Media time at which its `start` message was sent.
    """

    slug: str
    group: str
    decided_s: float = 0.0

    @property
    def gesture(self) -> bool:
        """Whether it is of one of the five micro-gesture groups, and not illustrative."""
        return self.group != Group.NONE.value


def found_in(trace: Trace) -> tuple[Found, ...]:
    """The events of a trace."""
    events = []
    for event in trace.events:
        label = BY_ID[CLASS_IDS[event.class_index]]
        events.append(
            Found(event.start_s, event.end_s, label.slug, label.group.value, event.decided_s)
        )
    return tuple(events)

"""Loss and silence of a feed, seen from a subscriber: sequence numbers and ages per topic."""

import threading
from dataclasses import dataclass
from typing import Literal

from engine.clock import NS_PER_S, Clock
from engine.messages import Envelope
from engine.topics import TOPICS, topic_of

# Health comes once a second whatever happens, so it speaks for topics without a rate.
WITNESS = "health."


@dataclass(frozen=True)
class Liveness:
    """How a topic, or all topics under a prefix, are doing.

    Attributes:
        state: `waiting` (nothing yet, still within the allowed silence), `alive` or `stale`.
        age_s: Seconds since the last message; None if there was none.
    """

    state: Literal["waiting", "alive", "stale"]
    age_s: float | None


@dataclass
class _Track:
    session: str
    seq: int
    heard_ns: int
    lost: int = 0


class TopicTracker:
    """Follows every topic of a feed. Any thread.

    Args:
        clock: For ages.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start_ns = clock.now_ns()
        self._tracks: dict[str, _Track] = {}
        self._lock = threading.Lock()

    def accept(self, topic: str, envelope: Envelope, received_ns: int) -> int:
        """Take note of one message.

        Returns:
            How many messages of this topic were lost right before it. The first message of a
            topic and the first of a new session lose nothing: you joined there, or the
            publisher began anew.
        """
        with self._lock:
            track = self._tracks.get(topic)
            if track is None:
                self._tracks[topic] = _Track(envelope.session, envelope.seq, received_ns)
                return 0
            lost = 0
            if envelope.session == track.session:
                lost = max(0, envelope.seq - track.seq - 1)
            track.session, track.seq, track.heard_ns = envelope.session, envelope.seq, received_ns
            track.lost += lost
            return lost

    def lost(self, prefix: str) -> int:
        """Messages lost on the way so far, over all topics that begin with `prefix`."""
        with self._lock:
            return sum(t.lost for name, t in self._tracks.items() if name.startswith(prefix))

    def liveness(self, topic: str) -> Liveness:
        """State of a topic or prefix such as `emotion.` or `pose.main.`, of a known kind.

        A topic that comes when it comes (gesture, log) is as alive as `health.` is; its
        `age_s` is still its own.
        """
        now_ns = self._clock.now_ns()
        own_ns = self._heard(topic)
        age_s = None if own_ns is None else (now_ns - own_ns) / NS_PER_S
        allowed_s = topic_of(topic).stale_after_s
        judged_ns = own_ns
        if allowed_s is None:
            allowed_s = TOPICS[topic_of(WITNESS).kind].stale_after_s or 0.0
            judged_ns = self._heard(WITNESS)
        since_ns = self._start_ns if judged_ns is None else judged_ns
        if now_ns - since_ns > allowed_s * NS_PER_S:
            return Liveness("stale", age_s)
        return Liveness("waiting" if judged_ns is None else "alive", age_s)

    def _heard(self, prefix: str) -> int | None:
        with self._lock:
            times = [t.heard_ns for name, t in self._tracks.items() if name.startswith(prefix)]
        return max(times, default=None)

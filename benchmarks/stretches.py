"""What a subscriber sees of a run in named stretches of it, with and without a load."""

from benchmarks.report import Result, percentiles
from benchmarks.watching import received
from engine.clock import NS_PER_MS, NS_PER_S, SystemClock
from engine.messages import Envelope, Health
from engine.wire.subscriber import Subscriber

TOPICS = ("pose.", "gesture.", "emotion.", "health.")


class Stretches:
    """Ages, levels and drops of a run, stretch by stretch.

    Args:
        deadline_ms: From capture to publish.
    """

    def __init__(self, deadline_ms: float) -> None:
        self._deadline_ms = deadline_ms
        self._ages_ms: dict[str, list[float]] = {}
        self._levels: dict[str, list[int]] = {}
        self._missed: dict[str, int] = {}
        self._unsaid = 0
        self._recovered_s: list[float | None] = []
        self._drops: dict[str, dict[str, int]] = {}

    def watch(self, feed: Subscriber, seconds: float, phase: str) -> None:
        """Follow the feed for a stretch; one without a name is only waited for."""
        degraded_ns = start_ns = SystemClock().now_ns()
        for item in received(feed, seconds, 0.5):
            if not phase:
                continue
            envelope, body = item.message.envelope, item.message.body
            if isinstance(body, Health):
                self._levels.setdefault(phase, []).append(body.degrade_level)
                self._drops = body.drops
                if body.degrade_level:
                    degraded_ns = envelope.published_ns
            else:
                self._take(envelope, phase)
        if phase == "released":
            over = self._levels.get(phase, [1])[-1] == 0
            self._recovered_s.append((degraded_ns - start_ns) / NS_PER_S if over else None)

    def _take(self, envelope: Envelope, phase: str) -> None:
        age_ms = (envelope.published_ns - envelope.capture_ns) / NS_PER_MS
        self._ages_ms.setdefault(phase, []).append(age_ms)
        late = age_ms > self._deadline_ms
        self._missed[phase] = self._missed.get(phase, 0) + late
        self._unsaid += late and not envelope.missed_deadline

    def figures(self) -> Result:
        """Everything seen."""
        return {
            "age_ms": {phase: percentiles(ages) for phase, ages in self._ages_ms.items()},
            "missed_deadline": self._missed,
            "late_without_saying_so": self._unsaid,
            "seconds_at_level": {
                phase: {str(level): levels.count(level) for level in sorted(set(levels))}
                for phase, levels in self._levels.items()
            },
            "full_quality_again_after_s": [
                None if s is None else round(s, 1) for s in self._recovered_s
            ],
            "drops": self._drops,
        }

"""Gesture events, a person's rates and a stream of ticks for the emotion aggregator."""

from collections.abc import Collection, Sequence
from typing import Any

from engine.config import EmotionConfig
from engine.core.emotion import EmotionAggregator
from engine.labels import BY_SLUG
from engine.messages import EmotionEstimate, GestureEvent
from engine.person import PERSON_FILE, PersonCalibration, Resting

TICK_NS = 40_000_000


def gesture(
    slug: str, event_id: str, state: str, t_start_s: float, score: float = 1.0
) -> GestureEvent:
    """One state of one gesture of class `slug`."""
    label = BY_SLUG[slug]
    return GestureEvent(
        id=event_id,
        state=state,
        label_id=label.id,
        label=slug,
        group=label.group.value,
        t_start_ns=round(t_start_s * 1e9),
        t_end_ns=round(t_start_s * 1e9) if state == "end" else None,
        score=score,
        peak=score,
        coverage=1.0,
        end_reason="released" if state == "end" else "",
    )


def person(**rates_per_min: float) -> PersonCalibration:
    """A calibration with these rates."""
    return PersonCalibration(
        kind=PERSON_FILE.kind,
        version=PERSON_FILE.version,
        created_wall_ns=1,
        skeleton="holistic75",
        recognizer="test@0",
        observed_s=60.0,
        resting=Resting(
            shoulder_per_ear_width=2.5,
            head_height=0.6,
            head_pitch=0.1,
            shoulder_width_ratio=0.4,
        ),
        rates_per_min=rates_per_min,
    )


class Stream:
    """Feeds ticks at 25 Hz and keeps the estimates."""

    def __init__(self, calibration: PersonCalibration | None = None, **options: Any) -> None:
        self.aggregator = EmotionAggregator(EmotionConfig(**options), calibration)
        self.estimates: list[EmotionEstimate] = []
        self.index = 0

    @property
    def now_s(self) -> float:
        return self.index * TICK_NS / 1e9

    def tick(
        self,
        events: Sequence[GestureEvent] = (),
        valid: bool = True,
        reason: str = "",
        abstained: Collection[str] = (),
    ) -> EmotionEstimate | None:
        estimate = self.aggregator.step(self.index * TICK_NS, valid, reason, events, abstained)
        self.index += 1
        if estimate is not None:
            self.estimates.append(estimate)
        return estimate

    def run(
        self,
        seconds: float,
        valid: bool = True,
        reason: str = "",
        abstained: Collection[str] = (),
    ) -> EmotionEstimate:
        for _ in range(round(seconds * 1e9 / TICK_NS)):
            self.tick(valid=valid, reason=reason, abstained=abstained)
        return self.estimates[-1]

    def happen(self, slug: str, score: float = 1.0) -> None:
        event_id = f"{slug}-{self.index}"
        start = gesture(slug, event_id, "start", self.now_s, score)
        end = gesture(slug, event_id, "end", self.now_s, score)
        self.tick([start, end])

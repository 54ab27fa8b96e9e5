"""What `analyze` finds in one input."""

from collections import Counter
from dataclasses import dataclass, field

from engine.clock import NS_PER_S
from engine.errors import FidgetError
from engine.messages import EmotionEstimate, GestureEvent
from engine.poses import PoseSample
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import SerialStep
from engine.wire.tables import Row, emotion_row, event_row


@dataclass
class Findings:
    """What came out of one stream: of the only person, or of one slot of several.

    Attributes:
        stream: Its name.
        frames: Frames, or samples of a recording.
        frames_with_pose: Those with a person.
        without_pose: Reason to count, for the others.
        events: A row for each closed gesture.
        emotion: A row for each estimate.
        stays: Number of each person who was there, and the times of their first and last sample.
        first_ns: Time of the first frame; None before it.
        last_ns: Time of the last frame.
        abstained_s: Class to seconds with a person in a view that did not support it.
    """

    stream: str
    frames: int = 0
    frames_with_pose: int = 0
    without_pose: Counter[str] = field(default_factory=Counter)
    events: list[Row] = field(default_factory=list)
    emotion: list[Row] = field(default_factory=list)
    stays: list[tuple[int, int, int]] = field(default_factory=list)
    first_ns: int | None = None
    last_ns: int = 0
    abstained_s: dict[str, float] = field(default_factory=dict)

    def take(self, step: SerialStep) -> None:
        """Count one step."""
        if step.sample is not None:
            self._take_sample(step.sample)
        origin_ns = self.first_ns or 0
        for decision in step.decisions:
            body = decision.body
            if isinstance(body, EmotionEstimate):
                self.emotion.append(emotion_row(body, origin_ns))
            elif isinstance(body, GestureEvent) and body.state == "end":
                self.events.append(event_row(body, origin_ns, self.stream))

    @property
    def media_s(self) -> float:
        """Media time from the first to the last frame."""
        return self._seconds(self.last_ns)

    @property
    def counts(self) -> dict[str, int]:
        """Closed gestures by label."""
        return dict(sorted(Counter(row["label"] for row in self.events).items()))

    @property
    def persons(self) -> list[Row]:
        """Who was there, and from when to when, in seconds as those of the events."""
        return [
            {
                "person": person,
                "t_start_s": round(self._seconds(from_ns), 6),
                "t_end_s": round(self._seconds(to_ns), 6),
            }
            for person, from_ns, to_ns in self.stays
        ]

    def _seconds(self, t_ns: int) -> float:
        return (t_ns - (self.first_ns or 0)) / NS_PER_S

    def _take_sample(self, sample: PoseSample) -> None:
        self.frames += 1
        self.frames_with_pose += sample.valid
        if not sample.valid:
            self.without_pose[sample.reason] += 1
        if self.first_ns is None:
            self.first_ns = sample.capture_ns
        self.last_ns = max(self.last_ns, sample.capture_ns)
        if sample.valid and sample.person:
            self._stay(sample.person, sample.capture_ns)

    def _stay(self, person: int, t_ns: int) -> None:
        """They may have been away meanwhile: the stream is theirs until another comes."""
        if self.stays and self.stays[-1][0] == person:
            person, from_ns, _ = self.stays.pop()
            self.stays.append((person, from_ns, t_ns))
        else:
            self.stays.append((person, t_ns, t_ns))


@dataclass
class Analysis:
    """What came out of one input.

    Attributes:
        people: One for each slot, the main person first.
        latencies: Of the stages.
        wall_s: What the input took.
        poses_made: Whether a pose stage ran; a recording brings its poses.
        error: What ended it before its end, if anything did.
    """

    people: list[Findings]
    latencies: StageLatencies = field(default_factory=StageLatencies)
    wall_s: float = 0.0
    poses_made: bool = False
    error: FidgetError | None = None

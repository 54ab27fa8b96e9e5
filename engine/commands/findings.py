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
    """What came out of one input.

    Attributes:
        frames: Frames, or samples of a recording.
        frames_with_pose: Those with a person.
        without_pose: Reason to count, for the others.
        events: A row for each closed gesture.
        emotion: A row for each estimate.
        first_ns: Time of the first frame; None before it.
        last_ns: Time of the last frame.
        latencies: Of the stages.
        wall_s: What the input took.
        abstained_s: Class to seconds with a person in a view that did not support it.
        poses_made: Whether a pose stage ran; a recording brings its poses.
        error: What ended it before its end, if anything did.
    """

    frames: int = 0
    frames_with_pose: int = 0
    without_pose: Counter[str] = field(default_factory=Counter)
    events: list[Row] = field(default_factory=list)
    emotion: list[Row] = field(default_factory=list)
    first_ns: int | None = None
    last_ns: int = 0
    latencies: StageLatencies = field(default_factory=StageLatencies)
    wall_s: float = 0.0
    abstained_s: dict[str, float] = field(default_factory=dict)
    poses_made: bool = False
    error: FidgetError | None = None

    def take(self, step: SerialStep, stream: str) -> None:
        """Count one step."""
        if step.sample is not None:
            self._take_sample(step.sample)
        origin_ns = self.first_ns or 0
        for decision in step.decisions:
            body = decision.body
            if isinstance(body, EmotionEstimate):
                self.emotion.append(emotion_row(body, origin_ns))
            elif isinstance(body, GestureEvent) and body.state == "end":
                self.events.append(event_row(body, origin_ns, stream))

    @property
    def media_s(self) -> float:
        """Media time from the first to the last frame."""
        return (self.last_ns - (self.first_ns or 0)) / NS_PER_S

    @property
    def counts(self) -> dict[str, int]:
        """Closed gestures by label."""
        return dict(sorted(Counter(row["label"] for row in self.events).items()))

    def _take_sample(self, sample: PoseSample) -> None:
        self.frames += 1
        self.frames_with_pose += sample.valid
        if not sample.valid:
            self.without_pose[sample.reason] += 1
        if self.first_ns is None:
            self.first_ns = sample.capture_ns
        self.last_ns = max(self.last_ns, sample.capture_ns)

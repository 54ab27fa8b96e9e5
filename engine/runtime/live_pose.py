"""The pose stage of a live stream: every frame becomes samples, or is dropped for a reason."""

import math
from dataclasses import dataclass

from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.config import StreamConfig
from engine.core.pose_stage import PoseStage, Samples
from engine.frames import Frame
from engine.runtime.drops import DropLedger
from engine.runtime.edges import CAPTURE_POSE
from engine.runtime.governor.governor import DEADLINE
from engine.runtime.quality import Governed


@dataclass(frozen=True)
class Posed:
    """What came of a frame.

    Attributes:
        samples: A sample a slot.
        late: Whether they come too late to be of use: not for the recogniser.
    """

    samples: Samples
    late: bool = False


class LivePose:
    """Asks the governor before each frame and after it. The pose thread only.

    Args:
        config: Bounds of the stream.
        pose: The pose stage.
        governed: Of the stream; the pose stage is set to its best level at once.
        clock: Time.
        drops: Gets the frames that are dropped, with the cause.
    """

    def __init__(
        self,
        config: StreamConfig,
        pose: PoseStage,
        governed: Governed,
        *,
        clock: Clock,
        drops: DropLedger,
    ) -> None:
        self._config = config
        self._pose = pose
        self._governor = governed.governor
        self._qualities = governed.qualities
        self._clock = clock
        self._drops = drops
        self._level = 0
        self._since_taken = self._qualities[0].every  # the first frame is used
        pose.set_effort(self._qualities[0].effort)

    def no_frame(self) -> Samples:
        """The samples that say that the source gives nothing."""
        return self._pose.no_frame(self._clock.now_ns())

    def step(self, frame: Frame) -> Posed | None:
        """What comes of a frame; None if it was dropped.

        Raises:
            ModelError: The estimator broke.
        """
        cause = self._why_not(frame)
        if cause:
            self._drops.add(CAPTURE_POSE, cause)
            # A camera whose frames are all dropped is as good as silent, and is told so.
            return Posed(self.no_frame()) if self._is_silent() else None
        return self._estimated(frame)

    def _why_not(self, frame: Frame) -> str:
        """Empty if the frame is to be used, else the cause of its drop."""
        now_ns = self._clock.now_ns()
        if (now_ns - frame.capture_ns) / NS_PER_MS > self._config.age_budget_ms:
            return "stale"
        if self._pose.last_ns is not None and frame.capture_ns <= self._pose.last_ns:
            return "late"
        self._follow(self._governor.level)
        self._since_taken += 1
        if self._since_taken < self._qualities[self._level].every:
            return "degraded"
        if not self._governor.admit("pose", frame.capture_ns, now_ns, frame.index):
            return DEADLINE
        return ""

    def _follow(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self._pose.set_effort(self._qualities[level].effort)

    def _estimated(self, frame: Frame) -> Posed:
        self._since_taken = 0
        call = self._governor.begin("pose", self._clock.now_ns())
        try:
            samples = self._pose.step_all(frame, self._level)
        except BaseException:
            self._governor.abandon(call)
            raise
        now_ns = self._clock.now_ns()
        self._governor.end(call, now_ns)
        in_time = self._governor.in_time("pose", frame.capture_ns, now_ns, samples[0].seq)
        return Posed(samples, late=not in_time)

    def _is_silent(self) -> bool:
        """Whether nothing was said for so long that it must be told."""
        last_ns = self._pose.last_ns
        quiet_s = math.inf if last_ns is None else (self._clock.now_ns() - last_ns) / NS_PER_S
        return quiet_s >= self._config.no_frame_after_s

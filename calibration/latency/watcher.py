"""Watches the messages of a run and keeps what they say about time."""

from collections import Counter
from typing import Any

import numpy as np

from engine.clock import NS_PER_MS, NS_PER_S
from engine.latency_profile import Ages
from engine.messages import Envelope, Health, Message, PoseBody, SessionInfo
from engine.poses import NO_FRAME

_KINDS = ("pose", "gesture", "emotion")


class Watcher:
    """A sink. What comes before `settle_s` after the first pose is not counted.

    Attributes:
        session: What the run says it is; None until it says so.
        pose_ms: What the pose network took, frame by frame.
        publish_ms: From a decision to its publishing.
    """

    def __init__(self, settle_s: float) -> None:
        self.session: SessionInfo | None = None
        self.pose_ms: list[float] = []
        self.publish_ms: list[float] = []
        self._settle_ns = round(settle_s * NS_PER_S)
        self._from_ns: int | None = None
        self._last_ns = 0
        self._ages_ms: list[float] = []
        self._late = 0
        self._poses: Counter[str] = Counter()
        self._healths: list[Health] = []

    def put(self, topic: str, message: Message[Any]) -> None:
        """See `Sink.put`."""
        body = message.body
        if isinstance(body, SessionInfo):
            self.session = body
        elif isinstance(body, Health):
            if self._from_ns is not None and body.monotonic_ns >= self._from_ns:
                self._healths.append(body)
        elif topic.startswith(_KINDS) and not (
            isinstance(body, PoseBody) and body.reason == NO_FRAME
        ):
            self._take(message.envelope, body)

    def close(self) -> None:
        """See `Sink.close`."""

    @property
    def frames_hz(self) -> float:
        """Frames a second that the sources gave, all streams together; 0 when not known."""
        if len(self._healths) < 2:
            return 0.0
        first, last = self._healths[0], self._healths[-1]
        elapsed_s = (last.monotonic_ns - first.monotonic_ns) / NS_PER_S
        return (last.frames_in - first.frames_in) / elapsed_s

    @property
    def recognise_ms(self) -> tuple[float, ...]:
        """Median, p95 and p99 of the recogniser over the whole run; empty when not known."""
        known = self._healths[-1].latency_ms.get("recognise") if self._healths else None
        return (known.p50, known.p95, known.p99) if known else ()

    def ages(self) -> Ages:
        """How old the messages were."""
        if not self._ages_ms:
            return Ages(count=0, p50_ms=0, p95_ms=0, p99_ms=0, max_ms=0, late=0, poses_hz=0)
        p50, p95, p99 = (round(float(p), 2) for p in np.percentile(self._ages_ms, (50, 95, 99)))
        watched_s = (self._last_ns - (self._from_ns or 0)) / NS_PER_S
        fewest = min(self._poses.values(), default=0)
        return Ages(
            count=len(self._ages_ms),
            p50_ms=p50,
            p95_ms=p95,
            p99_ms=p99,
            max_ms=round(max(self._ages_ms), 2),
            late=self._late,
            poses_hz=round(fewest / watched_s, 2) if watched_s > 0 else 0.0,
        )

    def _take(self, envelope: Envelope, body: object) -> None:
        if self._from_ns is None:
            self._from_ns = envelope.published_ns + self._settle_ns
        if envelope.published_ns < self._from_ns:
            return
        self._last_ns = envelope.published_ns
        self._ages_ms.append((envelope.published_ns - envelope.capture_ns) / NS_PER_MS)
        self._late += envelope.missed_deadline
        if isinstance(body, PoseBody):
            self._poses[envelope.stream] += 1
            self.pose_ms.append(body.pose_ms)
            self.publish_ms.append((envelope.published_ns - envelope.decided_ns) / NS_PER_MS)

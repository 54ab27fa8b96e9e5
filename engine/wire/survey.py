"""What is in a recording as a whole."""

from collections import Counter
from dataclasses import dataclass

from engine.wire.records import (
    RECORDER_EDGE,
    InputPose,
    RecordingEnd,
    SchedulerDecision,
    StreamJoined,
)


@dataclass(frozen=True)
class Survey:
    """Counts, span and damage of a recording.

    Attributes:
        streams: Names of the streams, in the order in which they joined.
        pose_inputs: Samples that left the pose stage.
        messages: Published messages by kind.
        first_capture_ns: Of the first sample: media time 0 of exports; None without samples.
        duration_s: From first to last sample, without jumps back between epochs; of the longest
            stream.
        dropped: Stream to the running numbers of its samples that the scheduler left out.
        recorder_lost: What the recorder could not take in time, cause to count.
        ended: Whether the recorder ended in order.
        damage: Why reading stops before the end of the file; empty if it does not.
        lost_bytes: Bytes behind that place. A killed process lost up to a second more.
    """

    streams: tuple[str, ...]
    pose_inputs: int
    messages: dict[str, int]
    first_capture_ns: int | None
    duration_s: float
    dropped: dict[str, frozenset[int]]
    recorder_lost: dict[str, int]
    ended: bool
    damage: str
    lost_bytes: int

    @property
    def exact(self) -> bool:
        """Whether a replay can be compared with it: no input and no decision is missing."""
        missing = ("_input", "_decision")
        return not any(cause.endswith(missing) for cause in self.recorder_lost)


class SurveyBuilder:
    """Counts one recording.

    Args:
        stream: Of the header.
    """

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._joined: list[str] = []
        self._pose_inputs = 0
        self._messages: Counter[str] = Counter()
        self._first_ns: int | None = None
        self._last_ns: dict[str, int] = {}
        self._span_ns: Counter[str] = Counter()
        self._dropped: dict[str, set[int]] = {}
        self._lost: Counter[str] = Counter()
        self._end: RecordingEnd | None = None

    def pose_input(self, record: InputPose) -> None:
        """Count a sample."""
        self._pose_inputs += 1
        stream, now_ns = record.stream, record.capture_ns
        if self._first_ns is None:
            self._first_ns = now_ns
        self._span_ns[stream] += max(0, now_ns - self._last_ns.get(stream, now_ns))
        self._last_ns[stream] = now_ns

    def joined(self, record: StreamJoined) -> None:
        """Count a stream."""
        self._joined.append(record.stream)

    def decision(self, decision: SchedulerDecision) -> None:
        """Count a decision."""
        if decision.edge == RECORDER_EDGE:
            self._lost[decision.cause] += decision.count
        elif decision.sample_seq is not None:
            of_stream = self._dropped.setdefault(decision.stream or self._stream, set())
            of_stream.add(decision.sample_seq)

    def message(self, topic: str) -> None:
        """Count a published message."""
        self._messages[topic.split(".", 1)[0]] += 1

    def end(self, end: RecordingEnd) -> None:
        """Take the closing statement; its losses are the final ones."""
        self._end = end

    def finish(self, *, damage: str, lost_bytes: int) -> Survey:
        """The result."""
        return Survey(
            streams=tuple(dict.fromkeys((*self._joined, *self._last_ns))),
            pose_inputs=self._pose_inputs,
            messages=dict(sorted(self._messages.items())),
            first_capture_ns=self._first_ns,
            duration_s=max(self._span_ns.values(), default=0) / 1e9,
            dropped={name: frozenset(seqs) for name, seqs in self._dropped.items()},
            recorder_lost=dict(self._end.lost if self._end else self._lost),
            ended=self._end is not None,
            damage=damage,
            lost_bytes=lost_bytes,
        )

"""A recording as a source: the pose samples of an earlier session, exactly as they were."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.clock import NS_PER_S, Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import EndOfStream, RecordingError
from engine.poses import PoseSample
from engine.wire.recording import Recording, open_recording

logger = logging.getLogger(__name__)


class RecordingConfig(Struct, frozen=True, kw_only=True):
    """Options of the source.

    Attributes:
        mode: `lived` leaves out what the scheduler left out then; `ideal` gives every sample.
        speed: Times real time; 0 is as fast as the reader takes them.
        stream: Which one, of a recording of several.
    """

    mode: Literal["lived", "ideal"] = "lived"
    speed: Annotated[float, Meta(ge=0)] = 0.0
    stream: str = ""


class RecordingSource:
    """Gives recorded pose samples; plugin `recording`.

    `capture_ns` stays what it was, whatever the speed: only so do replayed events carry the
    recorded times. It belongs to the clock of the recording, so the time from capture to
    publish means nothing in a replay: run it with a deadline of 0 and report latencies of
    single stages only. The pair in the recording's header dates the samples.

    Args:
        target: The file.
        config: See `RecordingConfig`.
    """

    Config = RecordingConfig
    live = False
    yields: Literal["frames", "poses"] = "poses"

    def __init__(self, target: str, config: RecordingConfig) -> None:
        self._path = Path(target)
        self._config = config
        self._state: Literal["ok", "waiting", "ended"] = "waiting"
        self._samples: Iterator[PoseSample] = iter(())
        self._pending: PoseSample | None = None
        self._closed = threading.Event()
        self.recording: Recording | None = None

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`; reads the whole file once.

        Raises:
            RecordingError: It cannot be read, is no recording, or holds several streams and none
                was chosen.
        """
        self.recording = open_recording(self._path)
        survey = self.recording.survey
        if survey.damage:
            logger.warning(
                "%s ends early (%s): %d bytes are lost",
                self._path,
                survey.damage,
                survey.lost_bytes,
            )
        stream = self._chosen(survey.streams)
        lived = self._config.mode == "lived"
        dropped = survey.dropped.get(stream, frozenset()) if lived else frozenset()
        self._samples = (s for s in self.recording.pose_inputs(stream) if s.seq not in dropped)
        self._pace = _Pace(clock, self._config.speed)
        self._state = "ok"
        rate = (survey.pose_inputs - 1) / survey.duration_s if survey.duration_s else 0.0
        return SourceInfo(
            description=f"recording of {self.recording.header.source} ({self._path})",
            fps=round(rate, 2),
            duration_s=survey.duration_s,
        )

    def _chosen(self, streams: tuple[str, ...]) -> str:
        """Which stream to give."""
        wanted = self._config.stream
        assert self.recording is not None
        if not wanted and len(streams) < 2:
            return self.recording.header.stream
        if wanted not in streams:
            what = f"no stream '{wanted}'" if wanted else "several streams"
            raise RecordingError(
                f"{self._path}: holds {what}: name one of {', '.join(streams)} as the source "
                "option `stream`"
            )
        return wanted

    def read(self, timeout_s: float) -> PoseSample | None:
        """See `Source.read`.

        Raises:
            EndOfStream: All samples have been given.
            RecordingError: The file changed under the reader.
        """
        if self._pending is None:
            self._pending = next(self._samples, None)
            if self._pending is None:
                self._state = "ended"
                raise EndOfStream
            self._pace.next(self._pending.capture_ns)
        if not self._pace.wait(self._closed, timeout_s):
            return None
        sample, self._pending = self._pending, None
        return sample

    def status(self) -> SourceStatus:
        """See `Source.status`."""
        return SourceStatus(self._state)

    def drops(self) -> dict[str, int]:
        """See `Source.drops`: nothing is left out."""
        return {}

    def close(self) -> None:
        """See `Source.close`."""
        self._closed.set()
        self._samples = iter(())
        self._pending = None


class _Pace:
    """When the next sample is due, from the steps between capture times."""

    def __init__(self, clock: Clock, speed: float) -> None:
        self._clock = clock
        self._speed = speed
        self._due_ns = clock.now_ns()
        self._capture_ns: int | None = None

    def next(self, capture_ns: int) -> None:
        """Move on to a sample; time that jumps back between epochs costs nothing."""
        if self._capture_ns is not None and self._speed:
            step_ns = max(0, capture_ns - self._capture_ns)
            self._due_ns += round(step_ns / self._speed)
        self._capture_ns = capture_ns

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        """Whether the sample is due; waits for it up to `timeout_s`."""
        left_s = (self._due_ns - self._clock.now_ns()) / NS_PER_S
        if left_s <= 0:
            return True
        self._clock.wait(stop, min(left_s, timeout_s))
        return self._clock.now_ns() >= self._due_ns and not stop.is_set()

"""The threads of one stream, from its source to its lane into the recogniser."""

import math
import threading

from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.core.pose_check import checked
from engine.errors import EndOfStream, FidgetError
from engine.frames import Frame
from engine.poses import PoseSample
from engine.runtime.channels import Channel, Closed, Policy
from engine.runtime.edges import CAPTURE_POSE, POSE_RECOGNISE
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import StreamParts
from engine.runtime.worker import Failure, Worker

JOIN_TIMEOUT_S = 5.0
_READ_TIMEOUT_S = 0.2
_LANE_CAPACITY = 8


class StreamInput:
    """Reads a source, estimates poses, and puts the samples where the recogniser takes them.

    Args:
        parts: Of the stream.
        lanes: Gets a lane for the stream.
        clock: Time.
        latencies: Gets `decode` and `pose`.
        failure: Gets the first error of these threads.
        suffix: Put after the names of the stages when there are several streams.
    """

    def __init__(
        self,
        parts: StreamParts,
        lanes: Lanes[PoseSample],
        *,
        clock: Clock,
        latencies: StageLatencies,
        failure: Failure,
        suffix: str = "",
    ) -> None:
        self.parts = parts
        self.frames_in = 0
        self.samples_out = 0
        self.epoch = 0
        self._source = parts.source
        self._pose = parts.pose
        self._clock = clock
        self._latencies = latencies
        self._failure = failure
        self._stop = threading.Event()
        live = parts.source.live
        self.frames: Channel[Frame] = Channel(
            CAPTURE_POSE,
            Policy.LATEST if live else Policy.BLOCK,
            on_drop=lambda _: parts.drops.add(CAPTURE_POSE, "overload"),
        )
        self.samples = lanes.open(
            parts.config.name,
            POSE_RECOGNISE,
            Policy.DROP_OLDEST if live else Policy.BLOCK,
            _LANE_CAPACITY,
            self._on_sample_dropped,
        )
        self._workers = self._make_workers(suffix)

    def start(self) -> None:
        """Begin."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Ask for an orderly end. Any thread."""
        self._stop.set()

    @property
    def ended(self) -> bool:
        """Whether all of its threads have run to their end."""
        return all(worker.ended for worker in self._workers)

    def end(self) -> None:
        """Stop, wait, and free the source. A thread that does not come back is left behind."""
        self.stop()
        for worker in self._workers:
            if not worker.join(JOIN_TIMEOUT_S):
                self._failure.keep(
                    worker.name,
                    FidgetError(f"still busy {JOIN_TIMEOUT_S:g} s after it was told to stop"),
                )
                self._close_channels()
        self._source.close()
        self.parts.close()

    def _make_workers(self, suffix: str) -> list[Worker]:
        if self._pose is None:
            stages = [("source", self._read_samples, self.samples.close)]
        else:
            # A stage that ends also closes its input: a sender must not wait for nobody.
            stages = [
                ("capture", self._capture, self.frames.close),
                ("pose", self._estimate, self._close_channels),
            ]
        return [Worker(name + suffix, body, done, self._failure) for name, body, done in stages]

    def _close_channels(self) -> None:
        self.frames.close()
        self.samples.close()

    def _read(self) -> Frame | PoseSample | None:
        """The next item of the source, None if there is none now.

        Raises:
            Closed: There will be no more.
        """
        if self._stop.is_set():
            raise Closed("source")
        try:
            item: Frame | PoseSample | None = self._source.read(_READ_TIMEOUT_S)
        except EndOfStream:
            raise Closed("source") from None
        if item is not None:
            self.frames_in += 1
        return item

    def _capture(self) -> None:
        try:
            while True:
                frame = self._read()
                if isinstance(frame, Frame):
                    self.frames.put(frame)
        except Closed:
            return

    def _read_samples(self) -> None:
        try:
            while True:
                sample = self._read()
                if isinstance(sample, PoseSample):
                    self._give(checked(sample))
        except Closed:
            return

    def _estimate(self) -> None:
        wait_s = self.parts.config.no_frame_after_s if self._source.live else None
        try:
            while True:
                frame = self.frames.get(wait_s)
                sample = self._no_frame() if frame is None else self._sample_of(frame)
                if sample is not None:
                    self._give(sample)
        except Closed:
            return

    def _no_frame(self) -> PoseSample:
        assert self._pose is not None
        return self._pose.no_frame(self._clock.now_ns())

    def _sample_of(self, frame: Frame) -> PoseSample | None:
        assert self._pose is not None
        if self._source.live and self._too_old(frame):
            return self._no_frame() if self._is_silent() else None
        self._latencies.add("decode", frame.decode_ms)
        sample = self._pose.step(frame)
        self._latencies.add("pose", sample.pose_ms)
        return sample

    def _too_old(self, frame: Frame) -> bool:
        """Whether a live frame is past its age budget or older than what was said already."""
        assert self._pose is not None
        age_ms = (self._clock.now_ns() - frame.capture_ns) / NS_PER_MS
        if age_ms > self.parts.config.age_budget_ms:
            self.parts.drops.add(CAPTURE_POSE, "stale")
            return True
        if self._pose.last_ns is not None and frame.capture_ns <= self._pose.last_ns:
            self.parts.drops.add(CAPTURE_POSE, "late")
            return True
        return False

    def _is_silent(self) -> bool:
        """Whether nothing was said for so long that frames which are all too old must be told."""
        assert self._pose is not None
        last_ns = self._pose.last_ns
        quiet_s = math.inf if last_ns is None else (self._clock.now_ns() - last_ns) / NS_PER_S
        return quiet_s >= self.parts.config.no_frame_after_s

    def _give(self, sample: PoseSample) -> None:
        self.samples_out += 1
        self.epoch = sample.epoch
        if self.parts.tap:
            self.parts.tap.sample(sample)
        self.samples.put(sample)

    def _on_sample_dropped(self, sample: PoseSample) -> None:
        self.parts.drops.add(POSE_RECOGNISE, "overload")
        if self.parts.tap:
            self.parts.tap.dropped(POSE_RECOGNISE, "overload", sample)

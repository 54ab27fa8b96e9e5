"""The threads of one stream, from its source to its lane into the recogniser."""

import threading

from engine.clock import Clock
from engine.core.pose_check import checked
from engine.errors import EndOfStream, FidgetError
from engine.frames import Frame
from engine.poses import NO_FRAME, PoseSample
from engine.runtime.channels import Channel, Closed, Policy
from engine.runtime.edges import CAPTURE_POSE, POSE_RECOGNISE
from engine.runtime.governor.governor import LATE_RESULT
from engine.runtime.lanes import Lanes
from engine.runtime.latency import StageLatencies
from engine.runtime.live_pose import LivePose, Posed
from engine.runtime.ports import Counts, StreamParts
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

    Raises:
        ValueError: A live stream of frames comes without a governor.
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
            lambda sample: parts.lose(sample, "overload"),
        )
        self._live = self._live_pose()
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

    def counts(self, behind: dict[str, int], abstained: tuple[str, ...]) -> Counts:
        """How far the stream has come. Any thread.

        Args:
            behind: Channel behind these threads to items waiting in it.
            abstained: Slugs of the classes that the view does not support now.
        """
        parts, governor = self.parts, self.parts.governor
        own = {channel.name: len(channel) for channel in (self.frames, self.samples)}
        return Counts(
            status=parts.source.status(),
            frames_in=self.frames_in,
            samples_out=self.samples_out,
            epoch=self.epoch,
            queued=own | behind,
            drops=parts.drops.totals(),
            governor=governor.status(self._clock.now_ns()) if governor else None,
            abstained=abstained,
        )

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
        if self.parts.pose is None:
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
                if self._live is not None:
                    self._take_live(self._live, frame)
                elif frame is not None:
                    self._take(frame)
        except Closed:
            return

    def _take(self, frame: Frame) -> None:
        """A frame of a file: every one is used."""
        assert self.parts.pose is not None
        sample = self.parts.pose.step(frame)
        self._measure(frame, sample)
        self._give(sample)

    def _take_live(self, live: LivePose, frame: Frame | None) -> None:
        posed = Posed(live.no_frame()) if frame is None else live.step(frame)
        if posed is None:
            return
        (sample,) = posed.samples
        if frame is not None and sample.reason != NO_FRAME:
            self._measure(frame, sample)
        self._give(sample, late=posed.late)

    def _measure(self, frame: Frame, sample: PoseSample) -> None:
        self._latencies.add("decode", frame.decode_ms)
        self._latencies.add("pose", sample.pose_ms)

    def _live_pose(self) -> LivePose | None:
        """Around the pose stage of a live stream; None for others."""
        parts = self.parts
        if parts.pose is None or not parts.source.live:
            return None
        if parts.governed is None:
            raise ValueError(f"the live stream '{parts.config.name}' has no governor")
        return LivePose(
            parts.config,
            parts.pose,
            parts.governed,
            clock=self._clock,
            drops=parts.drops,
        )

    def _give(self, sample: PoseSample, *, late: bool = False) -> None:
        self.samples_out += 1
        self.epoch = sample.epoch
        if self.parts.tap:
            self.parts.tap.sample(sample)
        if late:
            self.parts.lose(sample, LATE_RESULT)
        else:
            self.samples.put(sample)

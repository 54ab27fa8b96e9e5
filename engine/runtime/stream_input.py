"""The threads of one input, from its source to its streams' lanes into the recogniser."""

import threading
from collections.abc import Callable, Sequence

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
from engine.runtime.ports import Counts, CountsOf, InputParts, StreamParts
from engine.runtime.worker import Failure, Worker

JOIN_TIMEOUT_S = 5.0
_READ_TIMEOUT_S = 0.2
_LANE_CAPACITY = 8


class StreamInput:
    """Reads a source, estimates poses, and puts the samples where the recogniser takes them.

    Args:
        parts: Of the input.
        lanes: Gets a lane for each of its streams.
        clock: Time.
        latencies: Gets `decode` and `pose`.
        failure: Gets the first error of these threads.
        suffix: Put after the names of the stages when there are several inputs.

    Raises:
        ValueError: A live input of frames comes without a governor, or there are not as many
            streams as slots.
    """

    def __init__(
        self,
        parts: InputParts,
        lanes: Lanes[PoseSample],
        *,
        clock: Clock,
        latencies: StageLatencies,
        failure: Failure,
        suffix: str = "",
    ) -> None:
        slots = parts.pose.most if parts.pose else 1
        if len(parts.streams) != slots:
            raise ValueError(f"expected {slots} streams, one a slot, got {len(parts.streams)}")
        self.parts = parts
        self._frames_in = 0
        self._samples_out = 0
        self._epochs = [0] * slots
        self._source = parts.source
        self._clock = clock
        self._latencies = latencies
        self._failure = failure
        self._stop = threading.Event()
        self._frames: Channel[Frame] = Channel(
            CAPTURE_POSE,
            Policy.LATEST if parts.source.live else Policy.BLOCK,
            on_drop=lambda _: parts.main.drops.add(CAPTURE_POSE, "overload"),
        )
        self._lanes = [self._lane(lanes, stream) for stream in parts.streams]
        self._live = self._live_pose()
        self._workers = self._make_workers(suffix)

    def start(self) -> None:
        """Begin."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Ask for an orderly end. Any thread."""
        self._stop.set()

    def close_lanes(self) -> None:
        """Nobody reads what is given any more. Any thread."""
        for lane in self._lanes:
            lane.close()

    @property
    def ended(self) -> bool:
        """Whether all of its threads have run to their end."""
        return all(worker.ended for worker in self._workers)

    def counts(
        self, behind: dict[str, int], abstained: Callable[[str], tuple[str, ...]]
    ) -> CountsOf:
        """How far each stream has come. Any thread.

        Args:
            behind: Channel behind these threads to items waiting in it.
            abstained: Gives the classes that the view of a stream does not support now.
        """
        governor = self.parts.governor
        status = self._source.status()
        governed = governor.status(self._clock.now_ns()) if governor else None
        return {
            stream.name: Counts(
                status=status,
                frames_in=self._frames_in if stream is self.parts.main else 0,
                samples_out=self._samples_out,
                epoch=epoch,
                queued=self._queued(stream, lane) | behind,
                drops=stream.drops.totals(),
                governor=governed,
                abstained=abstained(stream.name),
            )
            for stream, lane, epoch in zip(
                self.parts.streams, self._lanes, self._epochs, strict=True
            )
        }

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

    def _lane(self, lanes: Lanes[PoseSample], stream: StreamParts) -> Channel[PoseSample]:
        return lanes.open(
            stream.name,
            POSE_RECOGNISE,
            Policy.DROP_OLDEST if self._source.live else Policy.BLOCK,
            _LANE_CAPACITY,
            lambda sample: stream.lose(sample, "overload"),
        )

    def _queued(self, stream: StreamParts, lane: Channel[PoseSample]) -> dict[str, int]:
        frames = {self._frames.name: len(self._frames)} if stream is self.parts.main else {}
        return frames | {lane.name: len(lane)}

    def _make_workers(self, suffix: str) -> list[Worker]:
        if self.parts.pose is None:
            stages = [("source", self._read_samples, self.close_lanes)]
        else:
            # A stage that ends also closes its input: a sender must not wait for nobody.
            stages = [
                ("capture", self._capture, self._frames.close),
                ("pose", self._estimate, self._close_channels),
            ]
        return [Worker(name + suffix, body, done, self._failure) for name, body, done in stages]

    def _close_channels(self) -> None:
        self._frames.close()
        self.close_lanes()

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
            self._frames_in += 1
        return item

    def _capture(self) -> None:
        try:
            while True:
                frame = self._read()
                if isinstance(frame, Frame):
                    self._frames.put(frame)
        except Closed:
            return

    def _read_samples(self) -> None:
        try:
            while True:
                sample = self._read()
                if isinstance(sample, PoseSample):
                    self._give((checked(sample),))
        except Closed:
            return

    def _estimate(self) -> None:
        wait_s = self.parts.config.no_frame_after_s if self._source.live else None
        try:
            while True:
                frame = self._frames.get(wait_s)
                if self._live is not None:
                    self._take_live(self._live, frame)
                elif frame is not None:
                    self._take(frame)
        except Closed:
            return

    def _take(self, frame: Frame) -> None:
        """A frame of a file: every one is used."""
        assert self.parts.pose is not None
        samples = self.parts.pose.step_all(frame)
        self._measure(frame, samples)
        self._give(samples)

    def _take_live(self, live: LivePose, frame: Frame | None) -> None:
        posed = Posed(live.no_frame()) if frame is None else live.step(frame)
        if posed is None:
            return
        if frame is not None and posed.samples[0].reason != NO_FRAME:
            self._measure(frame, posed.samples)
        self._give(posed.samples, late=posed.late)

    def _measure(self, frame: Frame, samples: Sequence[PoseSample]) -> None:
        self._latencies.add("decode", frame.decode_ms)
        self._latencies.add("pose", samples[0].pose_ms)

    def _live_pose(self) -> LivePose | None:
        """Around the pose stage of a live input; None for others."""
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
            drops=parts.main.drops,
        )

    def _give(self, samples: Sequence[PoseSample], *, late: bool = False) -> None:
        """One a stream."""
        self._samples_out += 1
        self._epochs = [sample.epoch for sample in samples]
        for stream, lane, sample in zip(self.parts.streams, self._lanes, samples, strict=True):
            if stream.tap:
                stream.tap.sample(sample)
            if late:
                stream.lose(sample, LATE_RESULT)
            else:
                lane.put(sample)

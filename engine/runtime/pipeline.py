"""The live path: one thread a stage, supervised from the caller's thread.

::

    capture ──▶ pose ──▶ recognise ──▶ publish
        LATEST     DROP_OLDEST(8)  DROP_OLDEST(64)      a live source
        BLOCK      BLOCK           BLOCK                a file or recording

A source of poses skips the pose stage. When a source ends or `stop` is called, each stage finishes
what it has and closes its output, so that end events leave last. The first error of any stage
stops everything in the same order and is raised by `run`.
"""

import logging
import math
import threading
from collections.abc import Callable
from typing import Any

from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.config import StreamConfig
from engine.contracts import Source
from engine.core.pose_check import checked
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import EndOfStream, FidgetError, Interrupted
from engine.frames import Frame
from engine.poses import NO_FRAME, PoseSample
from engine.runtime.channels import Channel, Closed, Policy
from engine.runtime.drops import DropLedger
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import Counts, Outgoing, Outlet, PoseTap
from engine.runtime.worker import Failure, Worker

logger = logging.getLogger(__name__)

CAPTURE_POSE = "capture-pose"
POSE_RECOGNISE = "pose-recognise"
RECOGNISE_PUBLISH = "recognise-publish"

_READ_TIMEOUT_S = 0.2
_INTERRUPT_CHECK_S = 0.1
_JOIN_TIMEOUT_S = 5.0
_HEALTH_EVERY_NS = NS_PER_S


class Pipeline:
    """Threads and channels around one stream.

    Args:
        config: Name and bounds of the stream.
        source: Open.
        pose: None for a source of poses.
        core: The stream's core.
        outlet: Where everything goes.
        clock: Time.
        latencies: Gets the stages' figures.
        drops: Gets the edges' drops.
        tap: A recorder of pose samples, if any.
    """

    def __init__(
        self,
        *,
        config: StreamConfig,
        source: Source[Any],
        pose: PoseStage | None,
        core: StreamCore,
        outlet: Outlet,
        clock: Clock,
        latencies: StageLatencies,
        drops: DropLedger,
        tap: PoseTap | None = None,
    ) -> None:
        self._config = config
        self._source = source
        self._pose = pose
        self._core = core
        self._outlet = outlet
        self._clock = clock
        self._latencies = latencies
        self._drops = drops
        self._tap = tap
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._failure = Failure()
        self._exit_code = 0
        self._frames_in = 0
        self._samples_out = 0
        self._epoch = 0
        self._frames: Channel[Frame] = self._channel(CAPTURE_POSE, Policy.LATEST, 1)
        self._samples: Channel[PoseSample] = self._channel(
            POSE_RECOGNISE, Policy.DROP_OLDEST, 8, self._on_sample_dropped
        )
        # Poses are many and each is soon outdated: events outlive them under overload.
        self._outgoing: Channel[Outgoing] = self._channel(
            RECOGNISE_PUBLISH, Policy.DROP_OLDEST, 64, sheds_first=_is_pose
        )
        self._workers = self._make_workers()

    def counts(self) -> Counts:
        """How far it has come. Any thread."""
        channels = (self._frames, self._samples, self._outgoing)
        queued = {channel.name: len(channel) for channel in channels}
        return Counts(self._frames_in, self._samples_out, self._epoch, queued, self._core.abstained)

    def run(
        self, duration_s: float | None = None, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        """Run until the source ends, the time is over, somebody asks for an end, or a stage fails.

        Args:
            duration_s: None is without end.
            interrupted: Asked several times a second. A signal handler sets what it reads: it
                must not call `stop`, whose lock the interrupted thread may hold.

        Raises:
            StageFailed: The first error of any stage.
        """
        for worker in self._workers:
            worker.start()
        try:
            self._wait(duration_s, interrupted)
        finally:
            self._shut_down()
        self._failure.raise_first()

    def _wait(self, duration_s: float | None, interrupted: Callable[[], bool]) -> None:
        end_ns = self._clock.now_ns() + round((duration_s or 0.0) * NS_PER_S)
        while not self._wake.is_set():
            left_s = _INTERRUPT_CHECK_S
            if duration_s is not None:
                left_s = min(left_s, (end_ns - self._clock.now_ns()) / NS_PER_S)
            if interrupted():
                self._exit_code = Interrupted.exit_code
                return
            if left_s <= 0:
                return
            self._clock.wait(self._wake, left_s)

    def stop(self) -> None:
        """Ask for an orderly end. Any thread; not from a signal handler, see `run`."""
        self._stop.set()
        self._wake.set()

    def publish(self, kind: str, body: Any) -> None:
        """Send a message of the session itself (`log`) through the publish stage. Any thread.

        It never waits, for the publish thread itself may be the one that has something to say;
        a message that finds no room is dropped and counted.
        """
        now_ns = self._clock.now_ns()
        if not self._outgoing.offer(Outgoing(kind, body, self._epoch, now_ns, now_ns)):
            self._drops.add(RECOGNISE_PUBLISH, kind)

    def _channel(
        self,
        name: str,
        live_policy: Policy,
        capacity: int,
        on_drop: Callable[[Any], None] | None = None,
        **options: Any,
    ) -> Channel[Any]:
        policy = live_policy if self._source.live else Policy.BLOCK
        count = on_drop or (lambda _: self._drops.add(name, "overload"))
        return Channel(name, policy, capacity, count, **options)

    def _make_workers(self) -> list[Worker]:
        if self._pose is None:
            first = [("source", self._read_samples, self._samples.close)]
        else:
            first = [
                ("capture", self._capture, self._frames.close),
                ("pose", self._estimate, self._close_around_pose),
            ]
        stages = [
            *first,
            ("recognise", self._recognise, self._close_around_recognise),
            ("publish", self._publish, self._close_after_publish),
        ]
        return [Worker(name, body, on_exit, self._failure) for name, body, on_exit in stages]

    # A stage that ends also closes its input: a sender must not wait for a reader that is gone.

    def _close_around_pose(self) -> None:
        self._frames.close()
        self._samples.close()

    def _close_around_recognise(self) -> None:
        self._samples.close()
        self._outgoing.close()

    def _close_after_publish(self) -> None:
        self._outgoing.close()
        self._wake.set()

    def _shut_down(self) -> None:
        self._stop.set()
        for worker in self._workers:
            if worker.join(_JOIN_TIMEOUT_S):
                continue
            self._failure.keep(
                worker.name,
                FidgetError(f"still busy {_JOIN_TIMEOUT_S:g} s after it was told to stop"),
            )
            self._abandon(worker)
        self._source.close()

    def _abandon(self, worker: Worker) -> None:
        """Go on without a stage that does not return: close what it would have closed."""
        {
            "source": self._samples.close,
            "capture": self._frames.close,
            "pose": self._close_around_pose,
            "recognise": self._close_around_recognise,
            "publish": self._close_after_publish,
        }[worker.name]()

    def _read(self) -> Any:
        """The next item of the source, None if there is none now.

        Raises:
            Closed: There will be no more.
        """
        if self._stop.is_set() or self._failure.happened.is_set():
            raise Closed("source")
        try:
            item = self._source.read(_READ_TIMEOUT_S)
        except EndOfStream:
            raise Closed("source") from None
        if item is not None:
            self._frames_in += 1
        return item

    def _capture(self) -> None:
        try:
            while True:
                frame = self._read()
                if frame is not None:
                    self._frames.put(frame)
        except Closed:
            return

    def _read_samples(self) -> None:
        try:
            while True:
                sample = self._read()
                if sample is not None:
                    self._give_sample(checked(sample))
        except Closed:
            return

    def _estimate(self) -> None:
        wait_s = self._config.no_frame_after_s if self._source.live else None
        try:
            while True:
                frame = self._frames.get(wait_s)
                sample = self._no_frame() if frame is None else self._sample_of(frame)
                if sample is not None:
                    self._give_sample(sample)
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
        if age_ms > self._config.age_budget_ms:
            self._drops.add(CAPTURE_POSE, "stale")
            return True
        if self._pose.last_ns is not None and frame.capture_ns <= self._pose.last_ns:
            self._drops.add(CAPTURE_POSE, "late")
            return True
        return False

    def _is_silent(self) -> bool:
        """Whether nothing was said for so long that frames which are all too old must be told."""
        assert self._pose is not None
        last_ns = self._pose.last_ns
        quiet_s = math.inf if last_ns is None else (self._clock.now_ns() - last_ns) / NS_PER_S
        return quiet_s >= self._config.no_frame_after_s

    def _give_sample(self, sample: PoseSample) -> None:
        self._samples_out += 1
        self._epoch = sample.epoch
        if self._tap:
            self._tap.sample(sample)
        self._samples.put(sample)

    def _on_sample_dropped(self, sample: PoseSample) -> None:
        self._drops.add(POSE_RECOGNISE, "overload")
        if self._tap:
            self._tap.dropped(POSE_RECOGNISE, "overload", sample)

    def _recognise(self) -> None:
        try:
            while True:
                sample = self._samples.get()
                if sample is not None:
                    self._step(sample)
        except Closed:
            self._finish()
        except BaseException:
            self._finish()
            raise

    def _finish(self) -> None:
        try:
            self._give(self._core.finish())
        except Closed:
            logger.warning("end events were not published: the publish stage is gone")

    def _step(self, sample: PoseSample) -> None:
        start_ns = self._clock.now_ns()
        self._outgoing.put(Outgoing("pose", sample, sample.epoch, sample.capture_ns, start_ns))
        decisions = self._core.step(sample)
        self._latencies.add("recognise", (self._clock.now_ns() - start_ns) / NS_PER_MS)
        self._give(decisions)

    def _count_latency(self, item: Outgoing) -> None:
        if _is_of_frame(item):
            age_ns = self._clock.now_ns() - item.capture_ns
            self._latencies.add("end_to_end", age_ns / NS_PER_MS)

    def _give(self, decisions: list[Any]) -> None:
        now_ns = self._clock.now_ns()
        for d in decisions:
            self._outgoing.put(Outgoing(d.kind, d.body, d.epoch, d.capture_ns, now_ns))

    def _publish(self) -> None:
        self._outlet.open()
        next_health_ns = self._clock.now_ns()
        try:
            while True:
                now_ns = self._clock.now_ns()
                if now_ns >= next_health_ns:
                    self._outlet.health(self.counts())
                    next_health_ns = max(next_health_ns + _HEALTH_EVERY_NS, now_ns)
                item = self._outgoing.get((next_health_ns - now_ns) / NS_PER_S)
                if item is not None:
                    self._outlet.put(item)
                    self._count_latency(item)
        except Closed:
            return
        except BaseException as error:
            self._failure.keep("publish", error)  # before the outlet tells the exit code
            raise
        finally:
            self._outlet.close(self.counts(), self._failure.exit_code or self._exit_code)


def _is_of_frame(item: Outgoing) -> bool:
    return _is_pose(item) and item.body.reason != NO_FRAME


def _is_pose(item: Outgoing) -> bool:
    return item.kind == "pose"

"""`run`: a source live, shown, published and recorded."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from msgspec.structs import replace
from rich.console import Console

from engine.clock import Clock
from engine.commands import assembly
from engine.commands.interrupts import interrupted
from engine.commands.membership import Membership
from engine.commands.opening import OpenStream, StreamOpener, rows_of
from engine.commands.outlet import RunOutlet, on_feed
from engine.commands.parts import PartsMaker
from engine.commands.promise import Promise
from engine.commands.recording_to import recorder_into, recording_code, refuse_to_replace
from engine.commands.session import Session, session_of
from engine.commands.stream_list import StreamList
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import Sink, StepModel
from engine.core.batch import StepBatch
from engine.emotion_weights import FittedWeights
from engine.errors import Interrupted
from engine.runtime.drops import SessionDrops
from engine.runtime.health import HealthReporter
from engine.runtime.interpreter import settled
from engine.runtime.latency import StageLatencies
from engine.runtime.pipeline import Pipeline
from engine.runtime.ports import InputParts
from engine.runtime.sink_runner import SinkRunner
from engine.wire.encoder import MessageEncoder
from engine.wire.publisher import Publisher
from engine.wire.recorder import Recorder


class LiveRun:
    """One session.

    Args:
        config: The configuration.
        clock: Time.
        console: For a person.
        sample: Recording that `auto` plays when there is no camera.
        sinks: Name to what makes a sink, which gets every message and is closed at the end.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        console: Console,
        *,
        sample: Path,
        sinks: Mapping[str, Callable[[], Sink]],
    ) -> None:
        self._sinks = sinks
        self._config = config
        self._clock = clock
        self._console = console
        self._opener = StreamOpener(clock, console, sample)
        self._latencies = StageLatencies()
        self._drops = SessionDrops()
        self._interrupted = False

    def run(
        self,
        *,
        record: Path | None,
        overwrite: bool,
        duration_s: float | None,
        config_file: Path | None = None,
    ) -> int:
        """Run until all sources end, the time is over or the user interrupts.

        Args:
            record: File to record into, if any.
            overwrite: Replace it if it exists.
            duration_s: None is without end.
            config_file: Where the configuration is from: if it lists streams, they are added and
                removed as the file says while the session runs.

        Returns:
            0, or 130 if interrupted.

        Raises:
            FidgetError: What could not be opened, or the first stage that failed.
        """
        configs = self._config.of_streams()
        fitted = assembly.make_weights(self._config)
        if record is not None and record.exists():
            refuse_to_replace(record, [config.source.use for config in configs])
        with ExitStack() as stack:
            publisher = self._publisher(stack)
            streams = [self._open(stack, config) for config in configs]
            model = stack.enter_context(self._model(streams))
            session = session_of(self._config, streams, model, self._clock.pair(), fitted)
            promise = Promise(self._config, session.info)
            recorder = self._recorder(stack, record, overwrite, session, streams, fitted)
            self._greet(session, publisher, record, promise)
            batch = StepBatch(model, rows_of(streams))
            maker = PartsMaker(
                model=model,
                batch=batch,
                recorder=recorder,
                promise=promise,
                drops=self._drops,
                clock=self._clock,
                fitted=fitted,
            )
            outlet = self._outlet(session, model, publisher, recorder)
            pipeline = self._pipeline([maker.parts(stream) for stream in streams], batch, outlet)
            membership = Membership(
                pipeline, configs, self._opened, maker.parts, partial(tell, self._console)
            )
            with on_feed(pipeline.publish), self._signals(), settled():
                pipeline.run(
                    duration_s,
                    interrupted=lambda: self._interrupted or interrupted(),
                    attend=self._attending(membership, config_file),
                )
            self._say_goodbye(pipeline)
        if self._interrupted or interrupted():
            return Interrupted.exit_code
        return recording_code(recorder, self._console)

    def _pipeline(self, inputs: list[InputParts], batch: StepBatch, outlet: RunOutlet) -> Pipeline:
        return Pipeline(
            inputs=inputs,
            batch=batch,
            outlet=outlet,
            clock=self._clock,
            latencies=self._latencies,
            drops=self._drops.shared,
            window_ms=self._config.batch.window_ms,
        )

    def _attending(self, membership: Membership, config_file: Path | None) -> Callable[[], None]:
        if config_file is None or not self._config.streams:
            return lambda: None
        listed = StreamList(config_file, self._clock)

        def attend() -> None:
            wanted = listed.changed()
            if wanted is not None:
                membership.want(replace(self._config, streams=wanted).of_streams())
            membership.attend()

        return attend

    def _open(self, stack: ExitStack, config: Config) -> OpenStream:
        """A stream of the start, closed also if the pipeline never comes to own it."""
        stream = self._opened(config)
        stack.callback(stream.source.close)
        stack.push(stream.resources)
        return stream

    def _opened(self, config: Config) -> OpenStream:
        stream = self._opener.open(config)
        self._drops.of(stream.name).watch("source", stream.source.drops)
        return stream

    @contextmanager
    def _model(self, streams: list[OpenStream]) -> Iterator[StepModel]:
        """The recogniser, with room for all; each person's rates must be counted by it."""
        rows = rows_of(streams)
        person = streams[0].person if rows == 1 else None
        with assembly.recognizer(self._config, person, (rows,), live=True) as model:
            for stream in streams:
                assembly.check_person(stream.config, stream.person, model)
            yield model

    def _publisher(self, stack: ExitStack) -> Publisher | None:
        feed = self._config.feed
        return stack.enter_context(Publisher(feed)) if feed.enabled else None

    def _recorder(
        self,
        stack: ExitStack,
        path: Path | None,
        overwrite: bool,
        session: Session,
        streams: list[OpenStream],
        fitted: FittedWeights | None,
    ) -> Recorder | None:
        if path is None:
            return None
        recorder = recorder_into(
            path, self._config, session, streams,
            clock=self._clock, overwrite=overwrite, fitted=fitted,
        )  # fmt: skip
        stack.callback(recorder.close)
        return recorder

    def _outlet(
        self,
        session: Session,
        model: StepModel,
        publisher: Publisher | None,
        recorder: Recorder | None,
    ) -> RunOutlet:
        deadline_ms = self._config.stream.deadline_ms
        return RunOutlet(
            encoder=MessageEncoder(session.id, self._clock, deadline_ms, self._drops.totals),
            publisher=publisher,
            recorder=recorder,
            sinks=[SinkRunner(n, make(), self._drops.shared) for n, make in self._sinks.items()],
            health=HealthReporter(self._latencies, self._drops, self._clock, model),
            session=session.info,
            clock=self._clock,
        )

    def _greet(
        self,
        session: Session,
        publisher: Publisher | None,
        record: Path | None,
        promise: Promise,
    ) -> None:
        lines = [f"Watching {session.info.source}"]
        if publisher:
            lines.append(f"Publishing at {publisher.endpoint}")
        if record:
            lines.append(f"Recording to {record}")
        if self._config.emotion.weights and session.info.emotion:
            lines.append(f"Emotion by the weights of {session.info.emotion_weights}")
        if promise.text:
            lines.append(f"Promised: {promise.text}")
        for line in lines:
            tell(self._console, line)

    def _say_goodbye(self, pipeline: Pipeline) -> None:
        each, latency = pipeline.counts().values(), self._latencies.summary().get("end_to_end")
        dropped = {edge: sum(causes.values()) for edge, causes in self._drops.totals().items()}
        frames, poses = sum(n.frames_in for n in each), sum(n.samples_out for n in each)
        text = f"{frames} frames, {poses} poses, dropped: {dropped or 0}"
        if latency:
            text += f"; capture to publish p50 {latency.p50:.1f}, p99 {latency.p99:.1f} ms"
        tell(self._console, text)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first Ctrl-C ends in order; a second one does not wait."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            if self._interrupted:
                raise KeyboardInterrupt
            self._interrupted = True

        before = {number: signal.signal(number, stop) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

"""`run`: a source live, shown, published and recorded."""

import logging
import secrets
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from engine import registry
from engine.clock import NS_PER_S, Clock, ClockPair
from engine.commands import assembly
from engine.commands.interrupts import interrupted
from engine.commands.outlet import FeedLogHandler, RecorderTap, RunOutlet
from engine.commands.source_spec import resolve
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import Source, SourceInfo, StepModel
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import Interrupted, RecordingError, SourceError, UsageError
from engine.messages import SessionInfo
from engine.person import PersonCalibration
from engine.redaction import redact
from engine.runtime.drops import DropLedger
from engine.runtime.health import HealthReporter
from engine.runtime.latency import StageLatencies
from engine.runtime.pacing import PacedSource
from engine.runtime.pipeline import Pipeline
from engine.runtime.sink_runner import SinkRunner
from engine.wire.encoder import MessageEncoder
from engine.wire.publisher import Publisher
from engine.wire.record_stream import MAGIC
from engine.wire.recorder import Recorder
from engine.wire.records import make_header

_AUTO = "auto"
_CAMERAS_TRIED = 4


class LiveRun:
    """One session.

    Args:
        config: The configuration.
        clock: Time.
        console: For a person.
        sample: Recording that `auto` plays when there is no camera.
    """

    def __init__(self, config: Config, clock: Clock, console: Console, *, sample: Path) -> None:
        self._config = config
        self._clock = clock
        self._console = console
        self._sample = sample
        self._latencies = StageLatencies()
        self._drops = DropLedger()
        self._interrupted = False

    def run(self, *, record: Path | None, overwrite: bool, duration_s: float | None) -> int:
        """Run until the source ends, the time is over or the user interrupts.

        Args:
            record: File to record into, if any.
            overwrite: Replace it if it exists.
            duration_s: None is without end.

        Returns:
            0, or 130 if interrupted.

        Raises:
            FidgetError: What could not be opened, or the first stage that failed.
        """
        if record is not None and record.exists():
            _refuse_to_replace(record, self._config.source.use)
        with ExitStack() as stack:
            person = assembly.make_person(self._config, self._clock)
            publisher = self._publisher(stack)
            source, info = self._open_source(stack)
            model = stack.enter_context(assembly.recognizer(self._config, person))
            pose = self._pose_stage(stack, source)
            session = _session_info(self._config, info, model, self._clock.pair())
            recorder = self._recorder(stack, record, overwrite, session, person)
            self._greet(session, publisher, record)
            pipeline = Pipeline(
                config=self._config.stream,
                source=source,
                pose=pose,
                core=StreamCore(self._config, model, person),
                outlet=self._outlet(source, session, publisher, recorder),
                clock=self._clock,
                latencies=self._latencies,
                drops=self._drops,
                tap=RecorderTap(recorder, self._clock) if recorder else None,
            )
            with _on_feed(pipeline), self._signals():
                pipeline.run(duration_s, interrupted=lambda: self._interrupted or interrupted())
            self._say_goodbye(pipeline)
        if self._interrupted or interrupted():
            return Interrupted.exit_code
        return self._recording_code(recorder)

    def _recording_code(self, recorder: Recorder | None) -> int:
        """A session whose recording failed went on, but a script must be able to see it."""
        if recorder is None or not recorder.state.startswith("failed"):
            return 0
        tell(self._console, f"recording {recorder.state}", "red")
        return RecordingError.exit_code

    def _publisher(self, stack: ExitStack) -> Publisher | None:
        feed = self._config.feed
        return stack.enter_context(Publisher(feed)) if feed.enabled else None

    def _open_source(self, stack: ExitStack) -> tuple[Source[Any], SourceInfo]:
        spec, options = self._config.source.use, self._config.source.options
        if spec == _AUTO:
            return self._open_auto(stack)
        return self._open(stack, spec, options)

    def _open_auto(self, stack: ExitStack) -> tuple[Source[Any], SourceInfo]:
        options = self._config.source.options
        why = ""
        for index in range(_CAMERAS_TRIED):
            try:
                return self._open(stack, str(index), options)
            except SourceError as error:
                why = why or str(error)
        tell(self._console, f"No camera: {why}")
        tell(self._console, f"Playing the shipped sample: {self._sample.name}")
        return self._open(stack, str(self._sample), {})

    def _open(
        self, stack: ExitStack, spec: str, options: dict[str, Any]
    ) -> tuple[Source[Any], SourceInfo]:
        if resolve(spec)[0] == "pattern":
            options = {"live": True, **options}  # the newest picture wins, as with a camera
        source = assembly.make_source(spec, options)
        if not source.live:
            source = PacedSource(source)
        stack.callback(source.close)
        info = source.open(self._clock)
        self._drops.watch("source", source.drops)
        return source, info

    def _pose_stage(self, stack: ExitStack, source: Source[Any]) -> PoseStage | None:
        if source.yields == "poses":
            return None
        return PoseStage(stack.enter_context(assembly.pose_estimator(self._config)))

    def _recorder(
        self,
        stack: ExitStack,
        path: Path | None,
        overwrite: bool,
        session: "_Session",
        person: PersonCalibration | None,
    ) -> Recorder | None:
        if path is None:
            return None
        header = make_header(
            self._config,
            session=session.id,
            source=session.info.source,
            recognizer=f"{session.info.recognizer}@{session.info.model_hash}",
            pair=ClockPair(session.info.monotonic_ns, session.info.wall_ns),
            versions=session.info.versions,
            person=person,
        )
        recorder = Recorder(path, header, clock=self._clock, overwrite=overwrite)
        stack.callback(recorder.close)
        return recorder

    def _outlet(
        self,
        source: Source[Any],
        session: "_Session",
        publisher: Publisher | None,
        recorder: Recorder | None,
    ) -> RunOutlet:
        stream = self._config.stream
        terminal = SinkRunner("terminal", registry.create("sinks", "terminal", {}), self._drops)
        return RunOutlet(
            stream=stream.name,
            encoder=MessageEncoder(session.id, self._clock, stream.deadline_ms, self._drops.totals),
            publisher=publisher,
            recorder=recorder,
            sinks=(terminal,),
            health=HealthReporter(source, self._latencies, self._drops, self._clock),
            session=session.info,
            clock=self._clock,
        )

    def _greet(self, session: "_Session", publisher: Publisher | None, record: Path | None) -> None:
        lines = [f"Watching {session.info.source}"]
        if publisher:
            lines.append(f"Publishing at {publisher.endpoint}")
        if record:
            lines.append(f"Recording to {record}")
        for line in lines:
            tell(self._console, line)

    def _say_goodbye(self, pipeline: Pipeline) -> None:
        counts, latency = pipeline.counts(), self._latencies.summary().get("end_to_end")
        dropped = {edge: sum(causes.values()) for edge, causes in self._drops.totals().items()}
        text = f"{counts.frames_in} frames, {counts.samples_out} poses, dropped: {dropped or 0}"
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


def _refuse_to_replace(record: Path, source: str) -> None:
    """Only a recording may be replaced, and never the one that is being played."""
    if Path(source).exists() and record.samefile(source):
        raise UsageError(f"{record}: is the source itself; record into another file")
    if not record.is_file():
        raise UsageError(f"{record}: expected a file to record into")
    with record.open("rb") as file:
        if file.read(len(MAGIC)) not in (MAGIC, b""):
            raise UsageError(f"{record}: is no recording and is not replaced; name another file")


@dataclass(frozen=True)
class _Session:
    """Id and description of a session."""

    id: str
    info: SessionInfo


def _session_info(
    config: Config, source: SourceInfo, model: StepModel, start: ClockPair
) -> _Session:
    moment = datetime.fromtimestamp(start.wall_ns / NS_PER_S, tz=timezone.utc)
    covered, not_covered = assembly.coverage(model)
    info = SessionInfo(
        state="started",
        monotonic_ns=start.monotonic_ns,
        wall_ns=start.wall_ns,
        source=redact(source.description),
        pose=config.pose.use,
        recognizer=config.recognizer.use,
        model_hash=model.model_hash,
        covered=covered,
        not_covered=not_covered,
        emotion=config.emotion.enabled,
        versions=assembly.versions(),
        exit_code=0,
    )
    return _Session(f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}", info)


@contextmanager
def _on_feed(pipeline: Pipeline) -> Iterator[None]:
    """Warnings and errors of this process go to the feed while it runs."""
    handler = FeedLogHandler(pipeline.publish)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)

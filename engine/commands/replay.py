"""`replay`: a recording through the core again, and the proof that it gives the same events."""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from rich.console import Console

from engine import registry
from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.tell import tell
from engine.config import Config, PluginConfig
from engine.core.batch import StreamGroup
from engine.core.stream import StreamCore
from engine.errors import (
    Interrupted,
    RecordingError,
    ReplayMismatch,
    SourceError,
    UsageError,
)
from engine.messages import SHUTDOWN
from engine.runtime.edges import GIVEN_UP, RECOGNISE
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import SerialStep, run_serial
from engine.serving.choice import AUTO, PROCESSOR
from engine.topics import topic_name
from engine.wire.encoder import MessageEncoder, Wired
from engine.wire.recording import Recording, open_recording
from engine.wire.records import (
    RecordingHeader,
    StreamJoined,
    recorded_config,
    recorded_person,
    recorded_weights,
)
from engine.wire.verify import TIMING_FIELDS, Difference, first_difference


class Replay:
    """One pass of a recording through a fresh core.

    Args:
        path: The recording.
        mode: `lived` or `ideal`.
        speed: Times real time; 0 is as fast as it goes.
        clock: Time.
        config: Other settings than the recorded ones, for recogniser, decoder and emotion; streams
            and persons stay the recorded ones.

    Raises:
        RecordingError: It cannot be read, or its configuration does not fit this version.
        CalibrationError: Emotion weights that `config` names cannot be used.
    """

    def __init__(
        self, path: Path, *, mode: str, speed: float, clock: Clock, config: Config | None = None
    ) -> None:
        self._mode = mode
        self._speed = speed
        self._clock = clock
        self.recording: Recording = open_recording(path)
        header = self.recording.header
        self._config = _reproducible(config or recorded_config(header))
        self._fitted = assembly.make_weights(config) if config else recorded_weights(header)
        self.latencies = StageLatencies()
        self.samples = 0
        self.wall_s = 0.0
        self.recognizer = ""

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the recorded streams."""
        return self.recording.survey.streams or (self.recording.header.stream,)

    @cached_property
    def broke(self) -> int:
        """The exit code of a recorded session whose stages failed, else 0.

        Then samples were recorded that were never decided on. A source that fails leaves none.
        """
        code = 0
        for wired in self.recording.messages(("session",)):
            code = wired.message.body.exit_code
        return 0 if code in (SourceError.exit_code, Interrupted.exit_code) else code

    def messages(self, stream: str) -> Iterator[Wired]:
        """Gesture and emotion messages of a stream, encoded as the recorded session would have."""
        header = self.recording.header
        encoder = MessageEncoder(
            header.session, self._clock, self._config.stream.deadline_ms, lambda _: {}
        )
        joined = self.recording.joined().get(stream) or _alone(header)
        person = recorded_person(joined.person)
        options = {"mode": self._mode, "speed": self._speed, "stream": stream}
        source = registry.create("sources", "recording", options, str(self.recording.path))
        # As live: a recogniser that several streams share knows none of their persons.
        alone = person if joined.rooms[0] == 1 else None
        with assembly.recognizer(self._config, alone, joined.rooms) as model:
            assembly.check_person(self._config, person, model)
            self.recognizer = assembly.identity(self._config, model)
            source.open(self._clock)
            own = StreamCore(
                self._config_of(stream),
                model,
                person,
                row=joined.row,
                fitted=self._fitted,
                given_up=self._given_up(stream),
            )
            core = StreamGroup((own,), model, joined.rooms[-1])
            start_ns = self._clock.now_ns()
            try:
                for step in run_serial(source, None, core, self.latencies):
                    yield from self._encoded(step, encoder, stream)
            finally:
                source.close()
                self.wall_s += (self._clock.now_ns() - start_ns) / NS_PER_S

    def _given_up(self, stream: str) -> frozenset[int]:
        """Instants of the ticks that had no scores, as lived."""
        if self._mode != "lived":
            return frozenset()
        first = self.recording.header.stream
        return frozenset(
            decision.at_ns
            for decision in self.recording.decisions()
            if (decision.edge, decision.cause) == (RECOGNISE, GIVEN_UP)
            and (decision.stream or first) == stream
        )

    def _config_of(self, stream: str) -> Config:
        return replace(self._config, stream=replace(self._config.stream, name=stream))

    def _encoded(self, step: SerialStep, encoder: MessageEncoder, stream: str) -> Iterator[Wired]:
        self.samples += step.sample is not None
        for decision in step.decisions:
            yield encoder.encode(
                decision.kind,
                decision.body,
                stream=stream,
                epoch=decision.epoch,
                capture_ns=decision.capture_ns,
                decided_ns=self._clock.now_ns(),
                degrade_level=decision.degrade_level,
            )


def _reproducible(config: Config) -> Config:
    """With a backend that does not change on the way, whatever was chosen then."""
    if config.backend.use != AUTO:
        return config
    return replace(config, backend=PluginConfig(use=PROCESSOR))


def _alone(header: RecordingHeader) -> StreamJoined:
    """As earlier versions recorded: one stream, which had the recogniser to itself."""
    return StreamJoined(
        stream=header.stream, at_ns=header.monotonic_ns, row=0, rooms=(1,), person=header.person
    )


def replay(
    path: Path,
    *,
    mode: str,
    speed: float,
    verify: bool,
    clock: Clock,
    console: Console,
    config: Config | None = None,
) -> int:
    """Replay, show the events, and compare them if asked to.

    Args:
        path: As for `Replay`; so are `mode`, `speed` and `clock`.
        mode: See there.
        speed: See there.
        verify: Compare the events with the recorded ones.
        clock: See there.
        console: For a person.
        config: As for `Replay`.

    Returns:
        0.

    Raises:
        UsageError: With other settings there is nothing to compare.
        RecordingError: It cannot be read, or is not complete enough to be compared.
        ReplayMismatch: The events are not the recorded ones.
    """
    if verify and config is not None:
        raise UsageError("--verify compares with the recorded settings: leave out --config")
    run = Replay(path, mode=mode, speed=speed, clock=clock, config=config)
    if verify:
        compared = _verify(run)
        until = f", until the session failed with exit code {run.broke}" if run.broke else ""
        _say(
            console, run, f"{compared} messages identical but for {', '.join(TIMING_FIELDS)}{until}"
        )
        return 0
    sink: Any = registry.create("sinks", "terminal", {"style": "lines"})
    count = 0
    for first in islice(run.recording.messages(("pose",)), 1):  # sets the time zero of the lines
        sink.put(first.topic, first.message)
    for stream in run.streams:
        for wired in run.messages(stream):
            sink.put(wired.topic, wired.message)
            count += 1
    sink.close()
    _say(console, run, f"{count} messages")
    return 0


def _verify(run: Replay) -> int:
    survey, header = run.recording.survey, run.recording.header
    if not survey.exact:
        raise RecordingError(
            f"{run.recording.path}: cannot be verified: the recorder lost inputs "
            f"({survey.recorder_lost}), so the same events cannot come out"
        )
    compared, cut = 0, not survey.ended or bool(run.broke)
    for stream in run.streams:
        recorded, replayed = list(_recorded(run, stream)), list(run.messages(stream))
        difference = first_difference(
            recorded, ((w.topic, w.payload) for w in replayed), expected_is_cut=cut
        )
        compared += min(len(recorded), len(replayed)) if cut else len(replayed)
        if difference is not None:
            raise _mismatch(run, header, difference)
    return compared


def _recorded(run: Replay, stream: str) -> Iterator[tuple[str, bytes]]:
    topics = {topic_name(kind, stream) for kind in ("gesture", "emotion")}
    for wired in run.recording.messages(("gesture", "emotion")):
        if wired.topic in topics and not (run.broke and _ended_by_that(wired)):
            yield wired.topic, wired.payload


def _ended_by_that(wired: Wired) -> bool:
    """Whether it is a gesture that ended because the session did."""
    return getattr(wired.message.body, "end_reason", "") == SHUTDOWN


def _mismatch(run: Replay, header: RecordingHeader, difference: Difference) -> ReplayMismatch:
    hint = ""
    if run.recognizer != header.recognizer:
        hint = f" It was recorded with {header.recognizer}, this is {run.recognizer}."
    return ReplayMismatch(f"{run.recording.path}: {difference}.{hint}")


def _say(console: Console, run: Replay, result: str) -> None:
    media_s = run.recording.survey.duration_s
    speed = media_s / run.wall_s if run.wall_s else 0.0
    tell(
        console,
        f"{run.recording.path}: {run.samples} samples, {media_s:.1f} s in {run.wall_s:.2f} s "
        f"({speed:.0f}× real time): {result}",
    )

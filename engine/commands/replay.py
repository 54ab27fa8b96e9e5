"""`replay`: a recording through the core again, and the proof that it gives the same events."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console

from engine import registry
from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.tell import tell
from engine.core.stream import StreamCore
from engine.errors import RecordingError, ReplayMismatch
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import SerialStep, run_serial
from engine.wire.encoder import MessageEncoder, Wired
from engine.wire.recording import Recording, open_recording
from engine.wire.records import recorded_config, recorded_person
from engine.wire.verify import TIMING_FIELDS, first_difference


class Replay:
    """One pass of a recording through a fresh core with the recorded configuration.

    Args:
        path: The recording.
        mode: `lived` or `ideal`.
        speed: Times real time; 0 is as fast as it goes.
        clock: Time.

    Raises:
        RecordingError: It cannot be read, or its configuration does not fit this version.
    """

    def __init__(self, path: Path, *, mode: str, speed: float, clock: Clock) -> None:
        self._mode = mode
        self._speed = speed
        self._clock = clock
        self.recording: Recording = open_recording(path)
        self._config = recorded_config(self.recording.header)
        self.latencies = StageLatencies()
        self.samples = 0
        self.wall_s = 0.0
        self.recognizer = ""

    def messages(self) -> Iterator[Wired]:
        """Gesture and emotion messages, encoded as the recorded session would have."""
        header = self.recording.header
        encoder = MessageEncoder(header.session, self._clock, self._config.stream.deadline_ms, dict)
        person = recorded_person(header)
        options = {"mode": self._mode, "speed": self._speed}
        source = registry.create("sources", "recording", options, str(self.recording.path))
        with assembly.recognizer(self._config, person) as model:
            self.recognizer = assembly.identity(self._config, model)
            source.open(self._clock)
            core = StreamCore(self._config, model, person)
            start_ns = self._clock.now_ns()
            try:
                for step in run_serial(source, None, core, self.latencies):
                    yield from self._encoded(step, encoder)
            finally:
                source.close()
                self.wall_s = (self._clock.now_ns() - start_ns) / NS_PER_S

    def _encoded(self, step: SerialStep, encoder: MessageEncoder) -> Iterator[Wired]:
        self.samples += step.sample is not None
        for decision in step.decisions:
            yield encoder.encode(
                decision.kind,
                decision.body,
                stream=self.recording.header.stream,
                epoch=decision.epoch,
                capture_ns=decision.capture_ns,
                decided_ns=self._clock.now_ns(),
            )


def replay(
    path: Path, *, mode: str, speed: float, verify: bool, clock: Clock, console: Console
) -> int:
    """Replay, show the events, and compare them if asked to.

    Returns:
        0.

    Raises:
        RecordingError: It cannot be read, or is not complete enough to be compared.
        ReplayMismatch: The events are not the recorded ones.
    """
    run = Replay(path, mode=mode, speed=speed, clock=clock)
    if verify:
        compared = _verify(run)
        _say(console, run, f"{compared} messages identical but for {', '.join(TIMING_FIELDS)}")
        return 0
    sink: Any = registry.create("sinks", "terminal", {"style": "lines"})
    count = 0
    for first in islice(run.recording.messages(("pose",)), 1):  # sets the time zero of the lines
        sink.put(first.topic, first.message)
    for wired in run.messages():
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
    replayed = list(run.messages())
    difference = first_difference(
        ((w.topic, w.payload) for w in run.recording.messages(("gesture", "emotion"))),
        ((w.topic, w.payload) for w in replayed),
        expected_is_cut=not survey.ended,
    )
    if difference is None:
        return len(replayed)
    hint = ""
    if run.recognizer != header.recognizer:
        hint = f" It was recorded with {header.recognizer}, this is {run.recognizer}."
    raise ReplayMismatch(f"{run.recording.path}: {difference}.{hint}")


def _say(console: Console, run: Replay, result: str) -> None:
    media_s = run.recording.survey.duration_s
    speed = media_s / run.wall_s if run.wall_s else 0.0
    tell(
        console,
        f"{run.recording.path}: {run.samples} samples, {media_s:.1f} s in {run.wall_s:.2f} s "
        f"({speed:.0f}× real time): {result}",
    )

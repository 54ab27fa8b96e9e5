"""`analyze`: files through the same core as live, every frame, as fast as it goes."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import PoseEstimator, Source, StepModel
from engine.core.batch import LoneStream
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import FidgetError, Interrupted, SourceError, UsageError
from engine.messages import EmotionEstimate, GestureEvent
from engine.person import PersonCalibration
from engine.poses import PoseSample
from engine.redaction import redact
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import SerialStep, run_serial
from engine.wire.tables import (
    EMOTION_COLUMNS,
    Row,
    emotion_row,
    event_row,
    write_csv,
    write_jsonl,
)


@dataclass
class Findings:
    """What came out of one input.

    Attributes:
        frames: Frames, or samples of a recording.
        frames_with_pose: Those with a person.
        without_pose: Reason to count, for the others.
        events: A row for each closed gesture.
        emotion: A row for each estimate.
        first_ns: Time of the first frame; None before it.
        last_ns: Time of the last frame.
        latencies: Of the stages.
        wall_s: What the input took.
        abstained_s: Class to seconds with a person in a view that did not support it.
        poses_made: Whether a pose stage ran; a recording brings its poses.
        error: What ended it before its end, if anything did.
    """

    frames: int = 0
    frames_with_pose: int = 0
    without_pose: Counter[str] = field(default_factory=Counter)
    events: list[Row] = field(default_factory=list)
    emotion: list[Row] = field(default_factory=list)
    first_ns: int | None = None
    last_ns: int = 0
    latencies: StageLatencies = field(default_factory=StageLatencies)
    wall_s: float = 0.0
    abstained_s: dict[str, float] = field(default_factory=dict)
    poses_made: bool = False
    error: FidgetError | None = None

    def take(self, step: SerialStep, stream: str) -> None:
        """Count one step."""
        if step.sample is not None:
            self._take_sample(step.sample)
        origin_ns = self.first_ns or 0
        for decision in step.decisions:
            body = decision.body
            if isinstance(body, EmotionEstimate):
                self.emotion.append(emotion_row(body, origin_ns))
            elif isinstance(body, GestureEvent) and body.state == "end":
                self.events.append(event_row(body, origin_ns, stream))

    @property
    def media_s(self) -> float:
        """Media time from the first to the last frame."""
        return (self.last_ns - (self.first_ns or 0)) / NS_PER_S

    @property
    def counts(self) -> dict[str, int]:
        """Closed gestures by label."""
        return dict(sorted(Counter(row["label"] for row in self.events).items()))

    def _take_sample(self, sample: PoseSample) -> None:
        self.frames += 1
        self.frames_with_pose += sample.valid
        if not sample.valid:
            self.without_pose[sample.reason] += 1
        if self.first_ns is None:
            self.first_ns = sample.capture_ns
        self.last_ns = max(self.last_ns, sample.capture_ns)


class Analyzer:
    """Runs input after input with one pose network and one recogniser.

    Args:
        config: The configuration.
        clock: Time.
        console: For the progress bar and one line an input.
    """

    def __init__(self, config: Config, clock: Clock, console: Console) -> None:
        self._config = config
        self._clock = clock
        self._console = console
        self._stack = ExitStack()
        self._estimator: PoseEstimator | None = None

    def __enter__(self) -> "Analyzer":
        self._person = assembly.make_person(self._config, self._clock)
        self._model = self._stack.enter_context(assembly.recognizer(self._config, self._person))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def model(self) -> StepModel:
        """The recogniser in use."""
        return self._model

    @property
    def person(self) -> PersonCalibration | None:
        """The calibration in use."""
        return self._person

    def analyze(self, spec: str) -> Findings:
        """Everything in one input; what fails midway, or the user's stop, is told in `error`.

        Args:
            spec: As for `--source`.

        Raises:
            UsageError: It has no end.
            FidgetError: It cannot be opened, or the configuration does not fit the recogniser.
        """
        findings = Findings()
        with ExitStack() as stack:
            source = assembly.make_source(spec, assembly.options_for(self._config, spec))
            if source.live:
                raise UsageError("a live source has no end: watch it with `run`")
            stack.callback(source.close)
            info = source.open(self._clock)
            pose = self._pose_stage(source)
            findings.poses_made = pose is not None
            core = StreamCore(self._config, self._model, self._person)
            lone = LoneStream(core, self._model)
            start_ns = self._clock.now_ns()
            progress = stack.enter_context(self._progress())
            bar = progress.add_task(redact(Path(spec).name), total=info.duration_s or None)
            try:
                for step in run_serial(source, pose, lone, findings.latencies):
                    findings.take(step, self._config.stream.name)
                    progress.update(bar, completed=findings.media_s)
            except FidgetError as error:
                findings.error = error
            except KeyboardInterrupt:
                findings.error = Interrupted("stopped by the user; what was found is written")
            findings.wall_s = (self._clock.now_ns() - start_ns) / NS_PER_S
            findings.abstained_s = core.abstained_s
        return findings

    def summary(self, findings: Findings) -> dict[str, Any]:
        """The content of `summary.json`."""
        covered, not_covered = assembly.coverage(self._model)
        error = findings.error
        return {
            "frames": findings.frames,
            "frames_with_pose": findings.frames_with_pose,
            "frames_without_pose": dict(findings.without_pose),
            "media_duration_s": round(findings.media_s, 3),
            "wall_s": round(findings.wall_s, 3),
            "fps": round(findings.frames / findings.wall_s, 2) if findings.wall_s else 0.0,
            "latency_ms": msgspec.to_builtins(findings.latencies.summary()),
            "drops": {},  # a file waits for every stage: there is no edge that drops
            "events": findings.counts,
            "abstained_s": findings.abstained_s,
            "covered": covered,
            "not_covered": not_covered,
            "versions": assembly.versions(),
            "pose": self._config.pose.use if findings.poses_made else "recorded",
            "recognizer": self._config.recognizer.use,
            "backend": self._model.backend.name,
            "precision": self._model.precision,
            "model_hash": self._model.model_hash,
            "error": _told(error) if error else None,
        }

    def _pose_stage(self, source: Source[Any]) -> PoseStage | None:
        if source.yields == "poses":
            return None
        if self._estimator is None:
            self._estimator = self._stack.enter_context(assembly.pose_estimator(self._config))
        self._estimator.reset()
        return PoseStage(self._estimator)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.1f} s of media"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )


def analyze(
    config: Config, inputs: list[str], out_dir: Path, clock: Clock, console: Console
) -> int:
    """Analyse every input and write its three files; one that fails does not stop the rest.

    Returns:
        0, or the exit code of the first failure.

    Raises:
        UsageError: Two inputs would write the same files, or the folder cannot be written.
        FidgetError: Recogniser or calibration cannot be used.
    """
    _refuse_same_names(inputs)
    _make_folder(out_dir)
    codes = []
    with Analyzer(config, clock, console) as analyzer:
        for spec in inputs:
            try:
                findings = analyzer.analyze(spec)
            except FidgetError as error:
                _tell_failure(console, spec, error)
                codes.append(error.exit_code)
                continue
            _write(out_dir, Path(spec).name, findings, analyzer.summary(findings))
            _report(console, spec, findings)
            codes.append(findings.error.exit_code if findings.error else 0)
            if isinstance(findings.error, Interrupted):
                break
    return next((code for code in codes if code), 0)


def _told(error: FidgetError) -> dict[str, str]:
    trouble = error.trouble.value if isinstance(error, SourceError) else type(error).__name__
    return {"trouble": trouble, "message": str(error)}


def _make_folder(out_dir: Path) -> None:
    """Before any work, so that an hour of it is not lost to a folder that cannot be written."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out_dir):
            pass
    except OSError as error:
        raise UsageError(f"{out_dir}: cannot be written: {error.strerror}") from error


def _refuse_same_names(inputs: list[str]) -> None:
    for name, count in Counter(Path(spec).name for spec in inputs).items():
        if count > 1:
            raise UsageError(
                f"{count} inputs are called '{name}' and would write the same files; "
                "analyse them into different folders"
            )


def _write(out_dir: Path, name: str, findings: Findings, summary: dict[str, Any]) -> None:
    try:
        write_jsonl(out_dir / f"{name}.events.jsonl", findings.events)
        write_csv(out_dir / f"{name}.emotion.csv", EMOTION_COLUMNS, findings.emotion)
        text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
        (out_dir / f"{name}.summary.json").write_bytes(text + b"\n")
    except OSError as error:
        raise UsageError(f"{out_dir}: cannot be written: {error.strerror}") from error


def _report(console: Console, spec: str, findings: Findings) -> None:
    counts = ", ".join(f"{label} {count}" for label, count in findings.counts.items())
    tell(
        console,
        f"{redact(spec)}: {findings.frames} frames, {findings.frames_with_pose} with a person, "
        f"{findings.media_s:.1f} s in {findings.wall_s:.1f} s; events: {counts or 'none'}",
    )
    if findings.error:
        _tell_failure(console, spec, findings.error)


def _tell_failure(console: Console, spec: str, error: FidgetError) -> None:
    name = redact(spec)
    text = str(error)
    tell(console, text if text.startswith(name) else f"{name}: {text}", "red")

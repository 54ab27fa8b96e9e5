"""`analyze`: files through the same core as live, every frame, as fast as it goes."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.findings import Findings
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import PoseEstimator, Source, StepModel
from engine.core.batch import StreamGroup
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import FidgetError, Interrupted, SourceError, UsageError
from engine.person import PersonCalibration
from engine.redaction import redact
from engine.runtime.serial import run_serial
from engine.wire.tables import EMOTION_COLUMNS, write_csv, write_jsonl


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
            lone = StreamGroup((core,), self._model)
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

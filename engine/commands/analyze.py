"""`analyze`: files through the same core as live, every frame, as fast as it goes."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.findings import Analysis, Findings
from engine.commands.tell import tell
from engine.config import Config
from engine.contracts import PoseEstimator, Source, StepModel
from engine.core.batch import StreamGroup
from engine.core.evidence import identity_of
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
        self._rows = config.people.most

    def __enter__(self) -> "Analyzer":
        self._person = assembly.make_person(self._config, self._clock)
        self._fitted = assembly.make_weights(self._config)
        person = self._person if self._rows == 1 else None
        recognizer = assembly.recognizer(self._config, person, (self._rows,))
        self._model = self._stack.enter_context(recognizer)
        assembly.check_person(self._config, self._person, self._model)
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

    def analyze(self, spec: str) -> Analysis:
        """Everything in one input; what fails midway, or the user's stop, is told in `error`.

        Args:
            spec: As for `--source`.

        Raises:
            UsageError: It has no end.
            FidgetError: It cannot be opened, or the configuration does not fit the recogniser.
        """
        with ExitStack() as stack:
            source = assembly.make_source(spec, assembly.options_for(self._config, spec))
            if source.live:
                raise UsageError("a live source has no end: watch it with `run`")
            stack.callback(source.close)
            info = source.open(self._clock)
            pose = self._pose_stage(source)
            cores = self._cores(pose.most if pose else 1)
            people = [Findings(name) for name in self._config.slots[: len(cores)]]
            analysis = Analysis(people, poses_made=pose is not None)
            group = StreamGroup(cores, self._model, self._rows)
            start_ns = self._clock.now_ns()
            progress = stack.enter_context(self._progress())
            bar = progress.add_task(redact(Path(spec).name), total=info.duration_s or None)
            try:
                for step in run_serial(source, pose, group, analysis.latencies):
                    people[step.slot].take(step)
                    progress.update(bar, completed=people[0].media_s)
            except FidgetError as error:
                analysis.error = error
            except KeyboardInterrupt:
                analysis.error = Interrupted("stopped by the user; what was found is written")
            analysis.wall_s = (self._clock.now_ns() - start_ns) / NS_PER_S
            for findings, core in zip(people, cores, strict=True):
                findings.abstained_s = core.abstained_s
        return analysis

    def summary(self, analysis: Analysis, findings: Findings) -> dict[str, Any]:
        """The content of `summary.json` of one stream of an input."""
        covered, not_covered = assembly.coverage(self._model)
        error, wall_s = analysis.error, analysis.wall_s
        several = len(analysis.people) > 1
        whose = {"stream": findings.stream, "persons": findings.persons} if several else {}
        return {
            "frames": findings.frames,
            "frames_with_pose": findings.frames_with_pose,
            "frames_without_pose": dict(findings.without_pose),
            "media_duration_s": round(findings.media_s, 3),
            "wall_s": round(wall_s, 3),
            "fps": round(findings.frames / wall_s, 2) if wall_s else 0.0,
            "latency_ms": msgspec.to_builtins(analysis.latencies.summary()),
            "drops": {},  # a file waits for every stage: there is no edge that drops
            "events": findings.counts,
            "abstained_s": findings.abstained_s,
            "covered": covered,
            "not_covered": not_covered,
            "versions": assembly.versions(),
            "pose": self._config.pose.use if analysis.poses_made else "recorded",
            "pose_options": self._config.pose.options if analysis.poses_made else {},
            "recognizer": self._config.recognizer.use,
            "backend": self._model.backend.name,
            "precision": self._model.precision,
            "model_hash": self._model.model_hash,
            "emotion_weights": self._weights,
            "error": _told(error) if error else None,
            **whose,
        }

    @property
    def _weights(self) -> str | None:
        return identity_of(self._fitted) if self._config.emotion.enabled else None

    def _cores(self, slots: int) -> list[StreamCore]:
        """One a slot; the calibration is of the main person."""
        config = self._config
        return [
            StreamCore(
                replace(config, stream=replace(config.stream, name=name)),
                self._model,
                self._person if slot == 0 else None,
                row=slot,
                fitted=self._fitted,
            )
            for slot, name in enumerate(config.slots[:slots])
        ]

    def _pose_stage(self, source: Source[Any]) -> PoseStage | None:
        if source.yields == "poses":
            return None
        if self._estimator is None:
            self._estimator = self._stack.enter_context(assembly.pose_estimator(self._config))
        self._estimator.reset()
        return PoseStage(self._estimator, self._rows)

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
    """Analyse every input and write its three files, of several people three for each slot.

    An input that fails does not stop the rest.

    Returns:
        0, or the exit code of the first failure.

    Raises:
        UsageError: Two inputs would write the same files, or the folder cannot be written.
        FidgetError: Recogniser or calibration cannot be used.
    """
    _refuse_same_names(inputs, config.people.most)
    _make_folder(out_dir)
    codes = []
    with Analyzer(config, clock, console) as analyzer:
        for spec in inputs:
            try:
                analysis = analyzer.analyze(spec)
            except FidgetError as error:
                _tell_failure(console, spec, error)
                codes.append(error.exit_code)
                continue
            names = _names(spec, len(analysis.people))
            for name, findings in zip(names, analysis.people, strict=True):
                _write(out_dir, name, findings, analyzer.summary(analysis, findings))
            _report(console, spec, analysis)
            codes.append(analysis.error.exit_code if analysis.error else 0)
            if isinstance(analysis.error, Interrupted):
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


def _names(spec: str, slots: int) -> list[str]:
    """What the files of an input begin with: its own name, then that of each further person."""
    name = Path(spec).name
    return [name, *(f"{name}.{number}" for number in range(2, slots + 1))]


def _refuse_same_names(inputs: list[str], slots: int) -> None:
    for name, count in Counter(n for spec in inputs for n in _names(spec, slots)).items():
        if count > 1:
            raise UsageError(
                f"{count} inputs would write the files of '{name}'; analyse them into different "
                "folders"
            )


def _write(out_dir: Path, name: str, findings: Findings, summary: dict[str, Any]) -> None:
    try:
        write_jsonl(out_dir / f"{name}.events.jsonl", findings.events)
        write_csv(out_dir / f"{name}.emotion.csv", EMOTION_COLUMNS, findings.emotion)
        text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
        (out_dir / f"{name}.summary.json").write_bytes(text + b"\n")
    except OSError as error:
        raise UsageError(f"{out_dir}: cannot be written: {error.strerror}") from error


def _report(console: Console, spec: str, analysis: Analysis) -> None:
    for slot, findings in enumerate(analysis.people):
        if slot and not findings.frames_with_pose:
            continue  # nobody was ever there
        counts = ", ".join(f"{label} {count}" for label, count in findings.counts.items())
        tell(
            console,
            f"{redact(spec)}{f', {findings.stream}' if slot else ''}: {findings.frames} frames, "
            f"{findings.frames_with_pose} with a person, {findings.media_s:.1f} s in "
            f"{analysis.wall_s:.1f} s; events: {counts or 'none'}",
        )
    if analysis.error:
        _tell_failure(console, spec, analysis.error)


def _tell_failure(console: Console, spec: str, error: FidgetError) -> None:
    name = redact(spec)
    text = str(error)
    tell(console, text if text.startswith(name) else f"{name}: {text}", "red")

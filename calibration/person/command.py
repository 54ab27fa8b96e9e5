"""The command: watches a source and writes the person's file."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress

from calibration.person.measurement import MIN_VISIBLE_S, PersonMeasurement
from calibration.saving import save
from engine.clock import NS_PER_S, Clock
from engine.commands import assembly
from engine.commands.tell import tell
from engine.config import Config, PeopleConfig
from engine.core.batch import StreamGroup
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.errors import UsageError
from engine.messages import GestureEvent
from engine.runtime.latency import StageLatencies
from engine.runtime.serial import SerialStep, run_serial


def calibrate_person(
    config: Config, out: Path, duration_s: float, clock: Clock, console: Console
) -> int:
    """Measure 20 to 60 s of ordinary sitting.

    Args:
        config: Its source is watched; its pose stage and recogniser are used.
        out: File to write.
        duration_s: How long to watch; a file or recording may end earlier.
        clock: Time.
        console: For a person.

    Returns:
        0.

    Raises:
        CalibrationError: Too little was seen, or nobody sat still; the message says what was.
        FidgetError: The source, the pose stage or the recogniser failed.
    """
    if config.source.use == "auto":
        raise UsageError("name the source to measure, e.g. --source 0 or --source session.mcap")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: the folder {out.parent} does not exist")
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("sit as you ordinarily do", total=duration_s)
        measurement = _measure(
            config, duration_s, clock, lambda done_s: progress.update(bar, completed=done_s)
        )
    calibration = measurement.finish(clock.pair().wall_ns)
    save(out, calibration)
    tell(
        console,
        f"wrote {out}: {calibration.observed_s:.0f} s observed. Use it with --person {out}",
    )
    if measurement.hardly_visible_s:
        tell(console, _without_rate(measurement.hardly_visible_s))
    return 0


def _without_rate(hardly_visible_s: Mapping[str, float]) -> str:
    classes = ", ".join(f"{slug} ({s:.0f} s)" for slug, s in hardly_visible_s.items())
    return (
        f"no rate for classes visible for less than {MIN_VISIBLE_S:g} s: {classes}. They count as "
        "without a calibration. To measure them too, keep head, arms and hands in the picture, or "
        "watch longer with --duration"
    )


def _measure(
    config: Config, duration_s: float, clock: Clock, on_progress: Callable[[float], None]
) -> PersonMeasurement:
    with ExitStack() as stack:
        source = assembly.make_source(config.source.use, config.source.options)
        stack.callback(source.close)
        source.open(clock)
        model = stack.enter_context(assembly.recognizer(config, None))
        pose = None
        if source.yields == "frames":
            alone = replace(config, people=PeopleConfig())
            pose = PoseStage(stack.enter_context(assembly.pose_estimator(alone)))
        measurement = PersonMeasurement(
            model.skeleton, assembly.identity(config, model), model.labels
        )
        core = StreamCore(config, model)
        lone = StreamGroup((core,), model)
        first_ns: int | None = None
        for step in run_serial(source, pose, lone, StageLatencies()):
            _take(step, measurement)
            if step.sample is not None:
                first_ns = step.sample.capture_ns if first_ns is None else first_ns
                done_s = (step.sample.capture_ns - first_ns) / NS_PER_S
                on_progress(done_s)
                if done_s >= duration_s:
                    break
        measurement.set_abstained(core.abstained_s)
        return measurement


def _take(step: SerialStep, measurement: PersonMeasurement) -> None:
    if step.sample is not None:
        measurement.add_sample(step.sample)
    for decision in step.decisions:
        if isinstance(decision.body, GestureEvent):
            measurement.add_event(decision.body)

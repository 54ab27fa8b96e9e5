"""What `train`, `evaluate` and `compare` do with models of the zoo."""

import argparse
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from engine.commands.tell import tell
from engine.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from training.clips.parts import Parts
    from training.clips.report import ClipReport
    from training.clips.run_config import ClipRunConfig
    from training.clips.run_folder import ClipRunFolder
    from training.pretraining.beginning import Beginning


def train(arguments: argparse.Namespace, console: Console) -> int:
    """Fit one model, and judge it on the people held out; `torchrun` may start several of this.

    Args:
        arguments: Of `train`.
        console: For a person.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.clips.report import reported
    from training.clips.report_files import write_report
    from training.clips.run import trained
    from training.clips.run_folder import ClipRunFolder
    from training.commands.progress import training_bar
    from training.pretraining.beginning import Beginning
    from training.runs.workers import joined

    refuse(arguments, "shards", "minutes")
    folder = ClipRunFolder(arguments.folder)
    if not arguments.resume:
        folder.refuse_taken()
    begin = None if arguments.encoder is None else Beginning.read(arguments.encoder)
    encoder = None if begin is None else begin.encoder
    config = _resumed(folder, arguments) if arguments.resume else _wanted(arguments, begin)
    with joined() as workers:
        console.quiet = not workers.writes
        if begin is not None and (told := begin.checked(config)):
            tell(console, told)
        parts = parts_of(config, console)
        with training_bar(console) as watch:
            model = trained(folder, config, parts, watch, workers, encoder)
    if not workers.writes:
        return 0
    _tell_run(folder, console)
    if parts.validation is not None and not arguments.no_finish:
        title = f"{folder.path.name}, held out of the training side: {data_title(config, parts)}"
        report = reported(model, parts.train, parts.validation)
        write_report(report, folder, "validation", title)
        show(report, title, console, comparable=not (parts.synthetic or config.live))
    return 0


def evaluate(arguments: argparse.Namespace, console: Console) -> int:
    """Judge a finished run on the test clips of its protocol.

    Args:
        arguments: Of `evaluate`.
        console: For a person.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    import msgspec

    from training.clips.load_run import load_clip_run
    from training.clips.report import reported
    from training.clips.report_files import write_report
    from training.clips.results_table import append
    from training.clips.run_folder import ClipRunFolder
    from training.runs.device import chosen_device

    refuse(arguments, "shards", "classes", "out")
    folder = ClipRunFolder(arguments.folder)
    model, config = load_clip_run(folder.path, chosen_device(arguments.device))
    if arguments.data is not None:
        config = msgspec.structs.replace(config, data=str(arguments.data))
    part = arguments.split
    if arguments.results is not None and part != "test":
        raise UsageError("--results: is a table of test clips; leave --split out")
    parts = parts_of(config, console, test=part == "test")
    judged_on = parts.test if part == "test" else parts.validation
    if judged_on is None:
        raise UsageError(f"{folder.path}: nobody was held out of its training: --split test")
    title = f"{folder.path.name}, {config.protocol} {part}: {data_title(config, parts)}"
    report = reported(model, parts.train, judged_on)
    write_report(report, folder, part, title)
    if arguments.results is not None:
        append(arguments.results, report.rows[:-1], **columns(config, parts, report.clips))
    show(report, title, console, comparable=not (parts.synthetic or config.live))
    tell(console, f"wrote {folder.metrics(part)} and .md, {folder.confusion(part)}")
    return 0


def parts_of(config: "ClipRunConfig", console: Console, *, test: bool = False) -> "Parts":
    """Read the clips of a run, and tell how many there are.

    Args:
        config: Of the run.
        console: For a person.
        test: Read the test clips too.
    """
    from training.clips.parts import parts_of_run
    from training.datasets.silent_videos import left_out_line

    with console.status("reading") as status:
        parts = parts_of_run(config, status.update, test=test)
    for what, clips in (("train on", parts.train), ("validate by", parts.validation),
                        ("test on", parts.test)):  # fmt: skip
        if clips is not None:
            tell(console, f"{len(clips)} clips of {len(clips.people)} people to {what}")
            if gone := len(clips.left_out):
                tell(console, f"{gone} more have no pose to look at, and are left out")
    if parts.left_out:
        tell(console, left_out_line(parts.left_out, "who is in them"))
    return parts


def data_title(config: "ClipRunConfig", parts: "Parts") -> str:
    """What a table over the clips of a run says that they are."""
    shown = "normalised as live; " if config.encoder_digest else ""
    if config.live:
        shown = "windows for live use, none among them; "
    what = "synthetic, not comparable with published figures"
    return shown + (what if parts.synthetic else parts.name)


def columns(config: "ClipRunConfig", parts: "Parts", judged_clips: int) -> dict[str, object]:
    """Columns of the table of results that are the same for all lines of a run.

    Args:
        config: Of the run.
        parts: Its clips.
        judged_clips: How many the figures are of.
    """
    return {
        "protocol": f"{config.protocol}, windows" if config.live else config.protocol,
        "synthetic": parts.synthetic,
        "train_clips": len(parts.train),
        "test_clips": judged_clips,
        "epochs": config.recipe.epochs,
        "seed": config.recipe.seed,
    }


def show(report: "ClipReport", title: str, console: Console, *, comparable: bool) -> None:
    """Print figures and classes.

    Args:
        report: The figures.
        title: Above them.
        console: For cautions.
        comparable: Whether the data are those of the published figures.
    """
    from training.clips.report import CLASS_COLUMNS
    from training.clips.results_table import table

    if report.caution:
        tell(console, report.caution)
    classes = Table()
    for name in CLASS_COLUMNS:
        classes.add_column(name)
    for row in report.class_rows():
        classes.add_row(*row)
    out = Console()
    out.print(table(report.rows, title, comparable=comparable))
    out.print(classes)


def _wanted(arguments: argparse.Namespace, begin: "Beginning | None") -> "ClipRunConfig":
    from engine.config_settings import parsed_changes
    from training.clips.run_config import ClipRunConfig, completed
    from training.runs.config_file import overridden, read_config

    config = ClipRunConfig(model=arguments.model or (begin.model if begin else ""))
    if arguments.config is not None:
        config = read_config(arguments.config, ClipRunConfig)
        _same_model(config, arguments)
    if begin is not None:
        config = begin.begun(config)
    options = {
        "data": None if arguments.data is None else str(arguments.data),
        "recipe.seed": arguments.seed,
        "recipe.epochs": arguments.epochs,
        "device": arguments.device,
    }
    given = {key: value for key, value in options.items() if value is not None}
    changed = overridden(completed(config), {**parsed_changes(arguments.settings), **given})
    if begin is not None and changed != begin.begun(changed):
        raise ConfigError(
            "--set: model, sizes and encoder_digest are those of the encoder; they cannot be set"
        )
    return completed(changed)


def _resumed(folder: "ClipRunFolder", arguments: argparse.Namespace) -> "ClipRunConfig":
    refuse(arguments, "config", "data", "seed", "epochs", "device", "settings")
    config = folder.config()
    _same_model(config, arguments)
    return config


def _same_model(config: "ClipRunConfig", arguments: argparse.Namespace) -> None:
    if arguments.model not in (None, config.model):
        raise ConfigError(f"--model {arguments.model}: the configuration is of {config.model}")


def refuse(arguments: argparse.Namespace, *names: str) -> None:
    """Refuse options that mean nothing here.

    Raises:
        UsageError: One was given.
    """
    given = [name for name in names if getattr(arguments, name) not in (None, [])]
    if given:
        flags = ", ".join("--set" if name == "settings" else f"--{name}" for name in given)
        raise UsageError(f"{flags}: has no meaning for this run of a model of the zoo")


def _tell_run(folder: "ClipRunFolder", console: Console) -> None:
    last = folder.log()[-1]
    figures = ", ".join(f"{name} {value:.3f}" for name, value in last.validation.items())
    seconds = sum(line.seconds for line in folder.log())
    tell(
        console,
        f"{folder.path}: {last.epoch + 1} epochs in {seconds / 60:.1f} min, loss {last.loss:.3f}"
        + (f"; validation {figures}" if figures else "; nobody was held out to validate by"),
    )

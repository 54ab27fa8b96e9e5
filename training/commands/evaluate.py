"""`evaluate`: a trained run on people never trained on.

Our own network by events and ticks of simulated people, a model of the zoo by clips of its data.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import ConfigError, UsageError
from training.commands import clip_runs, live_runs
from training.commands.parsing import add_command
from training.commands.reports import write_report
from training.labels import CLASS_NAMES, NONE_INDEX

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.evaluation.report import Report
    from training.fitting.run_folder import RunFolder


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "evaluate", "Judge a trained run on people it was not trained on.",
        "evaluate --run runs/first",
        needs=("torch", "matplotlib", "onnx", "onnxscript"),
    )  # fmt: skip
    parser.add_argument("--run", dest="folder", type=Path, required=True, metavar="DIR")
    parser.add_argument("--shards", type=Path, metavar="DIR", help="default: those of the run")
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="of a model of the zoo; default: the data set of the run")  # fmt: skip
    parser.add_argument("--results", type=Path, metavar="FILE",
                        help="of a model of the zoo: csv to which its line is added")  # fmt: skip
    parser.add_argument("--online", action="store_true",
                        help="of a model of the zoo: events of whole videos")  # fmt: skip
    parser.add_argument("--split", choices=("validation", "test"), default="test",
                        help="test (default) is of other people, cameras and noise")  # fmt: skip
    parser.add_argument("--classes", metavar="SLUGS", type=lambda text: tuple(text.split(",")),
                        help="the macro F1 is over these, with commas; default all")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: the folder of the run")
    parser.add_argument(
        "--device", default="auto", metavar="NAME", help="auto (default), cpu, cuda"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate as the arguments say: JSON, markdown and two pictures.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.clips.load_run import is_clip_run
    from training.evaluation.pictures import draw_class_f1, draw_confusion
    from training.fitting.run_folder import RunFolder

    console, folder = Console(stderr=True), RunFolder(arguments.folder)
    if is_clip_run(arguments.folder):
        judge = live_runs.evaluate_online if arguments.online else clip_runs.evaluate
        return judge(arguments, console)
    if arguments.online:
        raise UsageError(f"--online: {folder.path} is no run of a model of the zoo")
    for name in ("data", "results"):
        if getattr(arguments, name) is not None:
            raise UsageError(f"--{name}: {folder.path} is no run of a model of the zoo")
    out = arguments.out or folder.path
    classes = _indices(arguments.classes)
    with console.status(f"evaluating on the {arguments.split} split"):
        report = evaluate(folder, arguments.shards, arguments.split, classes, arguments.device)
    name = f"{folder.path.name}, simulated {arguments.split}"
    draw_confusion(report.confusion, out / f"{arguments.split}_confusion.png", name)
    draw_class_f1(report.at(0.3).classes, out / f"{arguments.split}_classes.png", name)
    write_report(report, out, arguments.split, name)
    tell(console, f"wrote {out}/{arguments.split}_*.png, metrics.{arguments.split}.json and .md")
    Console().print(report.markdown(), markup=False, highlight=False, soft_wrap=True)
    return 0


def evaluate(
    folder: "RunFolder",
    shards: Path | None,
    split: str,
    classes: tuple[int, ...],
    device_name: str,
) -> "Report":
    """The report of a run on one split.

    Args:
        folder: Of a trained and calibrated run.
        shards: Where the shards are; those of the run if None.
        split: `validation` or `test`.
        classes: Class indices that the macro F1 is over.
        device_name: `auto`, `cpu` or `cuda`.
    """
    from training.fitting.calibration import read_calibration
    from training.fitting.fitted_model import load_network
    from training.fitting.judge import judged
    from training.runs.device import chosen_device
    from training.simulator.shards import load_shards

    device = chosen_device(device_name)
    network = load_network(folder, device)
    calibration = read_calibration(folder.calibration)
    source = shards or Path(folder.config().data.folder)
    return judged(network, calibration, load_shards(source, split), device, classes)


def _indices(slugs: tuple[str, ...] | None) -> tuple[int, ...]:
    if slugs is None:
        return tuple(range(NONE_INDEX))
    for slug in slugs:
        if slug not in CLASS_NAMES[:NONE_INDEX]:
            raise ConfigError(f"--classes: '{slug}' is no class of {', '.join(CLASS_NAMES)}")
    return tuple(CLASS_NAMES.index(slug) for slug in slugs)

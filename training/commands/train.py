"""`train`: fit our network to simulated shards and write it as ONNX, or a model to a data set."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.numbers import positive
from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands import clip_runs
from training.commands.calibrate import calibrate
from training.commands.export import export
from training.commands.parsing import add_command, add_settings, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.fitting.config import TrainConfig
    from training.fitting.run_folder import RunFolder


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "train", "Fit our network to simulated shards, or a model of the zoo to clips.",
        "train --shards out/shards --run runs/first --minutes 45",
        needs=("torch", "onnx", "onnxscript", "matplotlib"),
    )  # fmt: skip
    parser.add_argument("--run", dest="folder", type=Path, required=True, metavar="DIR",
                        help="folder of the run; must be new without --resume")  # fmt: skip
    parser.add_argument("--shards", type=Path, metavar="DIR", help="what `simulate` wrote")
    parser.add_argument("--model", metavar="NAME", help="of the zoo, such as lstm, with --data")
    parser.add_argument("--encoder", type=Path, metavar="DIR",
                        help="what `pretrain` wrote: a classifier that begins from it, in place "
                        "of --model")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="for --model and --encoder: a copy of iMiGUE, or of "
                        "`synthesize`")  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="FILE", help="JSON as in DIR/config.json")
    add_settings(parser, ", e.g. optim.lr=0.001")
    parser.add_argument("--seed", type=whole, metavar="N")
    parser.add_argument("--epochs", type=whole, metavar="N")
    parser.add_argument("--minutes", type=positive, metavar="M", help="time budget")
    parser.add_argument("--device", metavar="NAME", help="auto (default), cpu, cuda")
    parser.add_argument("--resume", action="store_true", help="go on after the last epoch")
    parser.add_argument(
        "--no-finish",
        action="store_true",
        help="neither calibrate nor export; of a model of the zoo: do not judge it",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train as the arguments say.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.clips.load_run import is_clip_run
    from training.fitting.run_folder import RunFolder

    console = Console(stderr=True)
    of_zoo = arguments.model is not None or arguments.encoder is not None
    if of_zoo or is_clip_run(arguments.folder):
        return clip_runs.train(arguments, console)
    if arguments.data is not None:
        raise UsageError(
            "--data: is what a model of the zoo learns from, name it with --model or --encoder; "
            "our own network learns from --shards"
        )
    folder = RunFolder(arguments.folder)
    config = folder.config() if arguments.resume else _config(arguments)
    fit(config, folder, resume=arguments.resume, console=console)
    if not arguments.no_finish:
        calibrate(folder, None, config.device, console)
        export(folder, folder.onnx, console)
    return 0


def fit(config: "TrainConfig", folder: "RunFolder", *, resume: bool, console: Console) -> None:
    """Load the shards, train, and say what came out.

    Args:
        config: Every knob.
        folder: Of the run.
        resume: Go on in it.
        console: For a person.
    """
    from training.commands.progress import training_bar
    from training.fitting.loop import Training
    from training.simulator.shards import load_shards

    source = Path(config.data.folder)
    train, validation = load_shards(source, "train"), load_shards(source, "validation")
    training = Training(config, folder, train, validation)
    if resume:
        tell(console, f"{folder.path}: {training.resume()} epochs done")
    else:
        folder.begin(config)
    simulators = sorted({shard.config_hash for shard in train})
    if len(simulators) > 1:
        tell(console, f"{source}: holds shards of several simulators: {', '.join(simulators)}")
    tell(console, training.description)
    with training_bar(console) as watch:
        log = training.run(watch)
    last = log[-1]
    figures = ", ".join(f"{name} {value:.3f}" for name, value in last.validation.items())
    tell(
        console,
        f"{folder.path}: {last.step} steps in {sum(line.seconds for line in log) / 60:.1f} min, "
        f"{last.ticks_per_s:.0f} ticks/s; validation {figures}",
    )


def _config(arguments: argparse.Namespace) -> "TrainConfig":
    from engine.config_settings import parsed_changes
    from training.fitting.config import TrainConfig
    from training.runs.config_file import overridden, read_config

    config = read_config(arguments.config, TrainConfig) if arguments.config else TrainConfig()
    options = {
        "data.folder": None if arguments.shards is None else str(arguments.shards),
        "seed": arguments.seed,
        "optim.epochs": arguments.epochs,
        "minutes": arguments.minutes,
        "device": arguments.device,
    }
    given = {key: value for key, value in options.items() if value is not None}
    return overridden(config, {**parsed_changes(arguments.settings), **given})

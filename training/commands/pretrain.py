"""`pretrain`: an encoder learned from streams that nobody labelled."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from training.commands.parsing import add_command, add_settings, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.pretraining.config import PretrainConfig


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "pretrain", "Learn an encoder from recordings or videos; labels are not read.",
        "pretrain --out runs/encoder desk.mcap out/synthetic", needs=("torch",),
    )  # fmt: skip
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH",
                        help="recordings, folders of them, data sets with long videos")  # fmt: skip
    parser.add_argument("--out", dest="folder", type=Path, required=True, metavar="DIR",
                        help="of the encoder; one broken off there is gone on with")  # fmt: skip
    parser.add_argument("--model", metavar="NAME", help="us-vae-causal (default), us-vae, "
                        "predict-cluster; the first is the one that can be live")  # fmt: skip
    parser.add_argument("--everybody", action="store_true",
                        help="take the test videos of published protocols too")  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="FILE", help="JSON as in DIR/config.json")
    add_settings(parser, ", e.g. window_s=6")
    parser.add_argument("--seed", type=whole, metavar="N")
    parser.add_argument("--epochs", type=whole, metavar="N")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Learn, and say what came out.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.commands.progress import training_bar
    from training.pretraining.run import pretrain
    from training.pretraining.run_folder import EncoderFolder
    from training.pretraining.sources import find_sources

    console = Console(stderr=True)
    folder, config = EncoderFolder(arguments.folder), _config(arguments)
    sources = find_sources(arguments.paths, everybody=arguments.everybody)
    if sources.left_out:
        tell(
            console,
            f"{sources.left_out} videos that published protocols test on are left out; "
            "--everybody takes them",
        )
    with training_bar(console) as watch:
        log = pretrain(folder, config, sources.chosen, watch=watch)
    data, last = folder.data(), log[-1]
    held = "".join(f", held out {value:.3f}" for value in last.validation.values())
    tell(
        console,
        f"{folder.path}: {data.windows} windows of {data.streams} streams, {data.hours:.2f} h; "
        f"loss {last.loss:.3f}{held}",
    )
    return 0


def _config(arguments: argparse.Namespace) -> "PretrainConfig":
    from engine.config_settings import parsed_changes
    from training.pretraining.config import PretrainConfig, completed
    from training.runs.config_file import overridden, read_config

    given = arguments.config
    config = read_config(given, PretrainConfig) if given else PretrainConfig()
    options = {
        "encoder": arguments.model,
        "recipe.seed": arguments.seed,
        "recipe.epochs": arguments.epochs,
    }
    named = {key: value for key, value in options.items() if value is not None}
    if "encoder" in named:
        config = overridden(config, {"encoder": named["encoder"]})
    return overridden(completed(config), {**parsed_changes(arguments.settings), **named})

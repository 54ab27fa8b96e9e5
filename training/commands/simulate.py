"""`simulate`: people who fidget, as shards of features and labels."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from engine.commands.numbers import positive
from engine.commands.tell import tell
from training.commands.parsing import add_command, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "simulate", "Make shards of simulated people for all splits.",
        "simulate --out out/shards --hours 20",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder of the shards; those there already are kept")  # fmt: skip
    parser.add_argument("--hours", type=positive, default=20.0, metavar="H",
                        help="of motion to train on (20)")  # fmt: skip
    parser.add_argument("--validation-hours", type=positive, default=1.5, metavar="H", help="1.5")
    parser.add_argument("--test-hours", type=positive, default=2.5, metavar="H", help="2.5")
    parser.add_argument("--seconds", type=positive, default=40.0, metavar="S",
                        help="length of a sequence (40)")  # fmt: skip
    parser.add_argument("--seed", type=whole, default=0, metavar="N")
    parser.add_argument("--no-noise", action="store_true", help="a perfect tracker")
    parser.add_argument("--no-hard-negatives", action="store_true",
                        help="nobody does what only looks like a gesture")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make what is not there yet.

    Returns:
        0.

    Raises:
        UsageError: The folder cannot be written.
    """
    from training.simulator.make import SimulatorConfig, make_shards
    from training.simulator.ticks import RATE_HZ

    config = SimulatorConfig(
        seconds=arguments.seconds,
        noise="none" if arguments.no_noise else "fitted",
        hard_negatives=not arguments.no_hard_negatives,
    )
    hours = {
        "validation": arguments.validation_hours,
        "test": arguments.test_hours,
        "train": arguments.hours,
    }
    console = Console(stderr=True)
    for split, wanted_h in hours.items():
        count = math.ceil(wanted_h * 3600 / (config.ticks / RATE_HZ * config.sequences))
        shards = make_shards(config, split, count, arguments.out, arguments.seed)
        for _ in track(shards, split, total=count, console=console):
            pass
        tell(console, f"{arguments.out / split}: {count} shards of {config.sequences} sequences")
    return 0

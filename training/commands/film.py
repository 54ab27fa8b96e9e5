"""`film`: what scripts of the simulator look like, as pictures for a person to judge."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "film", "Draw scripts of the simulator as film strips.",
        "film touch_ears fold_arms --out out/film",
        needs=("matplotlib",),
    )  # fmt: skip
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help="default: all")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=whole, default=0, metavar="N")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw one picture a script.

    Returns:
        0.

    Raises:
        UsageError: There is no such script, or a picture cannot be written.
    """
    from training.simulator.filmstrip import draw_filmstrip
    from training.simulator.scripts.table import SCRIPTS

    console = Console(stderr=True)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name in arguments.scripts or [script.name for script in SCRIPTS]:
            path = arguments.out / f"{name}.png"
            draw_filmstrip(name, path, arguments.seed)
            tell(console, f"wrote {path}")
    except OSError as error:
        raise UsageError(f"{arguments.out}: cannot be written: {error}") from error
    return 0

"""`synthesize`: simulated people as a data set in iMiGUE's layout."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from engine.commands.numbers import positive
from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "synthesize", "Make a data set of simulated people in iMiGUE's layout.",
        "synthesize --out out/synthetic --videos 36",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument("--videos", type=whole, default=36, metavar="N", help="36")
    parser.add_argument("--seconds", type=positive, default=60.0, metavar="S",
                        help="length of a video (60)")  # fmt: skip
    parser.add_argument("--seed", type=whole, default=0, metavar="N")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the data set.

    Returns:
        0.

    Raises:
        UsageError: The folder is in use or cannot be written, or there are not so many videos.
    """
    from training.datasets import published
    from training.synthetic.release import synthesize

    most = published.VIDEOS - len(published.BROKEN)
    if not 1 <= arguments.videos <= most:
        raise UsageError(f"--videos: expected 1 to {most}, got {arguments.videos}")
    console = Console(stderr=True)
    made = synthesize(arguments.out, arguments.videos, arguments.seconds, arguments.seed)
    for _ in track(made, "filming", total=arguments.videos, console=console):
        pass
    tell(console, f"{arguments.out}: {arguments.videos} videos; see its README.txt")
    return 0

"""`prepare`: is this copy of a data set whole, and what is it good for?"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.progress import Progress

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.datasets.inspection import Inspection


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "prepare", "Check a copy of iMiGUE or SMG, and tell what it is good for.",
        "prepare data/imigue --json imigue.json",
    )  # fmt: skip
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of the copy, or above it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all findings there too")
    parser.add_argument("--quick", action="store_true", help="labels only: leave the points unread")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is there and what is wrong.

    Returns:
        0 if the copy can be used, 2 if not.

    Raises:
        UsageError: The folder holds no data set that is known.
    """
    from training.datasets.inspection_tables import lines
    from training.datasets.preparation import inspect

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("looking through", total=None)
        found = inspect(
            arguments.folder,
            lambda done, total: progress.update(task, completed=done, total=total),
            quick=arguments.quick,
        )
    if arguments.json:
        _write(arguments.json, found)
    console = Console()
    for line in lines(found):
        tell(console, line)
    return 0 if found.usable else UsageError.exit_code


def _write(path: Path, found: "Inspection") -> None:
    tree = {**msgspec.to_builtins(found), "usable": found.usable}
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(tree)) + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error

"""What the commands' parsers have in common."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_command(
    commands: "Subparsers", name: str, text: str, example: str, *, needs: Sequence[str] = ()
) -> argparse.ArgumentParser:
    """A command with its help and an example.

    Args:
        commands: Where it goes.
        name: What it is called.
        text: One line about it.
        example: Arguments of a call, without `python -m training`.
        needs: Packages without which it can do nothing, beyond those that the engine has.
    """
    parser = commands.add_parser(
        name, help=text, description=text, epilog=f"Example: python -m training {example}"
    )
    parser.set_defaults(needs=tuple(needs))
    return parser


def add_data(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """`--data` and `--seed` of commands that fit models to a data set."""
    parser.add_argument("--data", type=Path, required=required, metavar="DIR",
                        help="a copy of iMiGUE, or what `synthesize` wrote")  # fmt: skip
    parser.add_argument("--seed", type=whole, default=0, metavar="N")


def add_settings(parser: argparse.ArgumentParser, text: str = "") -> None:
    """`--set`, parsed by `engine.config_settings.parsed_changes`.

    Args:
        parser: Of the command.
        text: What the help adds.
    """
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE",
                        help=f"one knob, may be repeated{text}")  # fmt: skip


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, 0 or more, got {text}")
    return int(text)

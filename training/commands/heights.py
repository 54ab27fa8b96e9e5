"""`heights`: are gestures found from a camera below, at and above the eyes?"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from engine.errors import UsageError
from training.commands.parsing import add_command, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers

_HEIGHTS_M = (-0.3, 0.0, 0.3, 0.6)


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "heights", "Stage gestures before cameras of several heights.",
        "heights --run runs/first --gestures fold_arms,head_up",
        needs=("torch",),
    )  # fmt: skip
    parser.add_argument("--run", dest="folder", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--gestures",
        metavar="SLUGS",
        type=lambda text: tuple(text.split(",")),
        help="with commas; default: five that arms, shoulders or trunk make",
    )
    parser.add_argument("--people", type=whole, default=24, metavar="N",
                        help="of each variant and height, default 24")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts there too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a table of found gestures.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    import torch

    from training.fitting.calibration import read_calibration
    from training.fitting.fitted_model import load_network
    from training.fitting.run_folder import RunFolder
    from training.fitting.staged import GESTURES, found_from, table
    from training.simulator.scripts import BY_NAME

    gestures = arguments.gestures or GESTURES
    for slug in gestures:
        if slug not in BY_NAME or BY_NAME[slug].label_id is None:
            known = ", ".join(name for name, script in BY_NAME.items() if script.label_id)
            raise UsageError(f"--gestures: '{slug}' is no gesture of {known}")
    folder = RunFolder(arguments.folder)
    network = load_network(folder, torch.device("cpu"))
    calibration = read_calibration(folder.calibration)
    rows = []
    with Console(stderr=True).status("staging") as status:
        for slug in gestures:
            status.update(f"staging {slug}")
            cells = [
                found_from(network, calibration, slug, height_m, arguments.people)
                for height_m in _HEIGHTS_M
            ]
            rows.append((slug, cells))
    if arguments.json:
        counts = {
            slug: dict(zip(map("{:+.1f} m".format, _HEIGHTS_M), map(vars, cells), strict=True))
            for slug, cells in rows
        }
        arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(counts)) + b"\n")
    Console().print(table(rows, _HEIGHTS_M), markup=False, highlight=False, soft_wrap=True)
    return 0

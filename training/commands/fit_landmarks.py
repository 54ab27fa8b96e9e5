"""`fit-landmarks`: measure the real tracker on real clips and fit the simulator's noise to it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers

_FITTED = Path(__file__).parents[1] / "simulator" / "landmarks" / "fitted.json"


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "fit-landmarks", "Fit the landmark noise to what the pose stage does on clips.",
        "fit-landmarks clips --cache out/poses --picture out/landmarks.png",
        needs=("matplotlib",),
    )  # fmt: skip
    parser.add_argument("clips", type=Path, metavar="CLIPS",
                        help="folder with video/ and annotations.csv")  # fmt: skip
    parser.add_argument("--cache", type=Path, required=True, metavar="DIR",
                        help="poses of the clips are kept there")  # fmt: skip
    parser.add_argument("--out", type=Path, default=_FITTED, metavar="FILE",
                        help="the fit; default the one that `simulate` uses")  # fmt: skip
    parser.add_argument("--picture", type=Path, required=True, metavar="FILE",
                        help="measured against simulated, as PNG")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit as the arguments say.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.simulator.landmarks.command import fit_landmarks

    console = Console(stderr=True)
    with console.status("reading") as status:
        fit_landmarks(
            arguments.clips, arguments.cache, arguments.out, arguments.picture, status.update
        )
    tell(console, f"wrote {arguments.out} and {arguments.picture}")
    return 0

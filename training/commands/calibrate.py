"""`calibrate`: honest scores and per-class operating points, from validation simulation alone."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.fitting.run_folder import RunFolder


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "calibrate", "Fit temperature and operating points of a trained run.",
        "calibrate --run runs/first",
        needs=("torch",),
    )  # fmt: skip
    parser.add_argument("--run", dest="folder", type=Path, required=True, metavar="DIR")
    parser.add_argument("--shards", type=Path, metavar="DIR", help="default: those of the run")
    parser.add_argument(
        "--device", default="auto", metavar="NAME", help="auto (default), cpu, cuda"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Calibrate as the arguments say.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.fitting.run_folder import RunFolder

    calibrate(RunFolder(arguments.folder), arguments.shards, arguments.device, Console(stderr=True))
    return 0


def calibrate(folder: "RunFolder", shards: Path | None, device_name: str, console: Console) -> None:
    """Fit on the validation split, write the file, and tell what changed.

    Args:
        folder: Of a trained run.
        shards: Where the shards are; those of the run if None.
        device_name: `auto`, `cpu` or `cuda`.
        console: For a person.
    """
    from training.fitting.calibrate_run import calibrated
    from training.fitting.calibration import write_calibration
    from training.fitting.fitted_model import load_network
    from training.runs.device import chosen_device
    from training.simulator.shards import load_shards

    config, device = folder.config(), chosen_device(device_name)
    network = load_network(folder, device)
    with console.status("calibrating on validation simulation"):
        found = calibrated(
            network, load_shards(shards or Path(config.data.folder), "validation"), device
        )
    write_calibration(folder.calibration, found)
    assert found.before is not None
    assert found.after is not None
    tell(
        console,
        f"{folder.calibration}: temperature {found.temperature:.2f}, group weight "
        f"{found.group_weight:g}, nll {found.before.nll:.3f} -> {found.after.nll:.3f}, calibration "
        f"error {found.before.ece:.3f} -> {found.after.ece:.3f}",
    )

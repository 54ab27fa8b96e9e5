"""`export`: a trained run as one ONNX file that the engine can serve."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands import live_runs
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.fitting.run_folder import RunFolder


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "export", "Write a trained run as ONNX with its metadata inside.",
        "export --run runs/first --out model.onnx",
        needs=("torch", "onnx", "onnxscript"),
    )  # fmt: skip
    parser.add_argument("--run", dest="folder", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: DIR/model.onnx")
    parser.add_argument(
        "--date",
        default="",
        metavar="TEXT",
        help="goes into the file; without it the same run of our own network gives the same bytes",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Export as the arguments say.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.clips.load_run import is_clip_run
    from training.fitting.run_folder import RunFolder

    folder, console = RunFolder(arguments.folder), Console(stderr=True)
    out = arguments.out or folder.onnx
    if is_clip_run(arguments.folder):
        live_runs.export(arguments.folder, out, console, arguments.date)
    else:
        export(folder, out, console, arguments.date)
    return 0


def export(folder: "RunFolder", path: Path, console: Console, date: str = "") -> None:
    """Write the file and tell its size.

    Args:
        folder: Of a trained and calibrated run.
        path: Where to.
        console: For a person.
        date: Goes into the file.

    Raises:
        ConfigError: The run is not finished.
        UsageError: The file cannot be written.
    """
    import torch

    from training.fitting.export_run import described
    from training.fitting.fitted_model import load_network
    from training.network.export import export_step

    network = load_network(folder, torch.device("cpu"))
    metadata = described(folder, network, date)
    try:
        export_step(network, metadata, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error}") from error
    tell(console, f"{path}: {path.stat().st_size / 1e6:.2f} MB, step form, one stream")

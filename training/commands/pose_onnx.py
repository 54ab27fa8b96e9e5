"""`pose-onnx`: the networks of mediapipe's wheel as ONNX, for onnxruntime and TensorRT."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from plugins.pose.direct.network_files import modules_folder
from training.commands.parsing import add_command
from training.pose_onnx.networks import NETWORKS

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.pose_onnx.make import Made


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "pose-onnx", "Write the networks of the pose stage as ONNX, each checked against "
        "the original in mediapipe's wheel.",
        "pose-onnx --out out/pose --network pose_landmark_full --keep landmarks flag heatmap",
        needs=("onnx", "matplotlib"),
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--network",
        nargs="+",
        choices=NETWORKS,
        default=[*NETWORKS],
        metavar="NAME",
        help=f"default: all of them, {', '.join(NETWORKS)}",
    )
    parser.add_argument(
        "--keep",
        nargs="+",
        metavar="OUTPUT",
        help="of one network; default: those that the pose stage can use; what only the others "
        "need is left out",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Convert as the arguments say.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.pose_onnx.check import check_openvino
    from training.pose_onnx.make import make_onnx

    _check_one(arguments.network, arguments.keep)
    check_openvino()
    console, modules = Console(stderr=True), modules_folder()
    for name in arguments.network:
        network = NETWORKS[name]
        with console.status(f"converting {name}"):
            made = make_onnx(network, arguments.keep or network.kept, modules, arguments.out)
        _tell(made, console)
    return 0


def _check_one(networks: Sequence[str], keep: Sequence[str] | None) -> None:
    if keep and len(networks) != 1:
        raise UsageError(
            f"--keep names outputs of one network: give it with --network, got {len(networks)}"
        )


def _tell(made: "Made", console: Console) -> None:
    tell(console, f"{made.path}: {made.path.stat().st_size / 1e6:.2f} MB")
    for one in made.differences:
        tell(
            console,
            f"  {one.output} ({one.unit.value}): differs by {one.largest:.1e} at most, "
            f"{one.part:.1e} where {one.limit:.0e} is allowed",
        )

"""`precision`: an exported model in fp16, bf16 or int8, and how like the original it is."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from engine.variant import Precision, Variant
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers

_SAMPLE = Path(__file__).parents[2] / "samples" / "sample.mcap"


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "precision", "Make a variant of an exported model in another precision, judge it "
        "on simulated test people, and write the report into it.",
        "precision model.onnx --to int8 --calibrate desk.mcap sofa.mcap --judge car.mcap",
        needs=("onnx",),
    )  # fmt: skip
    parser.add_argument("model", type=Path, metavar="MODEL.onnx")
    parser.add_argument("--to", choices=get_args(Precision), required=True)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="default: the model's name with the precision, in this folder",
    )
    for name, default, text in (
        ("--calibrate", [_SAMPLE], "int8: what ranges are taken from (the shipped sample)"),
        ("--judge", [], "what it is judged on beside the simulated people"),
    ):
        parser.add_argument(
            name, type=Path, nargs="+", default=default, metavar="REC.mcap", help=text
        )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the variant and tell what it is worth.

    Returns:
        0, also for a variant that `auto` will refuse.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.precision.make import make_variant
    from training.precision.material import recorded, simulated

    console, to = Console(stderr=True), arguments.to
    out = arguments.out or Path(f"{arguments.model.stem}.{to}.onnx")
    calibrate = arguments.calibrate if to == "int8" else []
    _check_apart(calibrate, arguments.judge)
    with console.status(f"making {out}"):
        calibration = [recorded(path) for path in calibrate]
        judged_on = [simulated(), *map(recorded, arguments.judge)]
        variant = make_variant(arguments.model, to, out, calibration, judged_on)
    _tell(variant, out, console)
    return 0


def _check_apart(calibrate: list[Path], judge: list[Path]) -> None:
    both = {path.resolve() for path in calibrate} & {path.resolve() for path in judge}
    if both:
        raise UsageError(
            f"{min(both)}: a variant cannot be judged on what it was calibrated with: give other "
            "recordings to --judge or to --calibrate"
        )


def _tell(variant: Variant, out: Path, console: Console) -> None:
    from engine.serving.limits import ServingLimits
    from engine.serving.variants import doubt
    from plugins.recognizers.graph.model_file import read_model

    why = doubt(read_model(out).graph, ServingLimits().variant)
    tell(console, f"{out}: {out.stat().st_size / 1e6:.2f} MB, {variant.precision}")
    tell(console, str(variant.parity))
    tell(console, f"`auto` will not serve it: {why}" if why else "within the tolerance of `auto`")

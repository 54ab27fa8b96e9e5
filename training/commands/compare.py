"""`compare`: the paper's methods on one data set, in one table."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command, add_data, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "compare", "Fit the paper's methods to a data set and put them beside it.",
        "compare --data out/synthetic --models lstm,st-gcn --out results.csv",
    )  # fmt: skip
    add_data(parser)
    parser.add_argument("--protocol", default="cross-subject",
                        help="cross-subject (the paper's, default) or miga")  # fmt: skip
    parser.add_argument("--models", metavar="NAMES", type=lambda text: tuple(text.split(",")),
                        help="with commas; default: all")  # fmt: skip
    parser.add_argument("--epochs", type=whole, default=30, metavar="N", help="30")
    parser.add_argument("--out", type=Path, metavar="FILE", help="csv to which results are added")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, judge and print.

    Returns:
        0.

    Raises:
        UsageError: An argument or the data set is not what it must be.
        ModelError: A model's loss is no number any more.
    """
    from training.clips.clip_set import gather
    from training.clips.comparison import compared
    from training.clips.fitting import ClipRecipe
    from training.clips.protocols import PROTOCOLS, clip_split
    from training.clips.results_table import append, table
    from training.datasets.opening import open_dataset
    from training.evaluation.intervals import few_units
    from training.synthetic.release import is_synthetic
    from training.zoo.zoo import ZOO

    names = arguments.models or tuple(ZOO)
    for name, known in ((arguments.protocol, PROTOCOLS), *((name, ZOO) for name in names)):
        if name not in known:
            raise UsageError(f"'{name}': expected one of {', '.join(known)}")
    if not arguments.epochs:
        raise UsageError("--epochs: expected 1 or more, got 0")
    console = Console(stderr=True)
    data, synthetic = open_dataset(arguments.data), is_synthetic(arguments.data)
    split = clip_split(data, arguments.protocol)
    recipe = ClipRecipe(epochs=arguments.epochs, seed=arguments.seed)
    with console.status("reading") as status:
        train = gather(data, split.train, status.update)
        test = gather(data, split.test, status.update)
        tell(console, f"{len(train)} clips to train on, {len(test)} to test on")
        if few := few_units(len(set(test.subjects)), "people"):
            tell(console, few)

        def told(name: str, epoch: int, loss: float) -> None:
            status.update(f"{name}: epoch {epoch} of {recipe.epochs}, loss {loss:.3f}")

        rows = list(compared(names, train, test, recipe, told))
    what = "synthetic, not comparable with published figures" if synthetic else data.name
    title = f"{arguments.protocol}: {what}"
    Console().print(table(rows, title, comparable=not synthetic))
    if arguments.out:
        append(
            arguments.out, rows, protocol=arguments.protocol, synthetic=synthetic,
            train_clips=len(train), test_clips=len(test), epochs=recipe.epochs, seed=recipe.seed,
        )  # fmt: skip
    return 0

"""`compare`: the paper's methods on one data set, in one table."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands import clip_runs
from training.commands.parsing import add_command, add_data, add_settings, whole

if TYPE_CHECKING:
    from training.clips.run_config import ClipRunConfig
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "compare", "Fit the paper's methods to a data set and put them beside it.",
        "compare --data out/synthetic --models lstm,st-gcn --out results.csv",
        needs=("torch", "matplotlib"),
    )  # fmt: skip
    add_data(parser)
    parser.add_argument("--protocol", default="cross-subject",
                        help="cross-subject (the paper's, default) or miga")  # fmt: skip
    parser.add_argument("--models", metavar="NAMES", type=lambda text: tuple(text.split(",")),
                        help="with commas; default: all")  # fmt: skip
    parser.add_argument("--epochs", type=whole, default=30, metavar="N", help="30")
    add_settings(parser, ", of every run; nobody is held out without validation_share=0.1")
    parser.add_argument("--run", dest="runs", type=Path, metavar="DIR",
                        help="keep a folder a model there: broken off, it goes on there, and what "
                        "is finished is not trained again")  # fmt: skip
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
    from training.clips.comparison import compared
    from training.clips.results_table import append, check_columns, table
    from training.evaluation.intervals import few_units
    from training.runs.workers import several

    if several():
        raise UsageError("expected one process, torchrun started several: use it with `train`")
    if arguments.out is not None:
        check_columns(arguments.out)
    console = Console(stderr=True)
    configs = _configs(arguments)
    first = configs[0]
    parts = clip_runs.parts_of(first, console, test=True)
    assert parts.test is not None
    if few := few_units(len(parts.test.people), "people"):
        tell(console, few)
    with console.status("fitting") as status, _home(arguments.runs) as home:

        def told(name: str, step: int, total: int, loss: float, epoch: int) -> None:
            status.update(f"{name}: epoch {epoch + 1}, step {step} of {total}, loss {loss:.3f}")

        rows = []
        for row in compared(configs, home, parts, told):
            rows.append(row)
            tell(console, f"{row.name}: top-1 {row.figures.top1}")
    title = f"{first.protocol}: {clip_runs.data_title(first, parts)}"
    Console().print(table(rows, title, comparable=not parts.synthetic))
    if arguments.out:
        append(arguments.out, rows, **clip_runs.columns(first, parts, len(parts.test)))
    return 0


def _configs(arguments: argparse.Namespace) -> "list[ClipRunConfig]":
    from engine.config_settings import parsed_changes
    from training.clips.protocols import PROTOCOLS
    from training.clips.run_config import ClipRunConfig, completed
    from training.runs.config_file import overridden
    from training.zoo.zoo import ZOO

    names = arguments.models or tuple(ZOO)
    for name, known in ((arguments.protocol, PROTOCOLS), *((name, ZOO) for name in names)):
        if name not in known:
            raise UsageError(f"'{name}': expected one of {', '.join(known)}")
    if not arguments.epochs:
        raise UsageError("--epochs: expected 1 or more, got 0")
    changes = {
        "data": str(arguments.data),
        "protocol": arguments.protocol,
        "validation_share": 0.0,
        "recipe.epochs": arguments.epochs,
        "recipe.seed": arguments.seed,
        **parsed_changes(arguments.settings),
    }
    made = [overridden(completed(ClipRunConfig(model=name)), changes) for name in names]
    if any(config.live for config in made):
        raise UsageError(
            "live: `compare` judges clips as papers do; `evaluate --online` live models"
        )
    return [completed(config) for config in made]


@contextmanager
def _home(folder: Path | None) -> Iterator[Path]:
    """Where the runs are kept, or a place for as long as they are needed."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)

"""`emotion`: was the match won? Models over gesture sequences, on one data set, in one table."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from engine.commands.tell import tell
from training.commands.parsing import add_command, add_data

if TYPE_CHECKING:
    from engine.emotion_weights import FittedWeights
    from training.commands.parsing import Subparsers
    from training.emotion.study import Study

# Of iMiGUE's paper, on the same 100 test videos: LSTM over the gestures of two recognisers.
_PUBLISHED = {"LSTM": "0.55 (U-S-VAE), 0.60 (TSM)"}


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "emotion", "Fit models of the outcome to annotated gestures.",
        "emotion --data out/synthetic",
    )  # fmt: skip
    add_data(parser)
    parser.add_argument("--disjoint", action="store_true",
                        help="leave out test videos that the challenge trains on")  # fmt: skip
    parser.add_argument("--weights", action="store_true", help="print the fitted weights")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="write the fitted weights, for the live engine")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, judge and print.

    Returns:
        0.

    Raises:
        UsageError: The data set is not what it must be, or the file cannot be written.
    """
    from training.datasets.leakage import leakage
    from training.datasets.opening import open_dataset
    from training.emotion.models import models
    from training.emotion.study import by_protocol
    from training.evaluation.intervals import few_units
    from training.synthetic.release import is_synthetic

    console = Console(stderr=True)
    data = open_dataset(arguments.data)
    with console.status("reading") as status:
        study = by_protocol(
            data, models(), synthetic=is_synthetic(arguments.data), disjoint=arguments.disjoint,
            seed=arguments.seed, tell=status.update,
        )  # fmt: skip
    tell(console, str(leakage(video for video in data.videos if video.has_labels)))
    if few := few_units(study.people, "people"):
        tell(console, few)
    Console().print(_table(study))
    if arguments.weights or arguments.out:
        _weights(study, arguments, console)
    return 0


def _weights(study: "Study", arguments: argparse.Namespace, console: Console) -> None:
    """Fitted to the training videos only, so that the figures are about these very weights."""
    from training.emotion.weights_file import fitted_weights
    from training.fit_files import write_fit

    weights = fitted_weights(study, arguments.seed)
    if arguments.weights:
        Console().print(_weights_table(weights))
    if arguments.out:
        write_fit(arguments.out, weights)
        tell(console, f"wrote {arguments.out}: {weights.identity}")


def _table(study: "Study") -> Table:
    what = "synthetic, not comparable with published figures" if study.synthetic else study.data
    table = Table(title=f"{what}: {len(study.train)} videos to train on, {len(study.test)} to test")
    for name in ("model", "accuracy", "balanced", "AUC", "log loss", "published accuracy"):
        table.add_column(name)
    for name, own in study.figures.items():
        cells = (own.accuracy, own.balanced, own.auc, own.log_loss)
        table.add_row(name, *map(str, cells), _PUBLISHED.get(name, "-"))
    return table


def _weights_table(weights: "FittedWeights") -> Table:
    table = Table(title="log-likelihood ratio of one gesture: above 0 speaks for a win")
    for name in ("gesture", "weight", "standard deviation"):
        table.add_column(name)
    for slug, own in weights.classes.items():
        table.add_row(slug, f"{own.weight:+.3f}", f"{own.sd:.3f}")
    return table

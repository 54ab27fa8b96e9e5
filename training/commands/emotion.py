"""`emotion`: was the match won? Models over gesture sequences, on one data set, in one table."""

import argparse
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command, add_data

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.emotion.comparison import EmotionFigures

# Of iMiGUE's paper, on the same 100 test videos: LSTM over the gestures of two recognisers.
_PUBLISHED = {"LSTM": "0.55 (U-S-VAE), 0.60 (TSM)"}


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "emotion", "Fit models of the outcome to annotated gestures.",
        "emotion --data out/synthetic",
        needs=("torch",),
    )  # fmt: skip
    add_data(parser)
    parser.add_argument("--disjoint", action="store_true",
                        help="leave out test videos that the challenge trains on")  # fmt: skip
    parser.add_argument("--weights", action="store_true", help="print the fitted weights")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, judge and print.

    Returns:
        0.

    Raises:
        UsageError: The data set is not what it must be.
    """
    from training.datasets.leakage import disjoint_emotion_split, leakage
    from training.datasets.opening import open_dataset
    from training.datasets.splits import emotion_split
    from training.emotion.annotated import annotated
    from training.emotion.comparison import compared
    from training.emotion.models import models
    from training.emotion.weights_of_evidence import fit
    from training.evaluation.intervals import few_units
    from training.synthetic.release import is_synthetic

    console = Console(stderr=True)
    data = open_dataset(arguments.data)
    usable = [video for video in data.videos if video.has_labels]
    split = (disjoint_emotion_split if arguments.disjoint else emotion_split)(usable)
    with console.status("reading") as status:
        train = annotated(data, split.train, status.update)
        test = annotated(data, split.test, status.update)
        outcomes = {one.positive for one in train}, {one.positive for one in test}
        if any(len(part) < 2 for part in outcomes):
            raise UsageError(
                f"{data.name}: expected won and lost matches among the emotion protocol's videos, "
                f"got {len(train)} to train on and {len(test)} to test on"
            )
        status.update("fitting")
        told = compared(models(), train, test, arguments.seed)
    tell(console, str(leakage(usable)))
    if few := few_units(len({one.subject for one in test}), "people"):
        tell(console, few)
    what = "synthetic, not comparable with published figures"
    title = what if is_synthetic(arguments.data) else data.name
    Console().print(_table(told, f"{title}: {len(train)} videos to train on, {len(test)} to test"))
    if arguments.weights:
        Console().print(_weights(fit(train, arguments.seed).table()))
    return 0


def _table(told: "dict[str, EmotionFigures]", title: str) -> Table:
    table = Table(title=title)
    for name in ("model", "accuracy", "balanced", "AUC", "log loss", "published accuracy"):
        table.add_column(name)
    for name, own in told.items():
        cells = (own.accuracy, own.balanced, own.auc, own.log_loss)
        table.add_row(name, *map(str, cells), _PUBLISHED.get(name, "-"))
    return table


def _weights(weights: dict[str, tuple[float, float]]) -> Table:
    table = Table(title="log-likelihood ratio of one gesture: above 0 speaks for a win")
    for name in ("gesture", "weight", "standard deviation"):
        table.add_column(name)
    for slug, (weight, error) in weights.items():
        table.add_row(slug, f"{weight:+.3f}", f"{error:.3f}")
    return table

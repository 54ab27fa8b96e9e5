"""`emotion`: how did it end? Models over gesture sequences in one table, and weights to use."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from engine.commands.tell import tell
from engine.errors import UsageError
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
        commands, "emotion", "Fit models of the outcome to gestures, annotated or recorded.",
        "emotion --data out/synthetic --out weights.json",
    )  # fmt: skip
    add_data(parser, required=False)
    parser.add_argument("--disjoint", action="store_true",
                        help="leave out test videos that the challenge trains on")  # fmt: skip
    parser.add_argument("--events", type=Path, metavar="DIR",
                        help="in place of --data: recordings, or what `analyze` wrote")  # fmt: skip
    parser.add_argument("--outcomes", type=Path, metavar="FILE.csv",
                        help="of --events: recording,outcome,subject")  # fmt: skip
    parser.add_argument("--synthetic", action="store_true",
                        help="--events are of simulated people")  # fmt: skip
    parser.add_argument("--weights", action="store_true", help="print the fitted weights")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="write the fitted weights, for the live engine")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit, judge and print.

    Returns:
        0.

    Raises:
        UsageError: The arguments or the data are not what they must be, or the file cannot be
            written.
    """
    from training.evaluation.intervals import few_units

    _check(arguments)
    console = Console(stderr=True)
    study = (_of_recordings if arguments.events else _of_data_set)(arguments, console)
    if few := few_units(study.people, "people"):
        tell(console, few)
    Console().print(_table(study))
    if arguments.weights or arguments.out:
        _weights(study, arguments, console)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if (arguments.data is None) == (arguments.events is None):
        raise UsageError("expected either --data, or --events with --outcomes")
    if (arguments.events is None) != (arguments.outcomes is None):
        raise UsageError("expected --events and --outcomes together")
    if arguments.events and arguments.disjoint:
        raise UsageError("--disjoint is about the protocol of --data: recordings have none")


def _of_data_set(arguments: argparse.Namespace, console: Console) -> "Study":
    from training.datasets.leakage import leakage
    from training.datasets.opening import open_dataset
    from training.emotion.models import models
    from training.emotion.study import by_protocol
    from training.synthetic.release import is_synthetic

    data = open_dataset(arguments.data)
    with console.status("reading") as status:
        study = by_protocol(
            data, models(), synthetic=is_synthetic(arguments.data), disjoint=arguments.disjoint,
            seed=arguments.seed, tell=status.update,
        )  # fmt: skip
    tell(console, str(leakage(video for video in data.videos if video.has_labels)))
    return study


def _of_recordings(arguments: argparse.Namespace, console: Console) -> "Study":
    from training.emotion.models import models
    from training.emotion.outcomes import read_outcomes
    from training.emotion.recorded import recorded
    from training.emotion.study import across_people

    folder = arguments.events
    with console.status("reading") as status:
        told = recorded(folder, read_outcomes(arguments.outcomes), status.update)
        status.update("fitting")
        study = across_people(
            folder.resolve().name, told, models(),
            synthetic=arguments.synthetic, seed=arguments.seed,
        )  # fmt: skip
    if len(told.recognizers) > 1:
        tell(console, f"not all were watched by the same recogniser: {study.gestures}")
    if told.others:
        tell(console, f"{told.others} gestures of classes that are not iMiGUE's are left out")
    return study


def _weights(study: "Study", arguments: argparse.Namespace, console: Console) -> None:
    """Print and write what `fitted_weights` makes of a study."""
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
    videos = f"{len(study.train)} videos to train on, {len(study.test)} to test"
    table = Table(title=f"{what}: {videos}; {study.how}")
    for name in ("model", "accuracy", "balanced", "AUC", "log loss", "published accuracy"):
        table.add_column(name)
    for name, own in study.figures.items():
        cells = (own.accuracy, own.balanced, own.auc, own.log_loss)
        table.add_row(name, *map(str, cells), _PUBLISHED.get(name, "-"))
    return table


def _weights_table(weights: "FittedWeights") -> Table:
    table = Table(title="log-likelihood ratio of one gesture: above 0 speaks for positive")
    for name in ("gesture", "weight", "standard deviation"):
        table.add_column(name)
    for slug, own in weights.classes.items():
        table.add_row(slug, f"{own.weight:+.3f}", f"{own.sd:.3f}")
    return table

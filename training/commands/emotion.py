"""`emotion`: how did it end? Models over gesture sequences in one table, and weights to use."""

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from engine.commands.numbers import positive
from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command, add_data, whole

if TYPE_CHECKING:
    from engine.emotion_weights import FittedWeights
    from training.commands.parsing import Subparsers
    from training.datasets.dataset import DataSet
    from training.emotion.models import Fit
    from training.emotion.study import Study

# Of iMiGUE's paper, on the same 100 test videos: LSTM over the gestures of two recognisers.
_PUBLISHED = {"LSTM": "0.55 (U-S-VAE), 0.60 (TSM)"}


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "emotion", "Fit models of the outcome to gestures, annotated or recorded.",
        "emotion --data out/synthetic --out weights.json",
        needs=("torch",),
    )  # fmt: skip
    add_data(parser, required=False)
    parser.add_argument("--disjoint", action="store_true",
                        help="leave out test videos that the challenge trains on")  # fmt: skip
    parser.add_argument("--events", type=Path, metavar="DIR",
                        help="in place of --data: recordings, or what `analyze` wrote")  # fmt: skip
    parser.add_argument("--outcomes", type=Path, metavar="FILE.csv",
                        help="of --events: recording,outcome,subject")  # fmt: skip
    parser.add_argument("--synthetic", action="store_true",
                        help="the people are simulated; known of `synthesize`'s")  # fmt: skip
    parser.add_argument("--end-to-end", metavar="MODEL",
                        help="a row more: MODEL names clips and learns with the LSTM")  # fmt: skip
    parser.add_argument("--windows", type=positive, metavar="S",
                        help="clips of S seconds for it, not the labelled ones")  # fmt: skip
    parser.add_argument("--epochs", type=whole, metavar="N", help="of it; 30")
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
    Console().print(_table(study, arguments))
    if arguments.weights or arguments.out:
        _weights(study, arguments, console)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if (arguments.data is None) == (arguments.events is None):
        raise UsageError("expected either --data, or --events with --outcomes")
    if (arguments.events is None) != (arguments.outcomes is None):
        raise UsageError("expected --events and --outcomes together")
    if arguments.events and (arguments.disjoint or arguments.end_to_end):
        raise UsageError("--disjoint and --end-to-end are about --data, not about recordings")
    if arguments.epochs == 0:
        raise UsageError("--epochs: expected 1 or more, got 0")
    if not arguments.end_to_end and (arguments.epochs or arguments.windows):
        raise UsageError("--windows and --epochs are of the model that --end-to-end names")
    if name := arguments.end_to_end:
        from training.emotion.end_to_end import NAMERS

        if name not in NAMERS:
            raise UsageError(f"'{name}': expected a model that names clips, {', '.join(NAMERS)}")


def _of_data_set(arguments: argparse.Namespace, console: Console) -> "Study":
    from training.datasets.leakage import leakage
    from training.datasets.opening import open_dataset
    from training.datasets.silent_videos import left_out_line
    from training.emotion.study import by_protocol
    from training.synthetic.release import is_synthetic

    data = open_dataset(arguments.data)
    synthetic = arguments.synthetic or is_synthetic(arguments.data)
    with console.status("reading") as status:
        study = by_protocol(
            data, _fits(arguments, data), synthetic=synthetic, disjoint=arguments.disjoint,
            seed=arguments.seed, tell=status.update,
        )  # fmt: skip
    tell(console, str(leakage(video for video in data.videos if video.has_labels)))
    if study.left_out:
        tell(console, left_out_line(study.left_out, "how they ended"))
    return study


def _fits(arguments: argparse.Namespace, data: "DataSet") -> "dict[str, Fit]":
    from training.emotion.models import models

    fits = models()
    if name := arguments.end_to_end:
        from training.emotion.end_to_end import EndToEndRecipe, fit_end_to_end
        from training.emotion.video_clips import ClipsOfVideos
        from training.zoo.zoo import build

        told = {"epochs": arguments.epochs} if arguments.epochs else {}
        clips, recipe = ClipsOfVideos(data, arguments.windows or 0.0), EndToEndRecipe(**told)
        fits[f"end to end, {name}"] = partial(fit_end_to_end, partial(build, name), clips, recipe)
    return fits


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


def _table(study: "Study", arguments: argparse.Namespace) -> Table:
    """Published figures stand beside iMiGUE's videos and what imitates them only."""
    what = "synthetic, not comparable with published figures" if study.synthetic else study.data
    videos = f"fitted to {len(study.train)} videos, judged on {len(study.test)}"
    table = Table(title=f"{what}: {videos}: {study.how}")
    for name in ("model", "accuracy", "balanced", "AUC", "log loss"):
        table.add_column(name)
    if arguments.data:
        note = ", not comparable" if study.synthetic or arguments.disjoint else ""
        table.add_column(f"published accuracy{note}")
    for name, own in study.figures.items():
        cells = (own.accuracy, own.balanced, own.auc, own.log_loss)
        published = (_PUBLISHED.get(name, "-"),) if arguments.data else ()
        table.add_row(name, *map(str, cells), *published)
    return table


def _weights_table(weights: "FittedWeights") -> Table:
    table = Table(title="log-likelihood ratio of one gesture: above 0 speaks for positive")
    for name in ("gesture", "weight", "standard deviation"):
        table.add_column(name)
    for slug, own in weights.classes.items():
        table.add_row(slug, f"{own.weight:+.3f}", f"{own.sd:.3f}")
    return table

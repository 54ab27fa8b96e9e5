"""`annotate`: brings a person's annotations of a recording in, checks them, passes them on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.datasets.annotations import Annotation

_SUFFIXES = (".eaf", ".csv")


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "annotate", "Check annotations of a recording, and write them to csv or ELAN.",
        "annotate desk.mcap --from desk.eaf",
    )  # fmt: skip
    parser.add_argument("recording", type=Path, metavar="REC.mcap")
    parser.add_argument("--from", dest="source", type=_annotations, required=True, metavar="FILE",
                        help=".eaf of ELAN, or .csv with label,start_s,end_s")  # fmt: skip
    parser.add_argument("--to", type=_annotations, metavar="FILE",
                        help="default: the other format, beside the recording")  # fmt: skip
    parser.add_argument("--tier", metavar="NAME", help="of ELAN; default: gestures")
    parser.add_argument("--overwrite", action="store_true",
                        help="replace a csv file or a tier that is there")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, tell all faults, and write if there are none.

    Returns:
        0 if the annotations are good, 2 if not.

    Raises:
        UsageError: The recording cannot be read, or the file not be written.
    """
    from engine.wire.recording import open_recording
    from training.datasets.annotations import beyond
    from training.datasets.faults import DataSetError
    from training.datasets.recordings import CSV, ELAN, beside, read_any

    console = Console(stderr=True)
    duration_s = open_recording(arguments.recording).survey.duration_s
    try:
        annotations = read_any(arguments.source, arguments.tier)
        faults = tuple(beyond(annotations, duration_s, str(arguments.source)))
    except DataSetError as error:
        faults = error.faults
    if faults:
        for fault in faults:
            tell(console, str(fault))
        return UsageError.exit_code
    other = CSV if arguments.source.suffix == ELAN else ELAN
    to = arguments.to or beside(arguments.recording, other)
    _write(to, annotations, arguments.tier, overwrite=arguments.overwrite)
    tell(console, f"wrote {to}: {len(annotations)} annotations in {duration_s:.1f} s")
    return 0


def _write(
    to: Path, annotations: "tuple[Annotation, ...]", tier: str | None, *, overwrite: bool
) -> None:
    from training.datasets.annotations import write_annotations
    from training.datasets.elan import read_elan
    from training.datasets.elan_annotations import TIER, write_elan_annotations

    is_elan = to.suffix == ".eaf"
    taken = to.exists() and (not is_elan or (tier or TIER) in read_elan(to).tiers)
    if taken and not overwrite:
        what = f"has a tier '{tier or TIER}'" if is_elan else "exists"
        raise UsageError(f"{to}: {what} already and is not replaced; `--overwrite` does it")
    if is_elan:
        write_elan_annotations(to, annotations, tier)
    else:
        write_annotations(to, annotations)


def _annotations(text: str) -> Path:
    path = Path(text)
    if path.suffix not in _SUFFIXES:
        raise argparse.ArgumentTypeError(f"expected a file .eaf or .csv, got {text}")
    return path

"""`face-places`: would the outline of the face tell better where on the head a hand is?"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from engine.commands.tell import tell
from engine.errors import UsageError
from training.commands.parsing import add_command

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "face-places", "Ask what the outline of the face tells of touches of the head.",
        "face-places --work out/face-places --clips clips",
        needs=("torch",),
    )  # fmt: skip
    # fmt: off
    parser.add_argument("--work", type=Path, required=True, metavar="DIR",
                        help="ticks, classifiers' answers and poses of the clips are kept there; "
                        "what is there is not made again. After a change of code: an empty one")
    parser.add_argument("--clips", type=Path, metavar="DIR",
                        help="folder with video/ and annotations.csv; their touches are judged too")
    parser.add_argument("--fit", action="store_true",
                        help="only measure faces and errors on the clips anew; replaces the fit")
    # fmt: on
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, or simulate, train and judge.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from training.face_places.fit import FITTED, fit
    from training.fit_files import write_fit

    if arguments.fit and not arguments.clips:
        raise UsageError("--fit: needs --clips, the folder to measure")
    console = Console(stderr=True)
    with console.status("face places") as status:
        if arguments.fit:
            write_fit(FITTED, fit(arguments.clips, arguments.work / "poses", status.update))
        else:
            _study(arguments, status.update)
    if arguments.fit:
        tell(console, f"wrote {FITTED}")
    return 0


def _study(arguments: argparse.Namespace, advance: Callable[[str], None]) -> None:
    from training.face_places.clips import face_recordings
    from training.face_places.fit import FITTED, Fitted
    from training.face_places.real import real_touches
    from training.face_places.report import clips_table, found, on_clips, table
    from training.face_places.study import Plan, Study
    from training.fit_files import read_fit

    plan = Plan()
    study = Study(arguments.work, read_fit(FITTED, Fitted), plan, advance)
    numbers = found(study, plan)
    text = table(numbers)
    if arguments.clips:
        recordings = face_recordings(arguments.clips, arguments.work / "poses", advance)
        touches = real_touches(arguments.clips / "annotations.csv", recordings)
        numbers["clips"] = on_clips(study, plan, touches)
        text += "\n\n" + clips_table(numbers["clips"])
    if arguments.json:
        try:
            arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(numbers)) + b"\n")
        except OSError as error:
            raise UsageError(f"{arguments.json}: cannot be written: {error.strerror}") from error
    Console().print(text, markup=False, highlight=False, soft_wrap=True)

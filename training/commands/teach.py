"""`teach`: a detector of a gesture of your own from a few examples."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine.commands.numbers import positive
from engine.commands.tell import tell
from training.commands.parsing import add_command, whole

if TYPE_CHECKING:
    from training.commands.parsing import Subparsers
    from training.teaching.lesson import Lesson


def add(commands: "Subparsers") -> None:
    """Add the command's parser."""
    parser = add_command(
        commands, "teach", "Make a detector of a new gesture from a few examples of it.",
        "teach --encoder runs/encoder --examples clicks.csv --name pen_click --background a.mcap "
        "b.mcap c.mcap --out pen_click.onnx", needs=("torch", "onnx", "onnxscript"),
    )  # fmt: skip
    parser.add_argument("--encoder", type=Path, required=True, metavar="DIR",
                        help="what `pretrain` wrote")  # fmt: skip
    parser.add_argument("--examples", type=Path, required=True, metavar="FILE",
                        help="csv with recording,start_s,end_s; 3 to 10 lines")  # fmt: skip
    parser.add_argument("--name", required=True, metavar="SLUG",
                        help="of the gesture: small letters, digits, _")  # fmt: skip
    parser.add_argument("--background", type=Path, required=True, nargs="+", metavar="REC",
                        help="recordings without the gesture, or folders of them; the more, and "
                        "the more unlike each other, the better")  # fmt: skip
    parser.add_argument("--false-alarms-per-min", type=positive, default=0.5, metavar="N",
                        help="0.5")  # fmt: skip
    parser.add_argument("--id", type=whole, default=1000, metavar="N",
                        help="of the gesture in events: 1000 (default) or more")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx")
    parser.add_argument("--date", default="", metavar="TEXT", help="goes into the file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Learn, write, and tell what may be expected.

    Returns:
        0.

    Raises:
        FidgetError: See the exit codes of the program.
    """
    from engine.labels import own_label
    from training.pretraining.run_folder import load_encoder
    from training.pretraining.sources import find_sources
    from training.teaching.detector_file import write_detector
    from training.teaching.examples import read_examples
    from training.teaching.lesson import learn

    console = Console(stderr=True)
    label = own_label(arguments.id, arguments.name)
    encoder, _ = load_encoder(arguments.encoder)
    examples = read_examples(arguments.examples)
    background = find_sources(arguments.background, everybody=True)
    with console.status("learning"):
        lesson = learn(
            encoder,
            examples,
            background.chosen,
            alarms_per_min=arguments.false_alarms_per_min,
        )
        said = write_detector(encoder, lesson, label, arguments.out, arguments.date)
    _tell(lesson, console)
    tell(
        console,
        f"wrote {arguments.out}: {said.window} ticks, a run in {said.cost_ms:.1f} ms each "
        f"{said.stride} ticks; try it: run_stream.py run --recognizer clip --set "
        f"recognizer.options.model={arguments.out}",
    )
    return 0


def _tell(lesson: "Lesson", console: Console) -> None:
    taught = lesson.detector
    tell(
        console,
        f"each example left out in turn: {taught.examples_found} of {taught.examples} found",
    )
    if 2 * taught.examples_found < taught.examples:
        tell(
            console,
            "most would be missed: show the gesture more alike or more often, or allow more alarms",
        )
    tell(
        console,
        f"{lesson.alarms} alarms in {lesson.minutes:.1f} min of {taught.held_out} background "
        f"sessions held out; more than {lesson.alarms_per_min:g} a minute are to be expected in "
        f"{100 * taught.false_alarm_rate:.0f} % of sessions like these, and nothing is promised of "
        "others",
    )

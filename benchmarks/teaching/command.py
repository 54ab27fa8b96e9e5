"""`python -m benchmarks teach --encoder DIR`: what a few examples are worth, event by event."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.evaluation.intervals import Estimate

if TYPE_CHECKING:
    from benchmarks.teaching.figures import Lessoned
    from benchmarks.teaching.material import Gesture, Person
    from training.zoo.clip_model import ClipEncoder

EXAMPLES = (3, 5, 10)
_DRAWS = 2
_OTHERS = 1
_FEWEST_PEOPLE = 1 + _OTHERS


def add_teach(parser: argparse.ArgumentParser) -> None:
    """Options of the benchmark."""
    parser.add_argument("--encoder", type=Path, required=True, metavar="DIR",
                        help="what `python -m training pretrain` wrote")  # fmt: skip
    parser.add_argument("--people", type=int, default=6, help=f"{_FEWEST_PEOPLE} or more (6)")
    parser.add_argument("--false-alarms-per-min", type=float, default=1.0, metavar="N",
                        help="what is allowed (1)")  # fmt: skip
    parser.set_defaults(run=_run, show=_show)


def _run(arguments: argparse.Namespace) -> dict[str, Any]:
    from benchmarks.latents.command import random_encoder
    from benchmarks.teaching.figures import rows_of
    from benchmarks.teaching.lessons import RawJoints
    from benchmarks.teaching.material import BACKGROUND, GESTURES, QUIET, SECONDS, filmed
    from engine.errors import UsageError
    from training.pretraining.run_folder import load_encoder

    if arguments.people < _FEWEST_PEOPLE:
        raise UsageError(f"expected {_FEWEST_PEOPLE} people or more, got {arguments.people}")
    encoder, config = load_encoder(arguments.encoder)
    people = []
    for person in filmed(arguments.people):
        people.append(person)
        print(f"{person.name} filmed", file=sys.stderr)
    kinds = {
        "latents": encoder,
        "raw joints": RawJoints().eval(),
        "random weights": random_encoder(config, 0),
    }
    lessons: list[Lessoned] = []
    served = 0
    for name, model in kinds.items():
        lessons += _lessons(name, model, people, arguments.false_alarms_per_min)
        served += _served(model, people[0], GESTURES[0], arguments.false_alarms_per_min)
        print(f"{name}: taught", file=sys.stderr)
    return {
        "allowed_per_min": arguments.false_alarms_per_min,
        "people": len(people),
        "gestures": [f"{name} {way}" for name, way in GESTURES],
        "background_sessions": BACKGROUND,
        "quiet_sessions": QUIET,
        "session_s": SECONDS,
        "events_alike_live": served,
        "rows": [asdict(row) for row in rows_of(lessons)],
        "chance_of_a_worse_session": lessons[0].chance,
        "lessons": [_told(each) for each in lessons],
    }


def _lessons(
    name: str, model: "ClipEncoder", people: "list[Person]", alarms_per_min: float
) -> "Iterator[Lessoned]":
    from benchmarks.teaching.figures import judged
    from benchmarks.teaching.lessons import Cell
    from benchmarks.teaching.material import GESTURES

    for number, person in enumerate(people):
        others = [people[(number + 1 + k) % len(people)] for k in range(_OTHERS)]
        for gesture in GESTURES:
            cell = Cell(model, person, gesture)
            for examples in EXAMPLES:
                for draw in range(1 if examples == max(EXAMPLES) else _DRAWS):
                    lesson = cell.taught(examples, draw, alarms_per_min)
                    yield judged(cell, lesson, gesture, person, others, name)


def _served(
    model: "ClipEncoder", person: "Person", gesture: "Gesture", alarms_per_min: float
) -> int:
    from benchmarks.teaching.lessons import Cell
    from benchmarks.teaching.served import check_served

    cell = Cell(model, person, gesture)
    lesson = cell.taught(max(EXAMPLES), 0, alarms_per_min)
    films = (person.shown[gesture], person.later[gesture], *person.quiet)
    return check_served(model, cell, lesson, films)


def _told(lesson: "Lessoned") -> dict[str, Any]:
    """Of the person who showed the gesture."""
    return {
        "vectors": lesson.vectors,
        "examples": lesson.examples,
        "person": lesson.person,
        "gesture": lesson.gesture,
        "found_left_out": lesson.found_left_out,
        "found": lesson.same.found,
        "gestures": lesson.same.gestures,
        "alarms": lesson.same.alarms,
    }


def _show(_arguments: argparse.Namespace, result: dict[str, Any]) -> None:
    """The figures as a table, to standard error."""
    for row in result["rows"]:
        found, alarms, worse = (
            Estimate(**row[name]) for name in ("found", "alarms_per_min", "worse_sessions")
        )
        delay_s = row["delay_median_s"]
        cells = (
            row["vectors"],
            str(row["examples"]),
            row["whose"],
            found.text(),
            alarms.text(),
            worse.text(),
            "-" if delay_s is None else f"{delay_s:.1f}",
        )
        print(f"| {' | '.join(cells)} |", file=sys.stderr)

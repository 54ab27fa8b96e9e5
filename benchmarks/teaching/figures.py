"""What was found of what was done, by who did it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.teaching.lessons import Cell
from benchmarks.teaching.material import Filmed, Gesture, Person
from training.evaluation.events import FoundEvent
from training.evaluation.intervals import Estimate, bootstrap
from training.evaluation.matching import covered_s, matched
from training.evaluation.tally import I64
from training.teaching.lesson import Lesson

IOU = 0.1


@dataclass
class Counts:
    """Of some sessions.

    Attributes:
        gestures: How often the gesture was made.
        found: How many of these an event fits, one event for each: intersection over union above
            `IOU`.
        alarms: Events that overlap none.
        minutes: Watched.
        sessions: Without the gesture.
        worse: How many of these had more alarms than were allowed.
        delays_s: From the beginning of each found one until it was told.
    """

    gestures: int = 0
    found: int = 0
    alarms: int = 0
    minutes: float = 0.0
    sessions: int = 0
    worse: int = 0
    delays_s: list[float] = field(default_factory=list)

    def add(self, events: Sequence[FoundEvent], film: Filmed, alarms_per_min: float) -> None:
        """Count one session."""
        pairs = matched(events, film.gestures, lambda *_: True, IOU)
        false = sum(not covered_s(event, film.gestures) for event in events)
        self.gestures += len(film.gestures)
        self.found += len(pairs)
        self.alarms += false
        self.minutes += film.minutes
        if not film.gestures:
            self.sessions += 1
            self.worse += false > alarms_per_min * film.minutes
        self.delays_s += [event.decided_s - true.start_s for event, true in pairs]


@dataclass(frozen=True)
class Lessoned:
    """What one lesson led to.

    Attributes:
        vectors: What it was learned on.
        examples: From how many.
        person: Who showed the gesture.
        gesture: Name of its script.
        chance: Of a session with more alarms than were allowed, as promised.
        found_left_out: How many of the examples a detector of the others finds.
        same: Later sessions of the same person.
        others: Sessions of other people.
    """

    vectors: str
    examples: int
    person: str
    gesture: str
    chance: float
    found_left_out: int
    same: Counts
    others: Counts


def judged(
    cell: Cell,
    lesson: Lesson,
    gesture: Gesture,
    of: Person,
    others: Iterable[Person],
    vectors: str,
) -> Lessoned:
    """Watch sessions that nothing was learned from.

    Args:
        cell: Where the lesson was learned.
        lesson: What was learned.
        gesture: Which.
        of: Who showed it.
        others: Who did not.
        vectors: What it was learned on, for tables.
    """

    def watched(people: Iterable[Person]) -> Counts:
        counts = Counts()
        for person in people:
            for film in (person.later[gesture], *person.quiet):
                counts.add(cell.events(lesson, film), film, lesson.alarms_per_min)
        return counts

    return Lessoned(
        vectors=vectors,
        examples=lesson.detector.examples,
        person=of.name,
        gesture=gesture[0],
        chance=lesson.detector.false_alarm_rate,
        found_left_out=lesson.detector.examples_found,
        same=watched([of]),
        others=watched(others),
    )


@dataclass(frozen=True)
class Row:
    """Figures over people, of one kind of vectors and so many examples.

    Attributes:
        vectors: See `Lessoned`.
        examples: See `Lessoned`.
        whose: `same` or `others`.
        found: Part of the gestures.
        gestures: Of how many, over all lessons.
        alarms_per_min: False alarms a minute.
        worse_sessions: Part of the sessions without the gesture with more than were allowed.
        delay_median_s: See `Counts`; None if nothing was found.
    """

    vectors: str
    examples: int
    whose: str
    found: Estimate
    gestures: int
    alarms_per_min: Estimate
    worse_sessions: Estimate
    delay_median_s: float | None


def rows_of(lessons: Sequence[Lessoned]) -> list[Row]:
    """A row for each kind of vectors, number of examples, and whose sessions were watched."""
    kinds = dict.fromkeys((each.vectors, each.examples) for each in lessons)
    return [
        _row([each for each in lessons if (each.vectors, each.examples) == kind], whose)
        for kind in kinds
        for whose in ("same", "others")
    ]


def _row(lessons: Sequence[Lessoned], whose: str) -> Row:
    people = list(dict.fromkeys(each.person for each in lessons))
    counts = [
        [getattr(each, whose) for each in lessons if each.person == person] for person in people
    ]
    every = [one for own in counts for one in own]
    delays_s = [delay for one in every for delay in one.delays_s]
    return Row(
        vectors=lessons[0].vectors,
        examples=lessons[0].examples,
        whose=whose,
        found=_share(counts, lambda one: one.found, lambda one: one.gestures),
        gestures=sum(one.gestures for one in every),
        alarms_per_min=_share(counts, lambda one: one.alarms, lambda one: one.minutes),
        worse_sessions=_share(counts, lambda one: one.worse, lambda one: one.sessions),
        delay_median_s=float(np.median(delays_s)) if delays_s else None,
    )


def _share(
    counts: Sequence[Sequence[Counts]],
    part: Callable[[Counts], float],
    whole: Callable[[Counts], float],
) -> Estimate:
    """A ratio of sums, its interval by drawing people again."""
    parts = np.array([sum(map(part, own)) for own in counts], np.float64)
    wholes = np.array([sum(map(whole, own)) for own in counts], np.float64)

    def of(chosen: I64) -> float:
        all_of = wholes[chosen].sum()
        return float(parts[chosen].sum() / all_of) if all_of else float("nan")

    return bootstrap(len(counts), of)

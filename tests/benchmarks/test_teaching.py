"""What teaching is judged by."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.teaching import material
from benchmarks.teaching.figures import Counts, Lessoned, rows_of
from benchmarks.teaching.lessons import Cell, RawJoints
from benchmarks.teaching.material import Filmed, Person, filmed
from benchmarks.teaching.served import check_served
from engine.errors import ModelError, UsageError
from tests.training.datasets.recorded import recorded
from training.evaluation.events import FoundEvent, Interval
from training.pretraining.sources import find_sources
from training.teaching.examples import Example
from training.teaching.lesson import learn
from training.teaching.shown import window_for

GESTURE = ("rub_eyes", 1)
SECONDS, ALARMS_PER_MIN = 32.0, 4.0


@pytest.fixture(scope="module")
def person() -> Person:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("SECONDS", SECONDS), ("BACKGROUND", 4), ("QUIET", 1)):
            patch.setattr(material, name, value)
        (one,) = filmed(1, (GESTURE,))
    return one


@pytest.fixture(scope="module")
def cell(person: Person) -> Cell:
    return Cell(RawJoints().eval(), person, GESTURE)


def test_the_gesture_is_only_where_it_is_shown_or_looked_for(person: Person) -> None:
    assert len(person.background) == 4
    assert not any(film.gestures for film in (*person.background, *person.quiet))
    shown, later = person.shown[GESTURE], person.later[GESTURE]
    assert len(shown.gestures) >= 3
    assert len(later.gestures) >= 1
    assert all(one.end_s < SECONDS for one in (*shown.gestures, *later.gestures))
    assert shown.gestures != later.gestures


def test_a_lesson_is_that_of_teach(person: Person, cell: Cell, tmp_path: Path) -> None:
    paths = [
        recorded(tmp_path / f"background{number}.mcap", film.samples)
        for number, film in enumerate(person.background)
    ]
    film = person.shown[GESTURE]
    shown = recorded(tmp_path / "shown.mcap", film.samples)
    examples = [Example("", shown, one.start_s, one.end_s) for one in film.gestures]
    taught = learn(
        RawJoints().eval(),
        examples,
        find_sources(paths).chosen,
        alarms_per_min=ALARMS_PER_MIN,
        window=window_for(examples),
    )
    own = cell.taught(len(examples), 0, ALARMS_PER_MIN)
    assert own.detector.threshold == pytest.approx(taught.detector.threshold, abs=1e-3)
    np.testing.assert_allclose(own.detector.direction, taught.detector.direction, atol=1e-2)
    assert (own.detector.held_out, own.alarms) == (taught.detector.held_out, taught.alarms)


def test_figures_rest_on_what_the_written_file_gives(
    person: Person, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = cell.taught(3, 0, ALARMS_PER_MIN)
    films = [person.shown[GESTURE], *person.quiet]
    assert check_served(RawJoints().eval(), cell, lesson, films) >= 1
    monkeypatch.setattr(Cell, "events", lambda *_: [])
    with pytest.raises(ModelError, match="other events"):
        check_served(RawJoints().eval(), cell, lesson, films)


def test_more_examples_than_were_shown_are_refused(cell: Cell) -> None:
    with pytest.raises(UsageError, match="expected 30 examples or more"):
        cell.taught(30, 0, ALARMS_PER_MIN)


def event(start_s: float, end_s: float) -> FoundEvent:
    return FoundEvent(0, start_s, end_s, start_s + 1.0, 0.9)


def film(*gestures: tuple[float, float]) -> Filmed:
    return Filmed((), (), (), tuple(Interval(*each) for each in gestures))


def test_what_overlaps_a_gesture_finds_it_and_all_else_is_an_alarm() -> None:
    counts = Counts()
    events = [event(9.5, 12.0), event(12.5, 14.0), event(20.9, 29.0), event(30.0, 31.0)]
    counts.add(events, film((10.0, 13.0), (20.0, 21.0)), 0.5)
    assert (counts.gestures, counts.found, counts.alarms) == (2, 1, 1)
    assert counts.delays_s == [0.5]
    assert (counts.sessions, counts.worse) == (0, 0)
    counts.add([event(1.0, 2.0)], film(), 0.5)
    counts.add([], film(), 0.5)
    assert (counts.alarms, counts.sessions, counts.worse) == (2, 2, 1)
    assert counts.minutes == pytest.approx(3 * 1.2)


def test_figures_are_sums_over_people() -> None:
    lessons = [
        Lessoned("raw", 5, person, "g", 0.1, 3, Counts(gestures=4, found=found), Counts())
        for person, found in (("a", 4), ("a", 2), ("b", 0))
    ]
    same, others = rows_of(lessons)
    assert (same.gestures, same.found.value) == (12, 0.5)
    assert (same.found.low, same.found.high) == (0.0, 0.75)
    assert (others.found.value, others.delay_median_s) == (None, None)

"""Counts of events, by class and by group."""

import numpy as np
import pytest

from training.evaluation.counting import count_events
from training.evaluation.events import FoundEvent, Interval, TrueEvent
from training.evaluation.tally import Tally, f1_of, macro_f1, tally_of
from training.labels import CLASS_NAMES, GROUPS

FACE, JAW, HANDS, TALK = (
    CLASS_NAMES.index(slug) for slug in ("touch_face", "touch_jaw", "rub_hands", "illustrative")
)
TRUE = (TrueEvent(FACE, 1.0, 2.0), TrueEvent(HANDS, 4.0, 6.0))


def found(class_index: int, start_s: float, end_s: float, late_s: float = 0.2) -> FoundEvent:
    return FoundEvent(class_index, start_s, end_s, start_s + late_s, 0.9)


def test_what_is_perfect_is_all_matched() -> None:
    counts = count_events(TRUE, [found(e.class_index, e.start_s, e.end_s) for e in TRUE], 0.5, 10)
    assert tally_of(counts.classes) == Tally(2, 0, 0)
    assert tally_of(counts.groups) == Tally(2, 0, 0)
    assert counts.kit_hits == 2
    assert counts.delays_s.tolist() == pytest.approx([0.2, 0.2])
    assert counts.duration_errors_s.tolist() == pytest.approx([0.0, 0.0])


def test_nothing_found_is_all_missed() -> None:
    counts = count_events(TRUE, [], 0.3, 10)
    assert tally_of(counts.classes) == Tally(0, 0, 2)
    assert tally_of(counts.classes).f1 == 0.0
    assert counts.idle == 0
    assert counts.idle_s == pytest.approx(7.0)


def test_the_wrong_class_of_the_right_group_matches_by_group_only() -> None:
    counts = count_events(TRUE, [found(JAW, 1.0, 2.0)], 0.3, 10)
    assert tally_of(counts.classes) == Tally(0, 1, 2)
    assert tally_of(counts.groups[GROUPS.index("Head-Hand")]) == Tally(1, 0, 0)
    assert tally_of(counts.groups[GROUPS.index("Hand")]) == Tally(0, 0, 1)


def test_a_duplicate_is_false() -> None:
    counts = count_events(TRUE, [found(FACE, 1.0, 2.0), found(FACE, 1.05, 2.0)], 0.3, 10)
    assert tally_of(counts.classes[FACE]) == Tally(1, 1, 0)
    assert counts.kit_hits == 1


def test_what_lies_where_nothing_happens_is_counted_apart() -> None:
    events = [found(TALK, 0.0, 0.8), found(TALK, 4.5, 5.5), found(TALK, 7.0, 8.0)]
    counts = count_events(TRUE, events, 0.3, 10)
    assert tally_of(counts.classes[TALK]) == Tally(0, 3, 0)
    assert counts.idle == 2


def test_what_lies_in_ignored_time_is_neither_missed_nor_false_but_may_match() -> None:
    hidden = [Interval(0.0, 3.0)]
    missed = count_events(TRUE, [found(TALK, 0.0, 0.9)], 0.3, 10, hidden)
    assert tally_of(missed.classes) == Tally(0, 0, 1)
    assert missed.idle == 0
    hit = count_events(TRUE, [found(FACE, 1.0, 2.0)], 0.3, 10, hidden)
    assert tally_of(hit.classes) == Tally(1, 0, 1)


def test_counts_add_up_over_sequences() -> None:
    one = count_events(TRUE, [found(FACE, 1.0, 2.0)], 0.3, 10)
    both = one + count_events(TRUE, [found(HANDS, 4.0, 6.2)], 0.3, 20)
    assert tally_of(both.classes) == Tally(2, 0, 2)
    assert both.seconds == 30
    assert both.duration_errors_s.tolist() == pytest.approx([0.0, 0.2])


def test_macro_f1_is_over_the_given_classes_that_happen() -> None:
    counts = np.zeros((33, 3), np.int64)
    counts[FACE] = (1, 0, 0)
    counts[JAW] = (0, 5, 0)
    counts[HANDS] = (1, 1, 1)
    assert macro_f1(counts, (FACE, JAW, HANDS)) == pytest.approx(0.75)
    assert macro_f1(counts, (HANDS,)) == pytest.approx(0.5)
    assert np.isnan(macro_f1(counts, (JAW, TALK)))


def test_f1_without_anything_is_undefined() -> None:
    assert np.isnan(f1_of(np.zeros((1, 3), np.int64))).all()
    assert Tally().f1 is None

"""Overlap and matching."""

import pytest

from training.evaluation.events import Interval, TrueEvent, events_from_ticks
from training.evaluation.matching import (
    covered_s,
    iou,
    many_to_one,
    matched,
    matched_indices,
    merged,
    mostly_in,
)


def any_fits(_found: Interval, _true: Interval) -> bool:
    return True


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [((0, 2), (1, 3), 1 / 3), ((0, 1), (2, 3), 0.0), ((0, 4), (1, 2), 0.25), ((1, 1), (1, 1), 0)],
)
def test_iou(a: tuple[float, float], b: tuple[float, float], expected: float) -> None:
    assert iou(Interval(*a), Interval(*b)) == pytest.approx(expected)


def test_matching_uses_each_interval_once_and_the_best_first() -> None:
    pairs = matched(
        [Interval(0, 2), Interval(0.1, 2.1)], [Interval(0.1, 2.1)], lambda _f, _t: True, 0.3
    )
    assert pairs == [(Interval(0.1, 2.1), Interval(0.1, 2.1))]


def test_an_overlap_must_exceed_the_bound() -> None:
    found, true = [Interval(0, 1)], [Interval(0, 2)]
    assert matched_indices(found, true, any_fits, 0.5) == []
    assert matched_indices(found, true, any_fits, 0.49) == [(0, 0)]


def test_one_long_found_event_stands_for_one_true_event_or_in_the_kit_for_several() -> None:
    found, true = [Interval(0, 2)], [Interval(0, 1), Interval(1, 2)]
    assert matched_indices(found, true, any_fits, 0.4) == [(0, 0)]
    assert many_to_one(found, true, any_fits, 0.4) == [0, 1]


def test_two_found_events_on_one_true_event_are_one_hit_in_both_counts() -> None:
    found, true = [Interval(0, 1), Interval(0, 1.1)], [Interval(0, 1)]
    assert len(matched_indices(found, true, any_fits, 0.3)) == 1
    assert many_to_one(found, true, any_fits, 0.3) == [0]


def test_merging_and_covering() -> None:
    joined = merged([Interval(2, 3), Interval(0, 1), Interval(1.2, 1.5)], 0.3)
    assert joined == [Interval(0, 1.5), Interval(2, 3)]
    assert covered_s(Interval(1, 2.5), joined) == pytest.approx(1.0)


def test_most_of_an_interval_is_more_than_half_and_counts_no_time_twice() -> None:
    twice = [Interval(0, 0.4), Interval(0, 0.4)]
    assert not mostly_in(Interval(0, 1), twice)
    assert mostly_in(Interval(0, 0.7), twice)
    assert not mostly_in(Interval(0, 1), [Interval(0, 0.5)])


def test_events_in_ticks_come_in_seconds_and_in_order() -> None:
    assert events_from_ticks([3, 7], [50, 25], [75, 30], 25.0) == (
        TrueEvent(7, 1.0, 1.2),
        TrueEvent(3, 2.0, 3.0),
    )

"""Intervals of figures."""

import numpy as np
import pytest

from training.evaluation.intervals import (
    Estimate,
    bootstrap,
    few_units,
    over_seeds,
    rows_of_each,
    without_each,
)
from training.evaluation.tally import I64

VALUES = np.array([1.0, 2.0, 3.0, 10.0])


def mean(chosen: I64) -> float:
    return float(VALUES[chosen].mean())


def test_the_bootstrap_contains_the_figure_and_repeats() -> None:
    one = bootstrap(4, mean, 200)
    assert one == bootstrap(4, mean, 200)
    assert one.value == 4.0
    assert one.low is not None
    assert one.high is not None
    assert 1.0 <= one.low < 4.0 < one.high <= 10.0


def test_units_that_agree_leave_no_doubt() -> None:
    assert bootstrap(5, lambda _chosen: 0.5, 20) == Estimate(0.5, 0.5, 0.5)


def test_without_units_or_where_a_figure_is_undefined_there_is_none() -> None:
    assert bootstrap(0, mean) == Estimate(None)
    assert bootstrap(4, lambda _chosen: float("nan"), 5) == Estimate(None)
    assert str(Estimate(None)) == "-"


def test_leaving_each_out_shows_which_one_carries_the_figure() -> None:
    assert without_each(4, mean) == Estimate(4.0, 2.0, 5.0)
    assert without_each(1, lambda chosen: 1.0 if len(chosen) else float("nan")) == Estimate(1.0)


def test_over_seeds_uses_students_t() -> None:
    got = over_seeds([0.8, 0.9, 1.0])
    assert got.value == pytest.approx(0.9)
    assert got.high is not None
    assert got.high - 0.9 == pytest.approx(4.303 * 0.1 / np.sqrt(3))
    assert over_seeds([0.8]) == Estimate(0.8)
    assert over_seeds([]) == Estimate(None)
    assert str(got) == "0.90 [0.65, 1.15]"


def test_rows_of_each_unit_come_together() -> None:
    rows = rows_of_each(["b", "a", "b", "c", "a"])
    assert [own.tolist() for own in rows] == [[0, 2], [1, 4], [3]]


def test_intervals_over_few_are_told_to_be_too_narrow() -> None:
    assert few_units(9, "people") == "intervals over 9 people are too narrow"
    assert few_units(10, "people") == ""

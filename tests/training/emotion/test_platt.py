"""From scores to probabilities."""

import numpy as np
import pytest

from training.emotion.platt import Platt, fit_platt

SCORES = np.array([-3.0, -2.0, -1.0, 0.5, -0.5, 1.0, 2.0, 3.0])
POSITIVE = np.array([False] * 4 + [True] * 4)


def test_larger_scores_speak_for_the_positive_outcome() -> None:
    curve = fit_platt(SCORES, POSITIVE)
    assert curve.slope > 0.0
    p = curve.p_positive(SCORES)
    assert (np.diff(p[np.argsort(SCORES)]) > 0).all()
    assert p[0] < 0.3
    assert p[-1] > 0.7


def test_the_offset_takes_back_what_all_scores_have_in_common() -> None:
    curve, moved = fit_platt(SCORES, POSITIVE), fit_platt(SCORES + 2.0, POSITIVE)
    assert moved.slope == pytest.approx(curve.slope)
    assert moved.p_positive(SCORES + 2.0) == pytest.approx(curve.p_positive(SCORES))


def test_scores_that_speak_for_the_other_side_are_worth_the_share_alone() -> None:
    curve = fit_platt(-SCORES[:6], POSITIVE[:6])
    assert curve.slope == 0.0
    # Four negative and two positive ones.
    assert curve.p_positive(SCORES) == pytest.approx((4 / 6 + 2 * 3 / 4) / 6)


def test_of_nothing_the_curve_is_a_coins() -> None:
    assert fit_platt(np.zeros(0), np.zeros(0, np.bool_)) == Platt(0.0, 0.0)


@pytest.mark.parametrize(("outcome", "expected"), [(True, 5 / 6), (False, 1 / 6)])
def test_of_one_outcome_alone_nothing_is_certain(outcome: bool, expected: float) -> None:
    curve = fit_platt(SCORES[:4], np.full(4, outcome))
    assert curve.p_positive(SCORES) == pytest.approx(expected, abs=0.01)

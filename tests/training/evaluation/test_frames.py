"""Figures by tick."""

import numpy as np
import pytest

from training.evaluation.frames import (
    auc,
    average_precision,
    class_aucs,
    class_precisions,
    confusion,
    with_none,
)
from training.labels import CLASS_COUNT, IGNORE, NONE_INDEX

TRUE = np.array([True, False, True, False])


def test_average_precision_of_a_known_ranking() -> None:
    assert average_precision(TRUE, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx(
        0.5 * 1 + 0.5 * 2 / 3
    )
    assert average_precision(TRUE, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0
    assert np.isnan(average_precision(np.zeros(4, bool), np.ones(4)))


def test_equal_scores_give_no_ranking() -> None:
    assert average_precision(TRUE, np.full(4, 0.5)) == pytest.approx(0.5)
    assert auc(TRUE, np.full(4, 0.5)) == 0.5


def test_auc_of_a_known_ranking() -> None:
    assert auc(TRUE, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx(3 / 4)
    assert auc(TRUE, np.array([0.1, 0.8, 0.1, 0.9])) == 0.0
    assert np.isnan(auc(np.ones(3, bool), np.ones(3)))


def test_an_abstention_ranks_last() -> None:
    withheld = np.array([np.nan, 0.0, 0.9, 0.0])
    assert auc(TRUE, withheld) == pytest.approx(0.5)
    assert average_precision(TRUE, withheld) == pytest.approx(0.5 * 1 + 0.5 * 2 / 4)


def test_ticks_that_are_not_scored_do_not_count() -> None:
    labels = np.array([0, 1, IGNORE, 1], np.int8)
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [1.0, 1.0], [0.1, 0.9]], np.float32)
    assert class_precisions(labels, scores).tolist() == [1.0, 1.0]
    assert class_aucs(labels, scores).tolist() == [1.0, 1.0]


def test_what_the_scores_leave_is_the_belief_in_nothing() -> None:
    scores = np.zeros((2, NONE_INDEX), np.float32)
    scores[0, 3] = 0.7
    scores[1, 4] = np.nan
    full = with_none(scores)
    assert full.shape == (2, CLASS_COUNT)
    assert full[:, NONE_INDEX].tolist() == pytest.approx([0.3, 1.0])
    labels = np.array([3, 4], np.int8)
    table = confusion(labels, full)
    assert table[3, 3] == 1
    assert table[4, NONE_INDEX] == 1
    assert table.sum() == 2
    assert confusion(np.array([IGNORE, IGNORE], np.int8), full).sum() == 0

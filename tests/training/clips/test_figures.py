"""How well clips are named."""

from dataclasses import replace

import numpy as np
import pytest

from tests.training.clips.sets import waving
from training.clips.figures import constant_scores, figures


def test_figures_are_those_of_the_definitions() -> None:
    test = replace(waving(4, (0, 1)), labels=np.array([0, 0, 0, 9]))
    scores = np.zeros((4, 10), np.float32)
    scores[0, 0] = 1.0  # right
    scores[1] = np.arange(10, 0, -1)
    scores[1, 0] = 7.5  # third
    scores[2] = np.arange(10)  # last
    scores[3, 9] = 1.0  # right
    told = figures(test, scores)
    assert told.top1.value == pytest.approx(2 / 4)
    assert told.top5.value == pytest.approx(3 / 4)
    assert told.mean_class.value == pytest.approx((1 / 3 + 1.0) / 2)


def test_equal_scores_are_a_guess() -> None:
    test = waving(4, (0, 1))
    told = figures(test, np.zeros((4, 10), np.float32))
    assert told.top1.value == pytest.approx(0.1)
    assert told.top5.value == pytest.approx(0.5)


def test_always_the_same_is_right_as_often_as_the_most_frequent_class() -> None:
    train = waving(10, (3, 3, 3, 4, 4))
    test = waving(10, (3, 4))
    told = figures(test, constant_scores(train, len(test), 32))
    assert told.top1.value == pytest.approx(0.5)
    assert told.top5.value == pytest.approx(1.0)


def test_clips_of_one_person_are_drawn_together() -> None:
    scores = np.zeros((60, 32), np.float32)
    scores[np.arange(60), np.where(np.arange(60) % 6 < 3, 0, 1)] = 1.0
    mixed = replace(waving(60, (0, 1)), labels=np.zeros(60, np.int64))
    alone = replace(mixed, subjects=tuple(map(str, range(60))))
    one, other = figures(mixed, scores).top1, figures(alone, scores).top1
    assert one.value == other.value
    assert one.low is not None
    assert other.low is not None
    assert one.low < other.low

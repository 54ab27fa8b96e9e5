"""Emotion models beside each other."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.training.emotion.videos import video, videos
from training.emotion.comparison import compared, cross_validated, figures
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.models import CONSTANT, models
from training.emotion.network_fit import NetworkRecipe
from training.evaluation.tally import F64


def test_every_model_beats_the_constant_one_where_there_is_something_to_find() -> None:
    recipe = NetworkRecipe(epochs=50, rate=5e-3, seeds=1)
    told = compared(models(recipe), videos(60, 6.0), videos(60, 6.0, 9))
    assert next(iter(told)) == CONSTANT
    assert told[CONSTANT].accuracy.value == pytest.approx(0.5)
    assert told[CONSTANT].auc.value == pytest.approx(0.5)
    for name, own in told.items():
        if name != CONSTANT:
            assert own.accuracy.low is not None
            assert own.accuracy.low > 0.6, name
            assert own.log_loss.value is not None
            assert own.log_loss.value < np.log(2.0)


def test_a_video_on_both_sides_is_refused() -> None:
    both = videos(8, 2.0)
    with pytest.raises(ValueError, match="in training and in test: 0-0, 0-1"):
        compared(models(), both, both[:2])


def test_figures_are_those_of_the_definitions() -> None:
    test = [video(str(n), n < 2, {}, n) for n in range(5)]
    told = figures(test, np.array([0.9, 0.4, 0.2, 0.5, 0.8]))
    # Right: the first and third, half of the fourth.
    assert told.accuracy.value == pytest.approx(2.5 / 5)
    assert told.balanced.value == pytest.approx((1 / 2 + 1.5 / 3) / 2)
    assert told.auc.value == pytest.approx((3 + 1) / 6)
    assert told.log_loss.value == pytest.approx(-np.mean(np.log([0.9, 0.4, 0.8, 0.5, 0.2])))


def test_videos_of_one_person_are_drawn_together() -> None:
    alone = [video(str(n), n % 2 == 0, {}, n) for n in range(40)]
    same = [video(str(n), n % 2 == 0, {}, n, subject=str(n // 20)) for n in range(40)]
    # Right about the first twenty videos, wrong about the others.
    p = np.array([0.9 if (n % 2 == 0) == (n < 20) else 0.1 for n in range(40)])
    one, other = (figures(test, p).log_loss for test in (alone, same))
    assert one.value == other.value
    assert one.low is not None
    assert one.high is not None
    assert other.low is not None
    assert other.high is not None
    assert other.high - other.low > one.high - one.low


def test_left_out_in_turn_nobody_is_judged_by_a_model_that_knows_them() -> None:
    sequences = [video(str(n), n % 2 == 0, {}, n, subject=str(n // 3)) for n in range(30)]
    seen: list[set[str]] = []

    class Unacquainted:
        def __init__(self, train: Sequence[GestureSequence]) -> None:
            self.known = {one.subject for one in train}

        def p_positive(self, judged: Sequence[GestureSequence]) -> F64:
            seen.append({one.subject for one in judged})
            assert not seen[-1] & self.known
            return np.array([0.9 if one.positive else 0.2 for one in judged])

    told = cross_validated({"it": lambda train, _: Unacquainted(train)}, sequences)["it"]
    assert sorted(who for part in seen for who in part) == sorted({s.subject for s in sequences})
    assert told.accuracy.value == told.auc.value == 1.0


def test_across_folds_a_constant_model_is_worth_a_coin() -> None:
    sequences = [video(str(n), n % 3 == 0, {}, n) for n in range(40)]
    told = cross_validated({CONSTANT: models()[CONSTANT]}, sequences)[CONSTANT]
    assert told.auc.value == 0.5

"""Emotion models beside each other."""

import numpy as np
import pytest

from tests.training.emotion.videos import video, videos
from training.emotion.comparison import compared, figures
from training.emotion.models import CONSTANT, models
from training.emotion.network_fit import NetworkRecipe


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

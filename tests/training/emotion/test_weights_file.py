"""From a study to the file that the engine reads."""

from pathlib import Path

import numpy as np
import pytest

from engine.emotion_weights import load_weights
from tests.training.emotion.videos import JAW, NECK, videos
from training.emotion.comparison import compared
from training.emotion.models import models
from training.emotion.study import Study
from training.emotion.weights_file import fitted_weights
from training.emotion.weights_of_evidence import NAME, fit
from training.fit_files import write_fit
from training.labels import CLASS_NAMES


@pytest.fixture(scope="module")
def study() -> Study:
    train, test = videos(40, 3.0), videos(20, 3.0, 5)
    figures = compared({NAME: models()[NAME]}, train, test)
    return Study("interviews", False, "annotators", "other videos", train, test, figures)


def test_the_file_says_what_was_fitted_and_how_good_it_is(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    write_fit(path, fitted_weights(study))
    read, model = load_weights(path, allow_synthetic=False), fit(study.train)
    assert list(read.classes) == [CLASS_NAMES[k] for k in model.by_size()]
    neck = read.classes["touch_neck"]
    assert neck.weight == model.weights[NECK]
    assert neck.sd == model.errors[NECK]
    won = [one.classes for one in study.train if one.positive]
    assert neck.positive_events == np.sum(np.concatenate(won) == NECK)
    assert neck.positive_min == pytest.approx(20 * 5.0)
    assert read.classes["touch_jaw"].per_min == pytest.approx(model.rates.per_s[JAW] * 60.0)
    assert (read.videos, read.people, read.synthetic) == (40, 40, False)
    assert read.calibration.slope == model.calibration.slope
    assert read.held_out is not None
    assert (read.held_out.videos, read.held_out.people) == (20, 20)
    assert read.held_out.auc.value == study.figures[NAME].auc.value
    assert read.held_out.log_loss.low == study.figures[NAME].log_loss.low


def test_the_same_study_gives_the_same_bytes(study: Study) -> None:
    assert fitted_weights(study) == fitted_weights(study)

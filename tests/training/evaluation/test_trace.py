"""A recogniser in the engine's core, with its scores kept."""

import numpy as np
import pytest

from engine.config import Config
from engine.errors import ModelError
from engine.labels import BY_SLUG, own_label
from plugins.recognizers.geometric.recognizer import GeometricConfig, GeometricRecognizer
from tests.fakes.models import RaisedHandModel
from tests.fakes.people import person
from tests.recognizers.seen import events_of
from training.evaluation.trace import trace
from training.labels import CLASS_IDS


def model() -> GeometricRecognizer:
    return GeometricRecognizer(GeometricConfig(), None)


def test_a_trace_has_the_events_of_the_core_and_the_scores_of_every_tick() -> None:
    samples = list(person().fold_arms(from_s=1.0, to_s=3.0).samples(5.0))
    traced = trace(Config(), model(), samples)
    expected = events_of(samples)
    assert [CLASS_IDS[event.class_index] for event in traced.events] == [
        event.label_id for event in expected
    ]
    assert traced.events
    assert traced.scores.shape == (len(traced.times_s), len(GeometricRecognizer.labels))
    assert np.diff(traced.times_s) == pytest.approx(0.04)
    assert traced.times_s[0] == 0.0
    assert traced.seconds == pytest.approx(traced.times_s[-1], abs=0.05)
    for event in traced.events:
        assert event.start_s < event.decided_s


def test_nothing_in_gives_an_empty_trace() -> None:
    traced = trace(Config(), model(), [])
    assert traced.events == ()
    assert traced.scores.shape == (0, len(GeometricRecognizer.labels))
    assert traced.seconds == 0.0


def test_a_model_of_ones_own_gestures_is_refused_before_it_is_run() -> None:
    taught = RaisedHandModel()
    taught.labels = (BY_SLUG["touch_jaw"], own_label(1000, "pen_click"))
    with pytest.raises(ModelError, match="gives pen_click, which no annotation here knows"):
        trace(Config(), taught, person().samples(1.0))

"""Scores through the engine's decoder."""

import numpy as np
import pytest

from engine.config import ClassDecoderConfig
from engine.poses import F32
from training.evaluation.decode_scores import decode_scores
from training.labels import NONE_INDEX

JAW = 10


def scores(ticks: int = 100, start: int = 25, end: int = 50) -> F32:
    rows = np.zeros((ticks, NONE_INDEX), np.float32)
    rows[start:end, JAW] = 0.9
    return rows


def test_an_event_has_its_bounds_and_the_tick_it_was_decided_at() -> None:
    (event,) = decode_scores(scores())
    assert (event.class_index, event.start_s, event.end_s) == (JAW, 1.0, 2.0)
    assert event.decided_s == pytest.approx(1.2)  # the sixth tick makes 0.24 s
    assert event.score == pytest.approx(0.9)


def test_look_ahead_moves_what_is_described_and_not_when_it_is_decided() -> None:
    (event,) = decode_scores(scores(), delay_ticks=5)
    assert (event.start_s, event.end_s) == (0.8, 1.8)
    assert event.decided_s == pytest.approx(1.2)


def test_an_event_that_still_runs_ends_with_the_sequence() -> None:
    (event,) = decode_scores(scores(end=100))
    assert event.end_s == 4.0


def test_operating_points_are_the_models() -> None:
    points = {"touch_jaw": ClassDecoderConfig(onset=0.95, offset=0.9)}
    assert decode_scores(scores(), operating_points=points) == []


def test_a_short_gap_is_bridged_and_a_long_one_ends_the_event() -> None:
    valid = np.ones(200, bool)
    valid[40:60] = False
    assert len(decode_scores(scores(200, 25, 100), valid=valid)) == 1
    valid[40:70] = False
    first, second = decode_scores(scores(200, 25, 100), valid=valid)
    assert first.end_s == pytest.approx(1.6)
    assert second.start_s == pytest.approx(2.8)


def test_abstention_finds_nothing_and_ends_what_runs() -> None:
    assert decode_scores(np.full((50, NONE_INDEX), np.nan, np.float32)) == []
    rows = scores(100, 10, 100)
    rows[40:] = np.nan
    (event,) = decode_scores(rows)
    assert event.end_s == pytest.approx(1.6)

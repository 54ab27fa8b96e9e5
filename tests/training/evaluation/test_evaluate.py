"""From scores to the report."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.training.toys import toy_shard
from training.evaluation.evaluate import evaluate_scores
from training.evaluation.events import TrueEvent
from training.evaluation.pictures import draw_class_f1, draw_confusion
from training.evaluation.sequences import ScoredSequence, shard_sequences
from training.labels import CLASS_NAMES, IGNORE, NONE_INDEX

JAW, TALK = (CLASS_NAMES.index(slug) for slug in ("touch_jaw", "illustrative"))
EVENTS = ((JAW, 25, 75), (TALK, 125, 175))


def sequence(unit: str, found: tuple[tuple[int, int, int], ...] = EVENTS) -> ScoredSequence:
    labels = np.full(250, NONE_INDEX, np.int8)
    scores = np.zeros((250, NONE_INDEX), np.float32)
    for class_index, start, end in EVENTS:
        labels[start:end] = class_index
    for class_index, start, end in found:
        scores[start:end, class_index] = 0.9
    truths = tuple(TrueEvent(k, start / 25, end / 25) for k, start, end in EVENTS)
    return ScoredSequence(scores, truths, labels, np.ones(250, bool), unit)


def test_perfect_scores_give_a_perfect_report() -> None:
    report = evaluate_scores([sequence("a"), sequence("b")], rounds=50)
    for figures in report.events:
        for name in ("micro_f1", "macro_f1", "group_f1", "gesture_f1", "illustrative_f1", "kit_f1"):
            estimate = getattr(figures, name)
            assert (estimate.value, estimate.low, estimate.high) == (1.0, 1.0, 1.0)
        assert figures.false_per_min.value == 0.0
        assert figures.delay_median_s == pytest.approx(0.2)
        assert figures.duration_error_median_s == pytest.approx(0.0)
    assert report.frame_map == 1.0
    assert report.frame_auc == 1.0
    assert np.trace(report.confusion) == 500
    assert report.units == 2


def test_empty_scores_find_nothing() -> None:
    figures = evaluate_scores([sequence("a", ())], rounds=5).at(0.3)
    assert figures.micro_f1.value == 0.0
    assert figures.macro_f1.value == 0.0
    assert figures.false_per_min.value == 0.0
    assert np.isnan(figures.delay_median_s)


def test_abstaining_throughout_finds_nothing_and_is_told() -> None:
    withheld = sequence("a", ())
    withheld.scores[:] = np.nan
    report = evaluate_scores([withheld], rounds=5)
    assert report.abstained == 1.0
    assert report.at(0.5).micro_f1.value == 0.0
    assert report.frame_auc == pytest.approx(0.5)


def test_illustrative_counts_apart_from_the_groups() -> None:
    figures = evaluate_scores([sequence("a", ((TALK, 125, 175), (TALK, 200, 225)))], rounds=5).at(
        0.3
    )
    assert figures.group_f1.value == 0.0
    assert figures.gesture_f1.value == 0.0
    assert figures.illustrative_f1.value == pytest.approx(2 / 3)
    assert figures.micro_f1.value == pytest.approx(0.5)
    assert figures.false_per_min.value == pytest.approx(6.0)
    assert figures.idle_false_per_min.value == pytest.approx(10.0)


def test_ticks_without_a_label_are_not_scored() -> None:
    hidden = sequence("a", ())
    hidden.labels[:] = IGNORE
    report = evaluate_scores([hidden, sequence("b")], rounds=5)
    assert report.at(0.3).micro_f1.value == 1.0


def test_a_report_is_written_as_json_and_as_tables() -> None:
    report = evaluate_scores([sequence("a")], rounds=5)
    told = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert told["events"]["0.3"]["classes"]["touch_jaw"]["f1"] == 1.0
    assert told["precisions"]["touch_neck"] is None
    assert "| Head-Hand | 1.00 | 1 / 0 / 0 |" in report.markdown()
    with pytest.raises(KeyError):
        report.at(0.7)


def test_sequences_of_a_shard() -> None:
    shard = toy_shard()
    scores = np.zeros((len(shard.features), shard.labels.shape[1], NONE_INDEX), np.float32)
    for k, row in enumerate(shard.labels):
        for tick, label in enumerate(row.tolist()):
            if label != NONE_INDEX:
                scores[k, tick, label] = 0.9
    report = evaluate_scores(shard_sequences(shard, scores), rounds=5)
    assert report.units == len(shard.features)
    assert report.at(0.5).micro_f1.value == 1.0


def test_pictures_are_written(tmp_path: Path) -> None:
    report = evaluate_scores([sequence("a")], rounds=5)
    draw_confusion(report.confusion, tmp_path / "deep" / "confusion.png", "toy")
    draw_class_f1(report.at(0.3).classes, tmp_path / "f1.png", "toy")
    for name in ("deep/confusion.png", "f1.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")

"""Hand-to-head contact by tick."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.annotations import Annotation, Clip
from benchmarks.accuracy.contacts import contact_auc, contact_belief, contact_ticks, mean_clip_auc
from engine.labels import BY_SLUG
from engine.poses import F32
from training.evaluation.trace import Trace

LABELS = tuple(BY_SLUG[slug] for slug in ("touch_face", "rub_hands", "illustrative"))


def traced(scores: F32, first: int = 0) -> Trace:
    times_s = (np.arange(len(scores)) + first) / 25.0
    return Trace((), times_s, scores, 4.0)


def clip(*annotations: Annotation) -> Clip:
    return Clip(Path("somebody.mkv"), annotations)


def scores(ticks: int = 101) -> F32:
    rows = np.zeros((ticks, 3), np.float32)
    rows[25:50, 0] = 0.9
    rows[:, 1] = 1.0
    return rows


def test_belief_is_of_the_classes_at_the_head_and_nan_where_all_abstain() -> None:
    rows = scores(2)
    rows[1] = np.nan
    belief = contact_belief(traced(rows), LABELS)
    assert belief[0] == 0.0
    assert np.isnan(belief[1])


def test_ticks_of_touch_and_of_none_are_told_apart() -> None:
    truth = clip(
        Annotation(0, 1, "none", "no"),
        Annotation(1, 2, "touch_mouth", "yes"),
        Annotation(2, 2.4, "transition", "no"),
        Annotation(2.4, 3, "hands_below_chin", "near"),
        Annotation(3, 3.4, "hands_together", "no"),
    )
    ticks = contact_ticks(truth, traced(scores()), LABELS)
    assert (ticks.touching.sum(), ticks.apart.sum(), ticks.hard.sum()) == (25, 35, 25)
    assert contact_auc([ticks]) == 1.0
    assert contact_auc([ticks], hard=True) == 1.0
    assert mean_clip_auc([ticks]) == 1.0


def test_a_touch_without_a_pose_is_not_believed_and_no_touch_without_one_is_left_out() -> None:
    truth = clip(Annotation(0, 2, "touch_mouth", "yes"), Annotation(2, 4, "none", "no"))
    ticks = contact_ticks(truth, traced(scores(50), first=25), LABELS)
    assert ticks.touching.sum() == 50
    assert ticks.belief[:25].tolist() == [0.0] * 25
    assert ticks.apart.sum() == 25


def test_an_abstention_is_no_belief_and_is_counted() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"), Annotation(2, 4, "none", "no"))
    ticks = contact_ticks(truth, traced(np.full((101, 3), np.nan, np.float32)), LABELS)
    assert ticks.abstained == 101
    assert contact_auc([ticks]) == pytest.approx(0.5)


def test_clips_are_pooled_and_those_without_both_have_no_figure_of_their_own() -> None:
    touch = contact_ticks(clip(Annotation(1, 2, "touch_mouth", "yes")), traced(scores()), LABELS)
    still = contact_ticks(clip(Annotation(0, 1, "none", "no")), traced(scores()), LABELS)
    assert np.isnan(contact_auc([touch]))
    assert np.isnan(mean_clip_auc([touch, still]))
    assert contact_auc([touch, still]) == 1.0
    assert np.isnan(contact_auc([]))

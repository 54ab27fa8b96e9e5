import re
from collections import Counter

import pytest

from engine.errors import ModelError
from engine.labels import (
    BY_ID,
    BY_SLUG,
    FIRST_OWN_ID,
    ILLUSTRATIVE_ID,
    LABELS,
    Group,
    Label,
    check_labels,
    own_label,
)

# Samples of the paper's training split.
TRAIN_CLIPS = 13_670


def test_there_are_31_gestures_and_illustrative() -> None:
    assert [label.id for label in LABELS] == [*range(1, 32), 99]
    assert BY_ID[ILLUSTRATIVE_ID].slug == "illustrative"
    assert len(BY_SLUG) == len(BY_ID) == 32


def test_groups_are_those_of_the_paper() -> None:
    assert Counter(label.group for label in LABELS) == {
        Group.BODY: 3,
        Group.HEAD: 4,
        Group.HAND: 7,
        Group.BODY_HAND: 8,
        Group.HEAD_HAND: 9,
        Group.NONE: 1,
    }
    assert BY_ID[ILLUSTRATIVE_ID].group is Group.NONE


def test_shares_sum_to_one() -> None:
    assert sum(label.share for label in LABELS) == pytest.approx(1.0, abs=0.002)


def test_training_counts_sum_to_the_split_and_follow_the_shares() -> None:
    assert sum(label.train_count for label in LABELS) == TRAIN_CLIPS
    for label in LABELS:
        assert label.train_count / TRAIN_CLIPS == pytest.approx(label.share, abs=0.017)


def test_slugs_are_stable_words() -> None:
    for label in LABELS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", label.slug)
        assert BY_SLUG[label.slug] is BY_ID[label.id] is label


def test_a_gesture_that_is_none_of_imigues_has_a_label_of_its_own() -> None:
    label = own_label(FIRST_OWN_ID, "pen_click_2")
    assert (label.name, label.group, label.share) == ("pen_click_2", Group.NONE, 0.0)
    assert own_label(1001, "pen_click", "Clicking a pen").name == "Clicking a pen"
    check_labels((*LABELS, label))


@pytest.mark.parametrize(
    ("number", "slug", "why"),
    [
        (999, "pen_click", "id of 1000 or more"),
        (5, "pen_click", "id of 1000 or more"),
        (1000, "Pen click", "small letters"),
        (1000, "", "small letters"),
        (1000, "pen_click\n", "small letters"),
        (1000, "touch_jaw", "none of iMiGUE's"),
    ],
)
def test_a_label_that_would_be_mixed_up_is_refused(number: int, slug: str, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        own_label(number, slug)


PEN = own_label(1000, "pen_click")


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ((PEN, PEN), "twice"),
        ((PEN, own_label(1001, "pen_click")), "twice"),
        ((PEN, own_label(1000, "foot_tap")), "twice"),
        ((11,), "`engine.labels.Label` objects, got 11"),
        ((Label(11, "touch_chin", "Chin", Group.HEAD_HAND, 0.1, 5),), "id of 1000 or more"),
        ((Label(1000, "pen_click", "Pen", Group.HAND, 0.0, 0),), "claims a group"),
    ],
)
def test_what_a_recogniser_gives_as_labels_is_checked(labels: tuple[Label, ...], why: str) -> None:
    with pytest.raises(ModelError, match=why):
        check_labels(labels)

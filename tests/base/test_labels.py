import re
from collections import Counter

import pytest

from engine.labels import BY_ID, BY_SLUG, ILLUSTRATIVE_ID, LABELS, Group

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

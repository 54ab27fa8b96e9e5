"""The scoring behind `python -m benchmarks.accuracy`."""

from pathlib import Path

import pytest

from benchmarks.accuracy.annotations import MEANINGS, Annotation, Clip, Interval, load_clips
from benchmarks.accuracy.matching import covered_s, iou, matched, merged
from benchmarks.accuracy.report import ClipResult, figures, markdown
from benchmarks.accuracy.scoring import Found, Tally, score
from engine.errors import UsageError
from engine.labels import BY_SLUG

ALL = frozenset(BY_SLUG)


def found(start_s: float, end_s: float, slug: str) -> Found:
    return Found(start_s, end_s, slug, BY_SLUG[slug].group.value)


def clip(*annotations: Annotation) -> Clip:
    return Clip(Path("somebody.mkv"), annotations)


def write_clips(folder: Path, *rows: str) -> Path:
    folder.joinpath("video").mkdir(parents=True)
    header = "file,start_s,end_s,label,hand_contact,description"
    folder.joinpath("annotations.csv").write_text("\n".join((header, *rows)), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [((0, 2), (1, 3), 1 / 3), ((0, 1), (2, 3), 0.0), ((0, 4), (1, 2), 0.25)],
)
def test_iou(a: tuple[float, float], b: tuple[float, float], expected: float) -> None:
    assert iou(Interval(*a), Interval(*b)) == pytest.approx(expected)


def test_matching_uses_each_interval_once_and_the_best_first() -> None:
    pairs = matched(
        [Interval(0, 2), Interval(0.1, 2.1)], [Interval(0.1, 2.1)], lambda _f, _t: True, 0.3
    )
    assert pairs == [(Interval(0.1, 2.1), Interval(0.1, 2.1))]


def test_merging_and_covering() -> None:
    joined = merged([Interval(2, 3), Interval(0, 1), Interval(1.2, 1.5)], 0.3)
    assert joined == [Interval(0, 1.5), Interval(2, 3)]
    assert covered_s(Interval(1, 2.5), joined) == pytest.approx(1.0)


def test_class_group_and_contact_are_counted_apart() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"), Annotation(4, 5, "head_up", "no"))
    got = score(truth, [found(1, 2, "touch_jaw"), found(7, 8, "head_up")], ALL, 60.0)
    assert got.classes == Tally(0, 2, 2)
    assert got.groups == Tally(1, 1, 1)
    assert got.contact == Tally(1, 0, 0)
    assert got.contacts_covered == (1, 1)
    assert got.minutes == 1.0


def test_classes_in_one_stay_at_the_head_are_one_contact() -> None:
    truth = clip(Annotation(1, 2, "touch_jaw", "yes"), Annotation(2.1, 4, "touch_mouth", "yes"))
    got = score(truth, [found(1, 2.5, "touch_jaw"), found(2.6, 4, "rub_eyes")], ALL, 60.0)
    assert got.contact == Tally(1, 0, 0)
    assert got.contacts_covered == (2, 2)


def test_a_contact_where_a_hand_is_only_near_is_neither_right_nor_wrong() -> None:
    truth = clip(Annotation(1, 2, "hands_below_chin", "near"))
    got = score(truth, [found(1, 2, "touch_jaw"), found(5, 6, "touch_jaw")], ALL, 60.0)
    assert got.contact == Tally(0, 1, 0)


def test_events_without_a_person_and_labels_without_a_class_are_told() -> None:
    truth = clip(
        Annotation(0, 3, "no_person", "no"),
        Annotation(3, 4, "head_turn", "no"),
        Annotation(4, 5, "hands_on_hips", "no"),
    )
    got = score(truth, [found(1, 2, "touch_jaw")], ALL - {"akimbo"}, 60.0)
    assert got.without_person == 1
    assert got.not_covered == {"hands_on_hips": 1, "head_turn": 1}
    assert got.classes == Tally(0, 1, 0)


def test_the_report_names_every_clip_and_sums_the_split() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"))
    events = (found(1, 2, "touch_face"),)
    result = ClipResult(truth, events, score(truth, events, ALL, 30.0))
    table = markdown([result])
    assert "### Held out" in table
    assert "| somebody.mkv | 30.0 | 1.00 (1 / 0 / 0) |" in table
    told = figures([result, result])
    assert told["splits"]["held out"]["classes"] == {"matched": 2, "false": 0, "missed": 0}
    assert told["splits"]["development"]["classes_f1"] is None
    assert told["clips"]["somebody.mkv"]["events"][0]["slug"] == "touch_face"


def test_every_meaning_is_of_known_classes() -> None:
    assert frozenset[str]().union(*MEANINGS.values()) <= ALL


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a.mkv,0,1,juggling,no,", "label 'juggling' has no meaning yet"),
        ("a.mkv,0,1,none,perhaps,", "hand_contact is 'perhaps'"),
        ("a.mkv,0,1,none,no,", "annotated clips are missing: a.mkv"),
    ],
)
def test_annotations_that_cannot_be_used_are_told(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_clips(write_clips(tmp_path / "clips", row))


def test_a_folder_without_annotations_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_clips(tmp_path)


@pytest.mark.clips
def test_the_development_clips_can_be_loaded(clips: Path) -> None:
    loaded = load_clips(clips)
    assert {c.split for c in loaded} == {"development", "inspected", "held out"}
    assert sum(len(c.annotations) for c in loaded) >= 57

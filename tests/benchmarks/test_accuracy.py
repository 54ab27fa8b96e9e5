"""The scoring behind `python -m benchmarks.accuracy`."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.annotations import Annotation, Clip, load_clips
from benchmarks.accuracy.contacts import ContactTicks
from benchmarks.accuracy.found import Found
from benchmarks.accuracy.meanings import DESCRIBED, MEANINGS, REREAD
from benchmarks.accuracy.report import figures, markdown
from benchmarks.accuracy.result import ClipResult, estimates
from benchmarks.accuracy.scoring import Share, score
from engine.errors import UsageError
from engine.labels import BY_SLUG
from training.evaluation.tally import Tally

ALL = frozenset(BY_SLUG)
STILL = Annotation(5, 60, "none", "no")


def found(start_s: float, end_s: float, slug: str, late_s: float = 0.3) -> Found:
    return Found(start_s, end_s, slug, BY_SLUG[slug].group.value, start_s + late_s)


def clip(*annotations: Annotation, name: str = "somebody.mkv") -> Clip:
    return Clip(Path(name), annotations)


def ticks() -> ContactTicks:
    touching = np.array([True, False, False])
    return ContactTicks(np.array([0.9, 0.1, 0.2]), touching, ~touching, ~touching, 0)


def write_clips(folder: Path, *rows: str) -> Path:
    folder.joinpath("video").mkdir(parents=True)
    header = "file,start_s,end_s,label,hand_contact,description"
    folder.joinpath("annotations.csv").write_text("\n".join((header, *rows)), encoding="utf-8")
    return folder


def test_class_group_and_contact_are_counted_apart() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"), Annotation(4, 5, "head_up", "no"), STILL)
    got = score(truth, [found(1, 2, "touch_jaw"), found(7, 8, "head_up")], ALL, 60.0)
    assert got.classes == Tally(0, 2, 2)
    assert got.groups == Tally(1, 1, 1)
    assert got.contact == Tally(1, 0, 0)
    assert got.touches == Share(1, 1)
    assert got.minutes == 1.0


def test_illustrative_counts_apart_from_the_five_groups() -> None:
    truth = clip(Annotation(1, 2, "hands_in_front", "no"), Annotation(3, 4, "head_up", "no"), STILL)
    got = score(truth, [found(1, 2, "illustrative"), found(6, 7, "illustrative")], ALL, 60.0)
    assert got.illustrative == Tally(1, 1, 0)
    assert got.groups == Tally(0, 0, 1)


def test_a_second_event_of_the_group_is_false_but_part_of_one_stretch() -> None:
    truth = clip(Annotation(1, 4, "hands_folded", "no"), STILL)
    events = [found(1, 2.2, "rub_hands"), found(2.1, 4, "cross_fingers")]
    got = score(truth, events, ALL, 60.0)
    assert got.groups == Tally(1, 1, 0)
    assert got.stretches == Tally(1, 0, 0)


def test_classes_in_one_stay_at_the_head_are_one_contact() -> None:
    truth = clip(Annotation(1, 2, "touch_jaw", "yes"), Annotation(2.1, 4, "touch_mouth", "yes"))
    got = score(truth, [found(1, 2.5, "touch_jaw"), found(2.6, 4, "rub_eyes")], ALL, 60.0)
    assert got.contact == Tally(1, 0, 0)
    assert got.touches == Share(2, 2)
    assert got.regions == Share(1, 2)


def test_a_contact_where_a_hand_is_only_near_is_neither_right_nor_wrong() -> None:
    truth = clip(Annotation(1, 2, "hands_below_chin", "near"), STILL)
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
    assert got.classes == Tally(0, 1, 1)  # a recogniser without the class misses it


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (found(0.1, 0.8, "touch_jaw"), "unannotated"),
        (found(2.1, 2.9, "illustrative"), "transition"),
        (found(0.5, 1.2, "illustrative"), "unannotated"),
        (found(2.1, 2.9, "touch_jaw"), ""),
        (found(6.0, 7.0, "illustrative"), ""),
    ],
)
def test_what_the_annotations_do_not_say_is_counted_apart(event: Found, reason: str) -> None:
    truth = clip(
        Annotation(1, 2, "touch_mouth", "yes"), Annotation(2, 3, "transition", "no"), STILL
    )
    got = score(truth, [event], ALL, 60.0)
    assert got.classes.false == (0 if reason else 1)
    assert got.apart == ({reason: 1} if reason else {})


def test_motion_that_a_description_names_is_neither_right_nor_wrong() -> None:
    truth = Clip(Path("a.mkv"), (STILL,), ((10.0, 12.0, frozenset({"move_torso"})),))
    got = score(truth, [found(10, 11, "move_torso"), found(10, 11, "head_up")], ALL, 60.0)
    assert got.apart == {"described": 1}
    assert got.classes == Tally(0, 1, 0)


def test_false_events_a_minute_are_of_stretches_in_which_nothing_happens() -> None:
    events = [found(6, 7, "illustrative"), found(20, 21, "head_up")]
    got = score(clip(STILL), events, ALL, 35.0)
    assert got.quiet == Share(2, 0.5)
    assert got.negative.value == 4.0
    busy = score(clip(STILL, Annotation(1, 2, "head_up", "no")), events, ALL, 35.0)
    assert busy.negative == Share(0, 0)
    assert np.isnan(busy.negative.value)


def test_a_delay_is_from_the_annotated_start_to_the_decision() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"), Annotation(3, 4, "hands_in_front", "no"))
    got = score(truth, [found(1.1, 2, "touch_jaw"), found(3, 4, "illustrative")], ALL, 5.0)
    assert got.delays_s == pytest.approx((0.4, 0.3))


def test_scores_add_up() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"), STILL)
    one = score(truth, [found(1, 2, "touch_face"), found(2.6, 3.5, "head_up")], ALL, 30.0)
    both = one + one
    assert both.groups == Tally(2, 0, 0)
    assert both.apart == {"unannotated": 2}
    assert both.regions == Share(2, 2)
    assert len(both.delays_s) == 2


def test_the_report_names_every_clip_and_sums_the_split() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"))
    events = (found(1, 2, "touch_face"),)
    result = ClipResult(truth, events, score(truth, events, ALL, 30.0), ticks())
    table = markdown({"one": [result], "other": [result]})
    assert "| figure | asked for | one | other |" in table
    assert "### other: held out" in table
    assert "| somebody.mkv | 30.0 | 1.00 (1 / 0 / 0) |" in table
    told = figures({"one": [result, result]})["recognizers"]["one"]
    assert told["splits"]["held out"]["classes"] == {"matched": 2, "false": 0, "missed": 0}
    assert told["splits"]["development"]["classes_f1"] is None
    assert told["clips"]["somebody.mkv"]["events"][0]["slug"] == "touch_face"


def test_figures_have_intervals_and_what_leaving_a_clip_out_does() -> None:
    truth = clip(Annotation(1, 2, "touch_mouth", "yes"))
    events = (found(1, 2, "touch_face"),)
    good = ClipResult(truth, events, score(truth, events, ALL, 30.0), ticks())
    bad = ClipResult(truth, (), score(truth, (), ALL, 30.0), ticks())
    group = estimates([good, bad])["group_f1"]
    assert group["interval"].value == pytest.approx(2 / 3)
    assert (group["without_a_clip"].low, group["without_a_clip"].high) == (0.0, 1.0)
    assert estimates([good, bad])["contact_auc"]["interval"].value == 1.0


def test_every_meaning_is_of_known_classes() -> None:
    assert frozenset[str]().union(*MEANINGS.values()) <= ALL
    assert all(slugs <= ALL for spans in DESCRIBED.values() for _, _, slugs in spans)
    labels = {
        label for changes in REREAD.values() for spans in changes.values() for *_, label in spans
    }
    assert labels <= set(MEANINGS)


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
    assert sum(c.negative for c in loaded) >= 6


@pytest.mark.clips
def test_every_reading_is_of_an_annotation_that_there_is(clips: Path) -> None:
    there = {
        c.path.name: {(a.label, a.start_s) for a in c.annotations} for c in load_clips(clips, True)
    }
    assert all(set(changes) <= there[name] for name, changes in REREAD.items())
    assert set(DESCRIBED) <= set(there)

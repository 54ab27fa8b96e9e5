from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.person.measurement import PersonMeasurement
from calibration.person.rates import PRIOR_PER_MIN, PRIOR_STRENGTH_MIN, shrunk_rates
from engine.calibration_file import checksum_of
from engine.errors import CalibrationError, ModelError
from engine.labels import BY_ID, BY_SLUG, LABELS
from engine.messages import GestureEvent
from engine.person import PERSON_FILE
from engine.poses import PERSON_LOST
from tests.fakes.samples import nobody, upright, with_face

COVERED = tuple(BY_ID[number] for number in (8, 17, 20))
SLUGS = [label.slug for label in LABELS]
NOW_NS = 1_700_000_000_000_000_000


def measurement() -> PersonMeasurement:
    return PersonMeasurement("holistic75", "geometric@abc", COVERED)


def watch(target: PersonMeasurement, seconds: float, fps: int = 10, start_s: float = 0.0) -> None:
    for k in range(round(seconds * fps) + 1):
        target.add_sample(upright(start_s + k / fps))


def event(slug: str, event_id: str, state: str = "end", score: float = 1.0) -> GestureEvent:
    label = BY_SLUG[slug]
    return GestureEvent(
        id=event_id,
        state=state,
        label_id=label.id,
        label=slug,
        group=label.group.value,
        t_start_ns=0,
        t_end_ns=1,
        score=score,
        peak=score,
        coverage=1.0,
        end_reason="released",
    )


def shrunk(slug: str, count: float, minutes: float) -> float:
    prior = PRIOR_PER_MIN * BY_SLUG[slug].share
    return (count + prior * PRIOR_STRENGTH_MIN) / (minutes + PRIOR_STRENGTH_MIN)


def test_ordinary_sitting_gives_a_whole_calibration() -> None:
    target = measurement()
    watch(target, 30.0)
    calibration = target.finish(NOW_NS)
    assert (calibration.kind, calibration.version) == (PERSON_FILE.kind, PERSON_FILE.version)
    assert calibration.created_wall_ns == NOW_NS
    assert (calibration.skeleton, calibration.recognizer) == ("holistic75", "geometric@abc")
    assert calibration.observed_s == 30.0
    assert calibration.resting.shoulder_per_ear_width == pytest.approx(2.5, abs=1e-3)
    assert calibration.checksum == checksum_of(calibration)


def test_rates_are_of_covered_classes_only_and_shrunk_to_the_prior() -> None:
    target = measurement()
    watch(target, 60.0)
    for event_id, score in (("a", 0.5), ("b", 1.0)):
        target.add_event(event("touch_face", event_id, score=score))
    rates = target.finish(NOW_NS).rates_per_min
    assert list(rates) == ["touch_face", "fold_arms", "move_torso"]
    assert rates["touch_face"] == pytest.approx(shrunk("touch_face", 1.5, 1.0), abs=1e-4)
    assert rates["fold_arms"] == pytest.approx(shrunk("fold_arms", 0.0, 1.0), abs=1e-4)


def test_a_class_out_of_view_for_half_the_time_has_its_count_over_the_other_half() -> None:
    target = measurement()
    watch(target, 60.0)
    target.add_event(event("touch_face", "a"))
    target.set_abstained({"touch_face": 30.0})
    rates = target.finish(NOW_NS).rates_per_min
    assert rates["touch_face"] == pytest.approx(shrunk("touch_face", 1.0, 0.5), abs=1e-4)
    assert rates["fold_arms"] == pytest.approx(shrunk("fold_arms", 0.0, 1.0), abs=1e-4)
    assert target.hardly_visible_s == {}


@pytest.mark.parametrize("abstained_s", [20.5, 30.0, 31.0])
def test_a_class_that_was_hardly_visible_has_no_rate(abstained_s: float) -> None:
    target = measurement()
    watch(target, 30.0)
    target.add_event(event("touch_face", "a"))
    target.set_abstained({"touch_face": abstained_s, "fold_arms": 20.0})
    assert list(target.finish(NOW_NS).rates_per_min) == ["fold_arms", "move_torso"]
    assert target.hardly_visible_s == {"touch_face": max(0.0, 30.0 - abstained_s)}


def test_a_view_that_supports_no_class_is_refused() -> None:
    target = measurement()
    watch(target, 30.0)
    target.set_abstained({"touch_face": 30.0, "fold_arms": 26.0, "move_torso": 29.0})
    with pytest.raises(
        CalibrationError, match=r"at least 10 s, got 4\.0 s for the best of 3 classes"
    ):
        target.finish(NOW_NS)


@given(
    counts=st.dictionaries(st.sampled_from(SLUGS), st.floats(0.0, 100.0)),
    visible_s=st.dictionaries(st.sampled_from(SLUGS), st.floats(10.0, 3600.0)),
    hidden=st.floats(0.0, 1.0),
)
def test_the_less_of_a_class_was_in_view_the_more_each_count_says(
    counts: dict[str, float], visible_s: dict[str, float], hidden: float
) -> None:
    whole = shrunk_rates(counts, visible_s)
    partly = shrunk_rates(counts, {slug: s * (1.0 - hidden) for slug, s in visible_s.items()})
    assert set(whole) == set(partly) == set(visible_s)
    assert [BY_SLUG[slug].id for slug in whole] == sorted(BY_SLUG[slug].id for slug in whole)
    assert all(partly[slug] >= whole[slug] >= 0.0 for slug in whole)


@pytest.mark.parametrize("states", [("start", "update", "end"), ("start", "update")])
def test_a_gesture_counts_once_by_its_latest_score(states: tuple[str, ...]) -> None:
    target = measurement()
    watch(target, 60.0)
    for index, state in enumerate(states):
        score = 0.7 if index == len(states) - 1 else 0.2
        target.add_event(event("touch_face", "a", state, score))
    rates = target.finish(NOW_NS).rates_per_min
    assert rates["touch_face"] == pytest.approx(shrunk("touch_face", 0.7, 1.0), abs=1e-4)


def test_an_event_of_a_class_that_is_not_covered_is_refused() -> None:
    with pytest.raises(CalibrationError, match=r"geometric@abc covers, got 'press_lips'"):
        measurement().add_event(event("press_lips", "a"))


def test_too_short_is_refused_with_what_was_seen() -> None:
    target = measurement()
    watch(target, 12.0)
    with pytest.raises(
        CalibrationError, match=r"at least 20 s .* got 12\.0 s\. None of the 121 frames"
    ):
        target.finish(NOW_NS)


def test_an_empty_room_is_refused_with_the_reasons() -> None:
    target = measurement()
    for k in range(30):
        target.add_sample(nobody(k / 10))
    for k in range(10):
        target.add_sample(nobody(3 + k / 10, reason=PERSON_LOST))
    with pytest.raises(CalibrationError) as caught:
        target.finish(NOW_NS)
    assert "got 0.0 s" in str(caught.value)
    assert "Of 40 frames were refused: 30 no_person (nobody was found" in str(caught.value)
    assert "10 person_lost" in str(caught.value)


def test_hidden_shoulders_are_refused_with_the_reason() -> None:
    target = measurement()
    for k in range(300):
        sample = upright(k / 10)
        joints = sample.joints.copy()
        joints[11] = 0.0
        target.add_sample(replace(sample, joints=joints))
    with pytest.raises(CalibrationError, match=r"300 shoulders_not_visible \(both shoulders must"):
        target.finish(NOW_NS)


def test_a_person_who_never_sits_still_is_refused() -> None:
    target = measurement()
    for k in range(300):
        target.add_sample(upright(k / 10, dx=0.1 * (k % 3)))
    with pytest.raises(CalibrationError, match="still"):
        target.finish(NOW_NS)


def test_proportions_that_nobody_has_are_refused() -> None:
    target = measurement()
    for k in range(300):
        ears = {"left_ear": (0.501, 0.29), "right_ear": (0.499, 0.29)}
        target.add_sample(upright(k / 10, ears))
    with pytest.raises(CalibrationError, match=r"not built like a person: .*shoulder_per_ear"):
        target.finish(NOW_NS)


def test_time_without_a_person_or_across_epochs_is_not_observed() -> None:
    target = measurement()
    watch(target, 10.0)
    target.add_sample(nobody(10.1))
    watch(target, 10.0, start_s=10.2)
    assert target.observed_s == pytest.approx(20.0)
    target.add_sample(upright(20.3, epoch=1))
    target.add_sample(upright(20.4, epoch=1))
    assert target.observed_s == pytest.approx(20.1)
    target.add_sample(upright(90.0, epoch=1))
    assert target.observed_s == pytest.approx(20.1)


def test_samples_of_another_joint_set_are_refused() -> None:
    with pytest.raises(CalibrationError, match=r"'holistic75', got 'body25'"):
        measurement().add_sample(replace(upright(0.0), skeleton="body25"))


def test_samples_that_begin_with_the_joint_set_are_measured_alike() -> None:
    plain, more = measurement(), measurement()
    for k in range(301):
        plain.add_sample(upright(k / 10))
        more.add_sample(with_face(upright(k / 10)))
    assert more.finish(NOW_NS) == plain.finish(NOW_NS)


def test_an_unknown_joint_set_is_refused() -> None:
    with pytest.raises(ModelError, match="unknown skeleton"):
        PersonMeasurement("body25", "geometric@abc", COVERED)

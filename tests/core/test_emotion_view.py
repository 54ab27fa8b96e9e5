import math

import pytest

from engine.config import EmotionConfig
from engine.core.emotion import WEAK_EVIDENCE
from engine.messages import EmotionEstimate
from tests.fakes.emotion import Stream, person

MEMORY_S = EmotionConfig().memory_s


def expected(estimate: EmotionEstimate) -> dict[str, float]:
    return {item.label: item.expected for item in estimate.evidence}


def test_a_class_out_of_view_is_not_expected_to_be_seen() -> None:
    stream = Stream(person(touch_face=6.0, touch_neck=6.0))
    before = expected(stream.run(60.0))
    after = expected(stream.run(60.0, abstained=["touch_face"]))
    assert after["touch_face"] == pytest.approx(before["touch_face"] * math.exp(-1), rel=0.02)
    assert after["touch_neck"] > before["touch_neck"]


def test_absence_counts_again_once_the_class_is_back_in_view() -> None:
    stream = Stream(person(touch_face=6.0))
    assert stream.run(60.0, abstained=["touch_face"]).evidence == ()
    (evidence,) = stream.run(60.0).evidence
    watched_s = MEMORY_S * (1.0 - math.exp(-60.0 / MEMORY_S))
    assert evidence.expected == pytest.approx(6.0 / 60.0 * watched_s, rel=0.02)


def test_a_gesture_seen_before_the_class_went_out_of_view_still_counts() -> None:
    stream = Stream(person(touch_face=6.0))
    stream.happen("touch_face")
    (evidence,) = stream.run(30.0, abstained=["touch_face"]).evidence
    assert evidence.observed == pytest.approx(math.exp(-30.0 / MEMORY_S), rel=0.02)
    assert evidence.expected == pytest.approx(0.0, abs=0.01)


def test_hands_out_of_view_for_minutes_do_not_speak_for_a_positive_state() -> None:
    usual = dict.fromkeys(("touch_face", "touch_neck", "touch_arms", "scratch_head"), 3.0)
    assert Stream(person(**usual)).run(180.0).verdict == "positive"
    estimate = Stream(person(**usual)).run(180.0, abstained=list(usual))
    assert (estimate.p_unknown, estimate.reason) == (1.0, WEAK_EVIDENCE)
    assert estimate.coverage > 0.9


def test_with_nobody_in_view_no_class_is_more_hidden_than_another() -> None:
    told, untold = (Stream(person(touch_face=6.0)) for _ in range(2))
    told.run(30.0)
    untold.run(30.0)
    away = told.run(10.0, valid=False, reason="no_person", abstained=["touch_face"])
    assert away == untold.run(10.0, valid=False, reason="no_person")
    assert told.run(30.0) == untold.run(30.0)


def test_without_a_baseline_the_view_changes_nothing() -> None:
    told, untold = Stream(), Stream()
    for stream in (told, untold):
        stream.happen("touch_face")
    assert told.run(30.0, abstained=["touch_face"]) == untold.run(30.0)

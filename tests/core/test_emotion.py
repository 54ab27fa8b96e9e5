import math

import pytest

from engine.config import EmotionConfig
from engine.core.emotion import (
    LOW_COVERAGE,
    MIXED_EVIDENCE,
    REASONS,
    WARMING_UP,
    WEAK_EVIDENCE,
    EmotionAggregator,
)
from engine.core.evidence import LOG_ODDS
from engine.errors import ModelError
from tests.fakes.emotion import Stream, gesture, person

MEMORY_S = EmotionConfig().memory_s


def test_estimates_come_on_the_grid_twice_a_second() -> None:
    stream = Stream()
    stream.run(3.0)
    assert [e.t_ns for e in stream.estimates] == [k * 500_000_000 for k in range(6)]


def test_a_stream_that_begins_between_instants_waits_for_the_next() -> None:
    aggregator = EmotionAggregator(EmotionConfig(), None)
    given_at = [aggregator.step(t_ns, True, "", ()) for t_ns in (730_000_000, 999_999_999)]
    assert given_at == [None, None]
    estimate = aggregator.step(1_010_000_000, True, "", ())
    assert estimate is not None
    assert estimate.t_ns == 1_000_000_000


def test_after_a_jump_only_the_newest_instant_is_given() -> None:
    aggregator = EmotionAggregator(EmotionConfig(), None)
    aggregator.step(0, True, "", ())
    estimate = aggregator.step(7_300_000_000, True, "", ())
    assert estimate is not None
    assert estimate.t_ns == 7_000_000_000
    assert aggregator.step(7_340_000_000, True, "", ()) is None


def test_nothing_seen_is_unknown_and_says_why() -> None:
    estimate = Stream().run(5.0)
    assert (estimate.p_unknown, estimate.verdict, estimate.reason) == (1.0, "unknown", WARMING_UP)
    assert estimate.evidence == ()
    assert estimate.valid


def test_warming_up_is_counted_from_the_first_tick_whatever_the_clock_says() -> None:
    stream = Stream()
    stream.index = 10_000_000
    assert stream.run(5.0).reason == WARMING_UP
    assert stream.run(60.0).reason == WEAK_EVIDENCE


def test_a_tie_is_no_verdict_however_low_the_bar() -> None:
    estimate = Stream(decide_above=0.0).run(60.0)
    assert estimate.p_positive == estimate.p_negative
    assert (estimate.verdict, estimate.reason) == ("unknown", WEAK_EVIDENCE)


def test_stillness_without_a_baseline_is_no_evidence() -> None:
    estimate = Stream().run(180.0)
    assert (estimate.p_unknown, estimate.reason) == (1.0, WEAK_EVIDENCE)


def test_one_event_counts_its_weight_fading_by_the_memory() -> None:
    stream = Stream()
    stream.happen("touch_face", score=0.5)
    estimate = stream.run(30.0)
    faded = 0.5 * math.exp(-estimate.t_ns / 1e9 / MEMORY_S)
    (evidence,) = estimate.evidence
    assert evidence.observed == pytest.approx(faded)
    assert evidence.log_odds == pytest.approx(LOG_ODDS["touch_face"] * faded)
    assert evidence.weight == LOG_ODDS["touch_face"]
    assert evidence.expected == 0.0
    assert evidence.events == ("touch_face-0",)
    assert estimate.baseline == "none"


def test_an_event_counts_once_and_follows_its_latest_score() -> None:
    stream = Stream(memory_s=1e9)
    stream.tick([gesture("touch_face", "a", "start", 0.0, 0.2)])
    stream.run(1.0)
    stream.tick([gesture("touch_face", "a", "update", 0.0, 0.6)])
    assert stream.run(1.0).evidence[0].observed == pytest.approx(0.6)
    stream.tick([gesture("touch_face", "a", "end", 0.0, 0.8)])
    assert stream.run(1.0).evidence[0].observed == pytest.approx(0.8)


def test_updates_of_an_event_that_never_started_here_are_not_counted() -> None:
    stream = Stream()
    stream.tick([gesture("touch_face", "old", "update", 0.0)])
    stream.tick([gesture("touch_face", "old", "end", 0.0)])
    assert stream.run(1.0).evidence == ()


def test_negative_evidence_gives_a_negative_verdict_with_its_events() -> None:
    stream = Stream()
    stream.run(30.0)
    for _ in range(12):
        stream.happen("touch_neck")
        stream.run(0.5)
    estimate = stream.run(1.0)
    assert estimate.verdict == "negative"
    assert estimate.reason == ""
    assert estimate.p_negative > 0.5 > estimate.p_positive
    (evidence,) = estimate.evidence
    assert len(evidence.events) == 8
    starts = [int(event_id.split("-")[1]) for event_id in evidence.events]
    assert starts == sorted(starts)


def test_positive_evidence_gives_a_positive_verdict() -> None:
    stream = Stream()
    stream.run(30.0)
    for _ in range(12):
        stream.happen("sit_straight")
    assert stream.run(1.0).verdict == "positive"


def test_opposed_evidence_is_called_mixed() -> None:
    stream = Stream()
    stream.run(30.0)
    for _ in range(8):
        stream.happen("sit_straight")
        stream.happen("scratch_head")
    estimate = stream.run(1.0)
    assert (estimate.verdict, estimate.reason) == ("unknown", MIXED_EVIDENCE)
    assert estimate.p_unknown < 0.5


def test_a_class_without_a_reading_changes_nothing() -> None:
    stream = Stream()
    stream.run(30.0)
    for _ in range(20):
        stream.happen("illustrative")
        stream.happen("shake_shoulders")
    estimate = stream.run(1.0)
    assert estimate.evidence == ()
    assert estimate.p_unknown == 1.0


def test_absence_speaks_only_against_ones_own_baseline() -> None:
    estimate = Stream(person(touch_face=6.0)).run(120.0)
    (evidence,) = estimate.evidence
    watched_s = MEMORY_S * (1.0 - math.exp(-estimate.t_ns / 1e9 / MEMORY_S))
    assert evidence.expected == pytest.approx(6.0 / 60.0 * watched_s)
    assert evidence.observed == 0.0
    assert evidence.log_odds > 0
    assert evidence.events == ()
    assert estimate.baseline == "person"


def test_a_person_at_their_own_rate_gives_no_evidence() -> None:
    stream = Stream(person(touch_face=6.0))
    for _ in range(30):
        stream.run(5.0)
        stream.happen("touch_face")
        stream.run(5.0)
    estimate = stream.estimates[-1]
    assert abs(estimate.log_odds) < abs(LOG_ODDS["touch_face"])


def test_time_without_a_person_in_view_is_not_expected_to_hold_gestures() -> None:
    stream = Stream(person(touch_face=6.0))
    before = stream.run(60.0).evidence[0].expected
    estimate = stream.run(60.0, valid=False, reason="no_person")
    assert estimate.evidence[0].expected == pytest.approx(before * math.exp(-1), rel=0.02)
    assert not estimate.valid
    assert (estimate.verdict, estimate.reason) == ("unknown", "no_person")


def test_a_verdict_is_withheld_while_nobody_is_in_view() -> None:
    stream = Stream()
    stream.run(30.0)
    for _ in range(12):
        stream.happen("touch_neck")
    assert stream.run(1.0).verdict == "negative"
    assert stream.run(1.0, valid=False, reason="person_lost").verdict == "unknown"


def test_low_coverage_withholds_the_verdict() -> None:
    stream = Stream()
    stream.run(120.0, valid=False, reason="no_person")
    for _ in range(12):
        stream.happen("touch_neck")
    estimate = stream.run(5.0)
    assert estimate.coverage < 0.3
    assert (estimate.verdict, estimate.reason) == ("unknown", LOW_COVERAGE)


def test_a_stretch_without_ticks_is_not_observed() -> None:
    aggregator = EmotionAggregator(EmotionConfig(), None)
    aggregator.step(0, True, "", ())
    estimate = aggregator.step(100_000_000_000, True, "", ())
    assert estimate is not None
    assert estimate.coverage == pytest.approx(0.5 / MEMORY_S, rel=0.01)


def test_forgotten_evidence_leaves_no_trace() -> None:
    stream = Stream(memory_s=1.0)
    stream.happen("touch_face")
    estimate = stream.run(20.0)
    assert estimate.evidence == ()
    assert estimate.p_unknown == 1.0


def test_ids_of_faded_events_are_no_longer_listed() -> None:
    stream = Stream(memory_s=1.0)
    stream.happen("touch_face")
    stream.run(8.0)
    stream.happen("touch_face")
    estimate = stream.run(1.0)
    assert estimate.evidence[0].events == ("touch_face-201",)


def test_reset_forgets_everything_even_time() -> None:
    stream, fresh = (Stream(person(touch_face=6.0, touch_neck=6.0)) for _ in range(2))
    stream.run(40.0, abstained=["touch_neck"])
    stream.tick([gesture("touch_face", "a", "start", stream.now_s)])
    stream.aggregator.reset()
    stream.index = 0
    assert stream.run(10.0) == fresh.run(10.0)


def test_going_back_in_time_within_an_epoch_is_refused() -> None:
    aggregator = EmotionAggregator(EmotionConfig(), None)
    aggregator.step(1_000_000_000, True, "", ())
    with pytest.raises(ValueError, match="reset"):
        aggregator.step(900_000_000, True, "", ())


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_is_refused(score: float) -> None:
    aggregator = EmotionAggregator(EmotionConfig(), None)
    with pytest.raises(ModelError, match="touch-1: expected a score"):
        aggregator.step(0, True, "", [gesture("touch_face", "touch-1", "start", 0.0, score)])


def test_the_prior_moves_the_odds_but_commits_nothing() -> None:
    estimate = Stream(prior_positive=0.72).run(60.0)
    assert estimate.log_odds == pytest.approx(math.log(0.72 / 0.28))
    assert estimate.p_unknown == 1.0


def test_a_reason_of_the_aggregator_is_explained() -> None:
    assert set(REASONS) == {WARMING_UP, LOW_COVERAGE, WEAK_EVIDENCE, MIXED_EVIDENCE}

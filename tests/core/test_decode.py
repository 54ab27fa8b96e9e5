from collections.abc import Sequence

import numpy as np
import pytest

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.core.decode import EventDecoder
from engine.labels import BY_SLUG
from engine.messages import GestureEvent

TICK_NS = 40_000_000
UNSEEN = float("nan")
JAW, NECK = BY_SLUG["touch_jaw"], BY_SLUG["touch_neck"]


def decode(
    scores: Sequence[float | None], config: DecoderConfig | None = None, end: str = "shutdown"
) -> list[GestureEvent]:
    decoder = EventDecoder(config or DecoderConfig(), (JAW,), "cam", 25.0)
    events: list[GestureEvent] = []
    for i, score in enumerate(scores):
        if score is None:
            decoder.step_gap()
        else:
            events += decoder.step(i * TICK_NS, 0, np.array([score], np.float32))
    return events + decoder.flush(end)


def spans(events: list[GestureEvent]) -> list[tuple[float, float]]:
    return [
        (e.t_start_ns / TICK_NS, (e.t_end_ns or 0) / TICK_NS) for e in events if e.state == "end"
    ]


def test_silence_gives_nothing() -> None:
    assert decode([0.0] * 100) == []


def test_one_clear_gesture_has_one_start_and_one_end_at_its_edges() -> None:
    events = decode([0.0] * 10 + [0.9] * 20 + [0.0] * 20)
    assert [e.state for e in events] == ["start", "end"]
    assert spans(events) == [(10, 30)]
    assert events[0].id == events[1].id == "cam-0-0"
    assert events[1].end_reason == "released"
    assert events[0].t_end_ns is None


def test_onset_is_dated_back_to_where_the_score_rose() -> None:
    events = decode([0.1] * 5 + [0.45] * 5 + [0.9] * 10 + [0.0] * 20)
    assert spans(events) == [(5, 20)]


def test_the_onset_is_not_dated_back_over_a_long_half_belief() -> None:
    (span,) = spans(decode([0.5] * 1000 + [0.9] * 20 + [0.0] * 20))
    assert 1000 - span[0] <= 8
    assert span[1] == 1020


def test_a_gap_is_no_evidence_of_lasting() -> None:
    assert decode([0.0] * 5 + [0.9] + [None] * 23 + [0.9] + [0.0] * 20) == []


def test_after_a_split_the_gesture_goes_on_even_at_half_belief() -> None:
    config = DecoderConfig(max_duration_s=1.0)
    found = spans(decode([0.9] * 25 + [0.5] * 20 + [0.0] * 20, config))
    assert found == [(0, 25), (25, 45)]


def test_a_score_between_offset_and_onset_never_starts() -> None:
    assert decode([0.5] * 100) == []


def test_a_score_between_offset_and_onset_keeps_a_gesture() -> None:
    assert spans(decode([0.9] * 10 + [0.5] * 30 + [0.0] * 20)) == [(0, 40)]


@pytest.mark.parametrize(("ticks", "found"), [(5, 0), (6, 1)])
def test_shorter_than_the_minimum_is_never_published(ticks: int, found: int) -> None:
    config = DecoderConfig(min_duration_s=0.24)
    assert len(spans(decode([0.0] * 3 + [0.9] * ticks + [0.0] * 30, config))) == found


@pytest.mark.parametrize(("dip", "pieces"), [(7, 1), (8, 2)])
def test_dips_up_to_the_merge_gap_do_not_split(dip: int, pieces: int) -> None:
    scores = [0.9] * 15 + [0.0] * dip + [0.9] * 15 + [0.0] * 20
    assert len(spans(decode(scores, DecoderConfig(merge_gap_s=0.3)))) == pieces


def test_updates_come_at_their_interval_while_it_lasts() -> None:
    events = decode([0.9] * 100, DecoderConfig(update_every_s=1.0))
    assert [e.state for e in events] == ["start", "update", "update", "update", "end"]
    assert events[-1].end_reason == "shutdown"
    assert events[-1].t_end_ns == 100 * TICK_NS


def test_too_long_is_split_into_two_ids() -> None:
    ends = [e for e in decode([0.9] * 60, DecoderConfig(max_duration_s=1.0)) if e.state == "end"]
    assert [e.end_reason for e in ends] == ["split", "split", "shutdown"]
    assert len({e.id for e in ends}) == 3


def test_a_gap_lowers_coverage_and_does_not_end() -> None:
    events = decode([0.9] * 10 + [None] * 10 + [0.9] * 20 + [0.0] * 20)
    assert spans(events) == [(0, 40)]
    assert events[-1].coverage == pytest.approx(0.75)


def test_abstention_lowers_coverage_and_neither_extends_nor_ends() -> None:
    events = decode([0.9] * 10 + [UNSEEN] * 10 + [0.9] * 20 + [0.0] * 20)
    assert spans(events) == [(0, 40)]
    assert (events[-1].coverage, events[-1].score) == (0.75, 0.9)
    assert events[-1].end_reason == "released"


def test_abstention_is_the_gap_of_one_class() -> None:
    for scores in ([0.9] * 10 + [UNSEEN] * 10 + [0.9] * 20, [0.9] * 10 + [0.0] * 4 + [UNSEEN] * 9):
        gap = [None if score is UNSEEN else score for score in scores]
        assert decode(scores) == decode(gap)


@pytest.mark.parametrize(("ticks", "ended"), [(24, False), (25, True)])
def test_abstention_that_lasts_ends_the_gesture_where_it_was_last_seen(
    ticks: int, ended: bool
) -> None:
    events = decode([0.9] * 10 + [0.0] * 3 + [UNSEEN] * ticks, DecoderConfig(abstain_after_s=1.0))
    assert events[-1].end_reason == ("view" if ended else "shutdown")
    assert spans(events) == [(0, 10)]
    assert (events[-1].coverage, events[-1].peak) == (1.0, 0.9)


def test_how_long_abstention_may_last_is_configured() -> None:
    config = DecoderConfig(abstain_after_s=0.2)
    assert len(decode([0.9] * 10 + [UNSEEN] * 4, config)) == 2
    events = decode([0.9] * 10 + [UNSEEN] * 5 + [0.9] * 10, config)
    assert [e.end_reason for e in events if e.state == "end"] == ["view", "shutdown"]
    assert spans(events) == [(0, 10), (15, 25)]


def test_only_unbroken_abstention_ends_a_gesture() -> None:
    scores = [0.9] * 10 + ([UNSEEN] * 20 + [0.9]) * 3
    assert spans(decode(scores)) == [(0, 73)]
    # A gap tells nothing about the view: it neither counts as abstention nor breaks it.
    broken = [0.9] * 10 + [UNSEEN] * 20 + [None] * 4 + [UNSEEN] * 5
    assert decode(broken)[-1].end_reason == "view"
    assert decode(broken[:-1])[-1].end_reason == "shutdown"


def test_a_dip_goes_on_after_abstention() -> None:
    dip = [0.9] * 10 + [0.0] * 4 + [UNSEEN] * 10 + [0.0] * 4
    assert [e.end_reason for e in decode(dip) if e.state == "end"] == ["released"]
    assert decode(dip[:-1])[-1].end_reason == "shutdown"


def test_a_gesture_does_not_start_out_of_abstention() -> None:
    assert decode([UNSEEN] * 100) == []
    assert decode([0.9] * 3 + [UNSEEN] * 100) == []
    assert decode([0.9] + [UNSEEN] * 23 + [0.9] + [0.0] * 20) == []


def test_a_candidate_is_forgotten_when_the_view_stops_supporting_its_class() -> None:
    (span,) = spans(decode([0.9] * 3 + [UNSEEN] * 25 + [0.9] * 10))
    assert span == (28, 38)


def test_there_are_no_updates_while_the_class_cannot_be_seen() -> None:
    config = DecoderConfig(update_every_s=0.4)
    states = [e.state for e in decode([0.9] * 10 + [UNSEEN] * 20, config, end="epoch")]
    assert states == ["start", "end"]


def test_the_other_classes_go_on_while_one_is_not_supported() -> None:
    decoder = EventDecoder(DecoderConfig(), (JAW, NECK), "cam", 25.0)
    events = []
    for i in range(60):
        jaw = 0.9 if i < 10 else UNSEEN
        events += decoder.step(i * TICK_NS, 0, np.array([jaw, 0.9], np.float32))
    ended = [(e.label, e.end_reason) for e in events if e.state == "end"]
    assert ended == [("touch_jaw", "view")]
    assert decoder.active == 1
    (neck,) = decoder.flush("shutdown")
    assert (neck.label, neck.coverage) == ("touch_neck", 1.0)


def test_operating_points_of_the_model_decide_where_the_user_does_not() -> None:
    points = {"touch_jaw": ClassDecoderConfig(onset=0.95)}
    decoder = EventDecoder(DecoderConfig(), (JAW, NECK), "cam", 25.0, points)
    events = []
    for i in range(20):
        events += decoder.step(i * TICK_NS, 0, np.array([0.9, 0.9], np.float32))
    assert {e.label for e in events} == {"touch_neck"}


def test_score_is_the_mean_and_peak_the_highest() -> None:
    end = decode([0.6] * 10 + [1.0] * 10, end="epoch")[-1]
    assert (end.score, end.peak, end.end_reason) == (0.8, 1.0, "epoch")


def test_a_candidate_that_never_started_is_not_ended() -> None:
    assert decode([0.0] * 5 + [0.9] * 2) == []


def test_classes_are_independent_and_have_their_own_rules() -> None:
    config = DecoderConfig(classes={"touch_neck": ClassDecoderConfig(onset=0.95, offset=0.9)})
    decoder = EventDecoder(config, (JAW, NECK), "cam", 25.0)
    events = []
    for i in range(20):
        events += decoder.step(i * TICK_NS, 3, np.array([0.9, 0.9], np.float32))
    assert [(e.label, e.state, e.id) for e in events] == [("touch_jaw", "start", "cam-3-0")]
    assert decoder.active == 1

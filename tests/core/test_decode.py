from collections.abc import Sequence

import numpy as np
import pytest

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.core.decode import EventDecoder
from engine.labels import BY_SLUG
from engine.messages import GestureEvent

TICK_NS = 40_000_000
JAW, NECK = BY_SLUG["touch_jaw"].id, BY_SLUG["touch_neck"].id


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

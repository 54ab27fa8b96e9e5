import math
from dataclasses import replace

import numpy as np
import pytest

from engine.config import ClassDecoderConfig, Config, EmotionConfig, StreamConfig
from engine.core.batch import LoneStream
from engine.core.stream import Decision, StreamCore
from engine.errors import ConfigError, ModelError
from engine.labels import BY_SLUG, own_label
from engine.messages import EmotionEstimate, GestureEvent
from engine.poses import F32, NO_FRAME, Bools, PoseSample
from engine.skeletons import HOLISTIC_75
from tests.fakes.emotion import person
from tests.fakes.models import RaisedHandModel
from tests.fakes.samples import nobody, upright, with_face

HAND = {"left_wrist": (0.45, 0.35)}


def touching(from_s: float, to_s: float, *, epoch: int = 0, fps: int = 25) -> list[PoseSample]:
    count = round((to_s - from_s) * fps)
    return [upright(from_s + i / fps, epoch=epoch, joints=HAND) for i in range(count)]


def resting(from_s: float, to_s: float, *, epoch: int = 0, fps: int = 25) -> list[PoseSample]:
    count = round((to_s - from_s) * fps)
    return [upright(from_s + i / fps, epoch=epoch) for i in range(count)]


def alone(model: RaisedHandModel | None = None, *, emotion: bool = False) -> LoneStream:
    config = Config(emotion=EmotionConfig(enabled=emotion))
    model = model or RaisedHandModel()
    return LoneStream(StreamCore(config, model), model)


def decide(stream: LoneStream, samples: list[PoseSample]) -> list[Decision]:
    return [d for sample in samples for d in stream.step(sample)] + stream.finish()


def ends(decisions: list[Decision]) -> list[GestureEvent]:
    bodies = [d.body for d in decisions]
    return [b for b in bodies if isinstance(b, GestureEvent) and b.state == "end"]


def test_a_touch_becomes_one_event_at_its_time() -> None:
    (event,) = ends(decide(alone(), resting(0, 1) + touching(1, 2) + resting(2, 3)))
    assert event.t_start_ns == pytest.approx(1.0e9, abs=4e7)
    assert event.t_end_ns == pytest.approx(2.0e9, abs=4e7)
    assert event.end_reason == "released"


def test_a_new_epoch_ends_everything_and_nothing_spans_it() -> None:
    decisions = decide(alone(), touching(0, 1) + touching(5, 6, epoch=1))
    first, second = ends(decisions)
    assert (first.end_reason, second.end_reason) == ("epoch", "shutdown")
    assert first.t_end_ns is not None
    assert first.t_end_ns <= 1.0e9
    assert second.t_start_ns >= 5.0e9
    assert first.id.startswith("main-0-")
    assert second.id.startswith("main-1-")
    assert [d.epoch for d in decisions if d.body is first] == [0]


def test_person_lost_ends_the_gesture_where_it_was_last_seen() -> None:
    away = [nobody(1 + i / 25) for i in range(50)]
    (event,) = ends(decide(alone(), touching(0, 1) + away + resting(3, 4)))
    assert event.end_reason == "person_lost"
    assert event.t_end_ns == pytest.approx(1.0e9, abs=4e7)


def test_a_stalled_camera_ends_it_as_a_gap() -> None:
    stalled = [nobody(1 + i / 2, reason=NO_FRAME) for i in range(1, 5)]
    (event,) = ends(decide(alone(), touching(0, 1) + stalled))
    assert event.end_reason == "gap"


def test_the_model_is_reset_after_a_long_gap_only() -> None:
    model = RaisedHandModel()
    stream = alone(model)
    blink = [nobody(1 + i / 25) for i in range(5)]
    for sample in resting(0, 1) + blink + resting(1.2, 2):
        stream.step(sample)
    before = model.resets
    for sample in [nobody(2 + i / 25) for i in range(50)]:
        stream.step(sample)
    assert model.resets == before + 1


def test_the_same_samples_give_the_same_decisions_also_after_finish() -> None:
    samples = resting(0, 1) + touching(1, 2, fps=30) + [nobody(2.1)] + resting(2.2, 4)
    stream = alone(emotion=True)
    first = [d.body for d in decide(alone(emotion=True), samples)]
    again = [d.body for d in decide(stream, samples)]
    assert first == again
    assert any(isinstance(body, EmotionEstimate) for body in first)


def test_estimates_come_at_their_rate_also_with_nobody_there() -> None:
    samples = [nobody(i / 25) for i in range(101)]
    estimates = [d.body for d in decide(alone(emotion=True), samples)]
    assert len(estimates) >= 8
    assert all(isinstance(e, EmotionEstimate) and not e.valid and e.reason for e in estimates)


def test_emotion_can_be_switched_off() -> None:
    decisions = decide(alone(emotion=False), resting(0, 5))
    assert not any(d.kind == "emotion" for d in decisions)


def test_a_foreign_skeleton_is_refused() -> None:
    with pytest.raises(ModelError, match=r"expects skeleton 'holistic75'.* gives 'other'"):
        alone().step(replace(upright(0), skeleton="other"))


def test_joints_that_the_recogniser_does_not_know_change_nothing() -> None:
    samples = resting(0, 1) + touching(1, 2) + resting(2, 3)
    plain = decide(alone(emotion=True), samples)
    assert len(plain) > 3
    assert decide(alone(emotion=True), [with_face(sample) for sample in samples]) == plain


class Saying(RaisedHandModel):
    """Gives the same scores at every tick."""

    def __init__(self, *scores: float) -> None:
        super().__init__()
        self.scores = np.array([scores], np.float32)

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        super().step(x)
        return self.scores


@pytest.mark.parametrize("bad", [np.inf, -np.inf, 1.001, -0.001, 17.0])
def test_scores_that_are_no_beliefs_stop_the_run(bad: float) -> None:
    with pytest.raises(ModelError, match=r"neither 0\.\.1 nor NaN at 0 ns"):
        alone(Saying(bad)).step(upright(0))


def test_one_bad_score_beside_an_abstained_one_stops_the_run() -> None:
    model = Saying(np.nan, np.inf)
    model.labels = (BY_SLUG["touch_jaw"], BY_SLUG["touch_neck"])
    with pytest.raises(ModelError, match=r"neither 0\.\.1 nor NaN"):
        alone(model).step(upright(0))


@pytest.mark.parametrize("scores", [(), (0.5, 0.5)])
def test_another_number_of_scores_stops_the_run(scores: tuple[float, ...]) -> None:
    with pytest.raises(ModelError, match=r"scores of shape \(1, \d\), expected \(1, 1\)"):
        alone(Saying(*scores)).step(upright(0))


def test_scores_may_miss_their_bounds_by_rounding() -> None:
    assert alone(Saying(np.nextafter(np.float32(1), np.float32(2)))).step(upright(0)) == []


class LooksAway(RaisedHandModel):
    """Abstains while the left wrist is far to the left in the picture."""

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        self.seen = x.copy()
        scores = super().step(x)
        assert scores is not None
        away = x[:, HOLISTIC_75.index("left_wrist"), 0] < -0.3
        scores[away] = np.nan
        return scores


AWAY = {"left_wrist": (0.3, 0.35)}


def away(from_s: float, to_s: float) -> list[PoseSample]:
    return [replace(s, joints=upright(0, AWAY).joints) for s in resting(from_s, to_s)]


def test_a_class_that_the_view_stops_supporting_ends_as_view() -> None:
    samples = resting(0, 1) + touching(1, 2) + away(2, 4)
    (event,) = ends(decide(alone(LooksAway()), samples))
    assert event.end_reason == "view"
    assert event.t_end_ns == pytest.approx(2.0e9, abs=4e7)


def test_abstention_is_told_while_somebody_is_in_view() -> None:
    model = LooksAway()
    core = StreamCore(Config(), model)
    stream = LoneStream(core, model)
    assert list(core.abstained) == []
    for sample in touching(0, 1) + away(1, 2):
        stream.step(sample)
    assert list(core.abstained) == ["touch_jaw"]
    for sample in [nobody(2 + i / 25) for i in range(20)]:
        stream.step(sample)
    assert list(core.abstained) == []
    assert core.abstained_s == {"touch_jaw": 1.0}
    for sample in away(2.8, 3.8):
        stream.step(sample)
    assert list(core.abstained) == ["touch_jaw"]
    stream.finish()
    assert list(core.abstained) == []
    assert core.abstained_s == {"touch_jaw": 2.0}


def test_absence_is_no_evidence_while_the_view_does_not_support_the_class() -> None:
    model = LooksAway()
    stream = LoneStream(StreamCore(Config(), model, person(touch_jaw=60.0)), model)
    samples = resting(0, 10) + away(10, 20) + resting(20, 30)
    estimates = [d.body for d in decide(stream, samples) if isinstance(d.body, EmotionEstimate)]
    expected = {e.t_ns / 1e9: e.evidence[0].expected for e in estimates if e.evidence}
    assert expected[10.0] == pytest.approx(60.0 * (1 - math.exp(-10 / 60)), rel=0.02)
    assert expected[19.5] == pytest.approx(expected[10.0] * math.exp(-9.5 / 60), rel=0.02)
    assert expected[29.5] > expected[10.0]


def test_the_model_gets_depth_in_the_persons_unit() -> None:
    model = LooksAway()
    stream = alone(model)
    depth = np.full(len(HOLISTIC_75), 0.2, np.float32)  # the shoulders are 0.2 widths apart
    stream.step(replace(upright(0), depth=depth))
    assert model.seen.shape == (1, 75, 4)
    assert float(model.seen[0, HOLISTIC_75.index("nose"), 3]) == pytest.approx(1.0, rel=1e-5)


def test_operating_points_of_the_model_are_used_and_checked() -> None:
    model = RaisedHandModel()
    model.operating_points = {"touch_jaw": ClassDecoderConfig(min_duration_s=1.5)}
    assert ends(decide(alone(model), resting(0, 1) + touching(1, 2) + resting(2, 3))) == []
    model.operating_points = {"touch_jaw": ClassDecoderConfig(onset=0.1)}
    with pytest.raises(ConfigError, match="touch_jaw"):
        alone(model)


def test_a_gesture_that_is_none_of_imigues_is_an_event_and_no_evidence() -> None:
    model = RaisedHandModel()
    model.labels = (own_label(1000, "pen_click"),)
    config = Config(stream=StreamConfig(name="cam"))
    stream = LoneStream(StreamCore(config, model, person(touch_jaw=1.0)), model)
    decisions = decide(stream, resting(0, 1) + touching(1, 3))
    (event,) = ends(decisions)
    assert (event.label_id, event.label, event.group) == (1000, "pen_click", "None")
    estimates = [d.body for d in decisions if isinstance(d.body, EmotionEstimate)]
    told = {item.label for estimate in estimates for item in estimate.evidence}
    assert "pen_click" not in told
    assert estimates[-1].valid


def test_labels_that_cannot_be_told_apart_stop_the_run_at_its_beginning() -> None:
    model = RaisedHandModel()
    model.labels = (own_label(1000, "pen_click"),) * 2
    with pytest.raises(ModelError, match="twice"):
        alone(model)

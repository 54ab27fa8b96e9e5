import numpy as np
import pytest

from engine.config import Config, EmotionConfig
from engine.core.stream import Decision, StreamCore
from engine.errors import ModelError
from engine.messages import EmotionEstimate, GestureEvent
from engine.poses import NO_FRAME, PoseSample
from tests.fakes.models import RaisedHandModel
from tests.fakes.samples import nobody, upright

HAND = {"left_wrist": (0.45, 0.35)}


def touching(from_s: float, to_s: float, *, epoch: int = 0, fps: int = 25) -> list[PoseSample]:
    count = round((to_s - from_s) * fps)
    return [upright(from_s + i / fps, epoch=epoch, joints=HAND) for i in range(count)]


def resting(from_s: float, to_s: float, *, epoch: int = 0, fps: int = 25) -> list[PoseSample]:
    count = round((to_s - from_s) * fps)
    return [upright(from_s + i / fps, epoch=epoch) for i in range(count)]


def core(model: RaisedHandModel | None = None, *, emotion: bool = False) -> StreamCore:
    config = Config(emotion=EmotionConfig(enabled=emotion))
    return StreamCore(config, model or RaisedHandModel())


def decide(stream: StreamCore, samples: list[PoseSample]) -> list[Decision]:
    return [d for sample in samples for d in stream.step(sample)] + stream.finish()


def ends(decisions: list[Decision]) -> list[GestureEvent]:
    bodies = [d.body for d in decisions]
    return [b for b in bodies if isinstance(b, GestureEvent) and b.state == "end"]


def test_a_touch_becomes_one_event_at_its_time() -> None:
    (event,) = ends(decide(core(), resting(0, 1) + touching(1, 2) + resting(2, 3)))
    assert event.t_start_ns == pytest.approx(1.0e9, abs=4e7)
    assert event.t_end_ns == pytest.approx(2.0e9, abs=4e7)
    assert event.end_reason == "released"


def test_a_new_epoch_ends_everything_and_nothing_spans_it() -> None:
    decisions = decide(core(), touching(0, 1) + touching(5, 6, epoch=1))
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
    (event,) = ends(decide(core(), touching(0, 1) + away + resting(3, 4)))
    assert event.end_reason == "person_lost"
    assert event.t_end_ns == pytest.approx(1.0e9, abs=4e7)


def test_a_stalled_camera_ends_it_as_a_gap() -> None:
    stalled = [nobody(1 + i / 2, reason=NO_FRAME) for i in range(1, 5)]
    (event,) = ends(decide(core(), touching(0, 1) + stalled))
    assert event.end_reason == "gap"


def test_the_model_is_reset_after_a_long_gap_only() -> None:
    model = RaisedHandModel()
    stream = core(model)
    blink = [nobody(1 + i / 25) for i in range(5)]
    for sample in resting(0, 1) + blink + resting(1.2, 2):
        stream.step(sample)
    before = model.resets
    for sample in [nobody(2 + i / 25) for i in range(50)]:
        stream.step(sample)
    assert model.resets == before + 1


def test_the_same_samples_give_the_same_decisions_also_after_finish() -> None:
    samples = resting(0, 1) + touching(1, 2, fps=30) + [nobody(2.1)] + resting(2.2, 4)
    stream = core(emotion=True)
    first = [d.body for d in decide(core(emotion=True), samples)]
    again = [d.body for d in decide(stream, samples)]
    assert first == again
    assert any(isinstance(body, EmotionEstimate) for body in first)


def test_estimates_come_at_their_rate_also_with_nobody_there() -> None:
    samples = [nobody(i / 25) for i in range(101)]
    estimates = [d.body for d in decide(core(emotion=True), samples)]
    assert len(estimates) >= 8
    assert all(isinstance(e, EmotionEstimate) and not e.valid and e.reason for e in estimates)


def test_emotion_can_be_switched_off() -> None:
    decisions = decide(core(emotion=False), resting(0, 5))
    assert not any(d.kind == "emotion" for d in decisions)


def test_a_foreign_skeleton_is_refused() -> None:
    model = RaisedHandModel()
    model.skeleton = "holistic75"
    stream = core(model)
    model.skeleton = "other"
    with pytest.raises(ModelError, match="expects skeleton 'other'"):
        stream.step(upright(0))


def test_scores_that_are_not_finite_stop_the_run() -> None:
    class Broken(RaisedHandModel):
        def step(self, x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
            return np.full((1, 1), np.nan, np.float32)

    with pytest.raises(ModelError, match="not finite"):
        core(Broken()).step(upright(0))

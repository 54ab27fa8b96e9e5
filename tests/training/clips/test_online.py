"""Whole videos through a recogniser: instants and counts are right."""

import numpy as np
import pytest

from engine.labels import BY_ID, Label
from engine.poses import F32, Bools
from tests.fakes.models import RaisedHandModel
from tests.training.clips.sets import Given, poses_of, upright
from training.clips.live_calibration import chosen_points
from training.clips.online import judged_online, streamed
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip
from training.labels import IGNORE, NONE_INDEX

CLIPS = (LabelledClip(5, 0, 11, 50, 89), LabelledClip(5, 1, 12, 200, 229))


class Oracle(RaisedHandModel):
    """Knows the labels, and says what it knows so many ticks later."""

    labels: tuple[Label, ...] = (BY_ID[11], BY_ID[12], BY_ID[30])

    def __init__(self, delay: int, says: int | None = None) -> None:
        super().__init__()
        self.delay = delay
        self._says = delay if says is None else says
        self._tick = 0

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        at = self._tick - self._says
        self._tick += 1
        happening = [clip.start_frame <= at <= clip.end_frame for clip in CLIPS]
        return np.array([[*happening, False]], np.float32)


def data(failed: range = range(0)) -> Given:
    return Given({Video(5, subject=7): (poses_of(upright(300), failed=failed), CLIPS)})


@pytest.mark.parametrize("delay", [0, 12])
def test_who_knows_everything_finds_everything_whenever_it_says_so(delay: int) -> None:
    (stream,) = streamed(Oracle(delay), data(), [5])
    report = judged_online([stream])
    assert report.at(0.5).micro_f1.value == 1.0
    assert report.at(0.5).kit_f1.value == 1.0
    assert report.units == 1
    assert stream.sequence.unit == "subject 7"
    (first, _) = stream.found
    assert first.start_s == pytest.approx(50 / 25)
    assert first.end_s == pytest.approx(90 / 25)
    assert first.decided_s >= first.start_s + delay / 25


def test_who_says_it_later_than_it_claims_does_not() -> None:
    report = judged_online(list(streamed(Oracle(0, says=30), data(), [5])))
    assert report.at(0.3).micro_f1.value == 0.0


def test_scores_lie_at_the_ticks_that_they_describe() -> None:
    (stream,) = streamed(Oracle(12), data(range(100, 104)), [5])
    sequence = stream.sequence
    assert sequence.scores.shape == (300, 32)
    assert np.flatnonzero(sequence.scores[:, 10] == 1).tolist() == list(range(50, 90))
    assert sequence.labels[[60, 210, 10]].tolist() == [10, 11, NONE_INDEX]
    assert not sequence.valid[-12:].any()
    assert (sequence.labels[-12:] == IGNORE).all()


class Doubtful(Oracle):
    """Believes in what happens by a third, and in what does not by a tenth."""

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        scores = super().step(x)
        assert scores is not None
        return np.where(scores > 0, np.float32(0.33), np.float32(0.1))


def test_thresholds_are_chosen_by_what_is_found_with_them() -> None:
    often = [*streamed(Doubtful(12), data(), [5])] * 5
    points = chosen_points(often)
    point = points["touch_jaw"]
    assert point.onset is not None
    assert 0.1 < point.onset <= 0.33
    assert chosen_points([]) == {}
    assert chosen_points(often[:1]) == {}

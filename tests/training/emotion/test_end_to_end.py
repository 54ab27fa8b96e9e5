"""Recognition and emotion together."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.errors import UsageError
from tests.training.clips.sets import Given, poses_of, upright
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip
from training.emotion.annotated import annotated
from training.emotion.end_to_end import (
    NAMERS,
    EndToEnd,
    EndToEndModel,
    EndToEndRecipe,
    fit_end_to_end,
    joined,
)
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.sequence_lstm import SequenceLstm
from training.emotion.video_clips import ClipsOfVideos
from training.labels import IGNORE, class_index
from training.zoo.clip_model import ClipClassifier
from training.zoo.zoo import ZOO, build

JAW, FOREHEAD = 11, 5
TICKS, PAUSE = 24, 16
WRIST = 4


def filmed(count: int, each: int, seed: int = 0) -> Given:
    """Who won mostly touches the jaw, who lost the forehead; seven in eight gestures are so."""
    rng = np.random.default_rng(seed)
    made = {}
    for number in range(count):
        won = number % 2 == 0
        points = upright(each * (TICKS + PAUSE))
        points[..., :2] += rng.normal(0.0, 3.0, points[..., :2].shape).astype(np.float32)
        clips = []
        for n in range(each):
            start = n * (TICKS + PAUSE)
            jaw = won != (n % 8 == 7)
            way = np.linspace(0.0, 200.0 if jaw else -200.0, TICKS)
            points[start : start + TICKS, WRIST, 1] += way
            clips.append(
                LabelledClip(number, n, JAW if jaw else FOREHEAD, start, start + TICKS - 1)
            )
        video = Video(number, subject=number, outcome="win" if won else "lose")
        made[video] = (poses_of(points), clips)
    return Given(made)


def sequences(data: Given) -> list[GestureSequence]:
    return annotated(data, [video.number for video in data.videos])


SMALL = partial(build, "lstm", hidden=32, layers=1)
RECIPE = EndToEndRecipe(epochs=60, videos=4, clips=6, rate=1e-2, reading_rate=1e-2)


@pytest.fixture(scope="module")
def model() -> EndToEndModel:
    data = filmed(12, 8)
    return fit_end_to_end(SMALL, ClipsOfVideos(data), RECIPE, sequences(data))


def test_names_and_outcomes_of_other_videos_are_told(model: EndToEndModel) -> None:
    data = filmed(8, 8, seed=1)
    clips, own = ClipsOfVideos(data), sequences(data)
    told = EndToEndModel(model.network, clips, 128).p_positive(own)
    assert ((told > 0.5) == [one.positive for one in own]).all()
    video = clips.of("0000")
    with torch.no_grad():
        names = model.network.named(video).argmax(dim=1).numpy()
    assert (names == video.labels).mean() > 0.9


def test_what_clips_are_called_is_not_looked_at(model: EndToEndModel) -> None:
    data, renamed = filmed(4, 8, seed=1), filmed(4, 8, seed=1)
    for number, (poses, clips) in renamed._own.items():
        others = [LabelledClip(number, c.number, 99, c.start_frame, c.end_frame) for c in clips]
        renamed._own[number] = (poses, others)
    first, again = (
        EndToEndModel(model.network, ClipsOfVideos(one), 128).p_positive(sequences(data))
        for one in (data, renamed)
    )
    assert np.array_equal(first, again)


def test_how_many_are_named_at_once_changes_nothing(model: EndToEndModel) -> None:
    data = filmed(4, 8, seed=1)
    all_, few = (
        EndToEndModel(model.network, ClipsOfVideos(data), n).p_positive(sequences(data))
        for n in (128, 3)
    )
    assert few == pytest.approx(all_, abs=1e-5)


def test_a_video_without_clips_gets_an_answer(model: EndToEndModel) -> None:
    data = Given({Video(1, subject=1, outcome="win"): (poses_of(upright(50)), [])})
    (p,) = EndToEndModel(model.network, ClipsOfVideos(data), 128).p_positive(sequences(data))
    assert 0.0 < p < 1.0
    fit_end_to_end(SMALL, ClipsOfVideos(data), EndToEndRecipe(epochs=1), sequences(data))


def test_the_same_seed_gives_the_same_model() -> None:
    data = filmed(4, 3)
    recipe = EndToEndRecipe(epochs=2, videos=2, clips=2)
    first, again = (
        fit_end_to_end(SMALL, ClipsOfVideos(data), recipe, sequences(data), 3) for _ in range(2)
    )
    assert np.array_equal(first.p_positive(sequences(data)), again.p_positive(sequences(data)))


def test_the_outcome_teaches_the_namer() -> None:
    torch.manual_seed(0)
    namer = SMALL()
    assert isinstance(namer, ClipClassifier)
    network = EndToEnd(namer, SequenceLstm()).eval()
    video = ClipsOfVideos(filmed(1, 3)).of("0000")
    network.read([network.named(video)], [video]).sum().backward()  # type: ignore[no-untyped-call]
    slopes = [p.grad.abs().max() for p in namer.parameters() if p.grad is not None]
    assert len(slopes) == len(list(namer.parameters()))
    assert all(slope > 0 for slope in slopes)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many clips are named in each step."""
    counts: list[int] = []
    original = ZOO["lstm"].forward

    def counting(self: ClipClassifier, clips: Tensor, lengths: Tensor) -> Tensor:
        counts.append(len(clips))
        told: Tensor = original(self, clips, lengths)
        return told

    monkeypatch.setattr(ZOO["lstm"], "forward", counting)
    return counts


def test_a_step_names_no_more_clips_than_the_recipe_allows(named: list[int]) -> None:
    data = filmed(5, 8)
    recipe = EndToEndRecipe(epochs=2, videos=2, clips=3)
    fit_end_to_end(SMALL, ClipsOfVideos(data), recipe, sequences(data))
    assert named == [6, 6, 3] * 2


def test_clips_of_several_videos_keep_their_frames_and_pauses() -> None:
    clips = ClipsOfVideos(filmed(2, 3))
    one, other = clips.of("0000"), clips.of("0001")
    both = joined([one, other.chosen(np.array([2]))])
    assert len(both) == 4
    assert np.array_equal(both.clips[3], other.clips[2])
    assert both.timing[3].tolist() == pytest.approx(
        np.log([TICKS / 25, (TICKS + PAUSE) / 25]), abs=1e-5
    )


def test_windows_cover_a_video_and_know_the_class_of_most_of_their_frames() -> None:
    points = upright(60)
    data = Given({Video(7): (poses_of(points, failed=range(50, 60)), [_clip(8, 27)])})
    told = ClipsOfVideos(data, window_s=0.4).of("0007")
    # Windows of ten frames; in the last nobody is seen. The first has two frames of the label.
    jaw = class_index(JAW)
    assert told.labels.tolist() == [IGNORE, jaw, jaw, IGNORE, IGNORE]
    assert told.lengths.tolist() == [10] * 5
    assert told.timing[:, 0] == pytest.approx(np.log(0.4))


def _clip(start: int, end: int) -> LabelledClip:
    return LabelledClip(7, 0, JAW, start, end)


@pytest.mark.parametrize("window_s", [0.01, 4.0])
def test_windows_that_are_no_clips_are_refused(window_s: float) -> None:
    with pytest.raises(UsageError, match=r"expected windows of 0\.04 to 3\.6 s"):
        ClipsOfVideos(filmed(1, 1), window_s)


def test_only_models_that_name_clips_can_be_taken() -> None:
    assert "lstm" in NAMERS
    assert "us-vae" not in NAMERS

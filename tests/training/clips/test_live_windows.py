"""Windows to learn from are what the recogniser is shown."""

from collections.abc import Sequence

import numpy as np
import pytest

from engine.config import Config
from engine.core.batch import LoneStream
from engine.core.stream import StreamCore
from engine.errors import UsageError
from engine.imigue import into_holistic
from engine.poses import F32, Bools
from engine.skeletons import IMIGUE_22
from engine.step_graph import StepGraph
from plugins.recognizers.clip.metadata import ServedBy
from plugins.recognizers.clip.recognizer import ClipConfig, ClipRecognizer
from tests.fakes.running import Unwatched, run_graph
from tests.recognizers.clip.models import STRIDE, WINDOW, export_clip_model
from tests.training.clips.sets import Given, poses_of, upright
from training.clips.live_form import LiveForm
from training.clips.live_ticks import poses_as_samples
from training.clips.live_windows import gather_live
from training.datasets.dataset import Video
from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses
from training.labels import NONE_INDEX

FORM = LiveForm(window=WINDOW, delay=4, per_gesture=2, background=1.0)
CLIPS = (LabelledClip(5, 0, 8, 40, 59), LabelledClip(5, 1, 99, 100, 139))


def swaying(frames: int = 200, seed: int = 0) -> F32:
    rng = np.random.default_rng(seed)
    points = upright(frames)
    points[..., :2] += np.cumsum(rng.normal(0, 0.8, (frames, 1, 2)), axis=0)
    points[..., :2] += rng.normal(0, 2.0, points[..., :2].shape)
    points[..., 2] = rng.uniform(0.6, 1.0, points.shape[:2])
    points[20:40, 8] = 0.0
    return points


def data_of(poses: Poses, clips: Sequence[LabelledClip] = CLIPS) -> Given:
    return Given({Video(5, subject=7): (poses, clips)})


class Shown(Unwatched):
    """Keeps what the network is given."""

    def __init__(self, inner: Unwatched) -> None:
        self._inner = inner
        self.given: list[F32] = []

    def reserve(self, streams: int) -> None:
        self._inner.reserve(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        self.given.append(x[0].copy())
        return self._inner.step(x, active)

    def reset(self, stream: int) -> None:
        self._inner.reset(stream)


def shown_live(poses: Poses, path: str) -> list[F32]:
    """What the network of a recogniser is given of a video, run by run."""
    shown: list[Shown] = []

    def watched(graph: StepGraph) -> Shown:
        inner = run_graph(graph)
        assert isinstance(inner, Unwatched)
        shown.append(Shown(inner))
        return shown[-1]

    model = ClipRecognizer(ClipConfig(model=path), None, watched)
    stream = LoneStream(StreamCore(Config(), model), model)
    for sample in poses_as_samples(poses, 25.0):
        stream.step(sample)
    return shown[0].given


def test_a_window_is_what_a_network_of_windows_is_given_live(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = export_clip_model(tmp_path_factory.mktemp("m") / "m.onnx", ServedBy.WINDOW)
    poses = poses_of(swaying(), failed=range(50, 54))
    given = shown_live(poses, str(path))
    form = LiveForm(window=WINDOW, delay=4, per_gesture=10, background=0.0)
    made = gather_live(data_of(poses), [5], form, steps=False)
    compared = 0
    for name, window, length in zip(made.names, made.clips, made.lengths, strict=True):
        clip, place = CLIPS[int(name.split("_")[1])], int(name.split("_")[2])
        frames = clip.end_frame + 1 - clip.start_frame
        last = int(clip.start_frame + (place + 0.5) / 10 * frames) + form.delay
        assert length == WINDOW
        if last % STRIDE == 0:
            np.testing.assert_allclose(window, given[last // STRIDE], atol=1e-5)
            compared += 1
    assert compared >= 4


def test_the_last_tick_of_a_window_is_what_a_network_that_steps_is_given_live(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = export_clip_model(tmp_path_factory.mktemp("m") / "m.onnx", ServedBy.STEPS)
    poses = poses_of(swaying())
    given = np.stack(shown_live(poses, str(path)))
    made = gather_live(data_of(poses), [5], FORM, steps=True)
    for name, window in zip(made.names, made.clips, strict=True):
        if "none" not in name:
            clip, place = CLIPS[int(name.split("_")[1])], int(name.split("_")[2])
            frames = clip.end_frame + 1 - clip.start_frame
            last = int(clip.start_frame + (place + 0.5) / 2 * frames) + FORM.delay
            np.testing.assert_allclose(window, given[last + 1 - WINDOW : last + 1], atol=1e-5)


def test_windows_of_gestures_and_of_nothing_are_named_by_their_tick() -> None:
    made = gather_live(data_of(poses_of(swaying())), [5], FORM, steps=True)
    assert made.names[:4] == ("0005_0_0", "0005_0_1", "0005_1_0", "0005_1_1")
    assert made.labels.tolist() == [7, 7, 31, 31, *[NONE_INDEX] * 4]
    assert made.subjects == ("subject 7",) * 8
    assert made.classes == NONE_INDEX + 1


def test_nothing_is_far_from_what_is_labelled() -> None:
    """A mark in the confidence of an eye tells which frame a window's named tick is."""
    points = swaying()
    points[:, 9, 2] = 0.5 + np.arange(200) / 500.0
    form = LiveForm(window=WINDOW, delay=4, per_gesture=50, background=1.0)
    made = gather_live(data_of(poses_of(points)), [5], form, steps=True)
    nothing = made.labels == NONE_INDEX
    ends = made.lengths[nothing] - 1 - form.delay
    rows = np.arange(int(nothing.sum()))
    frames = np.rint((made.clips[nothing][rows, ends, 9, 2] - 0.5) * 500).astype(int)
    assert len(frames) > 50
    for clip in CLIPS:
        apart = np.maximum(clip.start_frame - frames, frames - clip.end_frame)
        assert apart.min() >= 5


def test_at_the_beginning_steps_have_a_short_clip_and_windows_begin_with_zeros() -> None:
    poses, clips = poses_of(swaying()), (LabelledClip(5, 0, 8, 2, 3),)
    form = LiveForm(window=WINDOW, delay=4, per_gesture=1, background=0.0)
    (short,) = gather_live(data_of(poses, clips), [5], form, steps=True).lengths
    assert short == 3 + form.delay + 1
    whole = gather_live(data_of(poses, clips), [5], form, steps=False)
    assert whole.lengths.tolist() == [WINDOW]
    assert not whole.clips[0, : WINDOW - short].any()
    assert whole.clips[0, WINDOW - short].any()


def test_a_gesture_that_a_long_gap_hides_is_left_out() -> None:
    poses = poses_of(swaying(), failed=range(41, 90))
    made = gather_live(data_of(poses), [5], FORM, steps=True)
    assert made.left_out == ("subject 7",) * 2
    assert 7 not in made.labels
    with pytest.raises(UsageError, match="no window with a pose"):
        gather_live(data_of(poses_of(swaying(), failed=range(200))), [5], FORM, steps=True)


def test_the_joints_are_those_of_imigue() -> None:
    assert into_holistic(swaying(1)).shape == (1, 75, 3)
    with pytest.raises(ValueError, match="delay"):
        LiveForm(window=4, delay=4)
    assert len(IMIGUE_22) == 22

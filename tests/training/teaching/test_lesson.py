"""What a lesson promises, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import UsageError
from engine.poses import F32, PoseSample
from tests.fakes.samples import nobody, upright
from tests.training.datasets.recorded import moving, recorded
from training.clips.live_ticks import live_stretches
from training.pretraining.sources import Source
from training.teaching import background as seconds
from training.teaching.background import Peaks, Session, peaks_of, runs, shared_out
from training.teaching.detector_form import DetectorForm
from training.teaching.examples import Example, read_examples
from training.teaching.lesson import learn, own_threshold
from training.teaching.window_vectors import Window, vectors_at
from training.zoo.ball import ball_of
from training.zoo.clip_model import ClipEncoder
from training.zoo.pooling import Pooling
from training.zoo.teach import conformal_threshold
from training.zoo.zoo import build

WINDOW = Window(10)


def encoder(name: str = "us-vae-causal") -> ClipEncoder:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        sizes: dict[str, Any] = (
            {"hidden": 6} if name == "predict-cluster" else {"hidden": 6, "latent": 3}
        )
        model = build(name, **sizes).eval()
    assert isinstance(model, ClipEncoder)
    return model


def source(name: str, length_s: float, hz: float = 1.0) -> Source:
    def samples() -> Iterator[PoseSample]:
        for k in range(round(25 * length_s)):
            yield upright(k / 25.0, dx=0.05 * np.sin(hz * k / 5.0))

    return Source(name, samples)


def ticks(length: int, seed: int = 0) -> F32:
    made = np.random.default_rng(seed).normal(size=(length, 22, 3)).astype(np.float32)
    made[..., 2] = 1.0
    return made


def session_peaks(rng: np.random.Generator, minutes: int) -> Peaks:
    """Seconds that are alike within a session."""
    scores = rng.normal(size=(60 * minutes, 1)) + 2.0 * rng.normal()
    return Peaks(scores)


def worse(peaks: Peaks, threshold: float, per_min: float) -> bool:
    return bool((peaks.scores > threshold).sum() > per_min * peaks.minutes)


@pytest.mark.parametrize(("sessions", "chance"), [(4, 0.2), (9, 0.1)])
def test_so_many_sessions_are_worse_and_not_more(sessions: int, chance: float) -> None:
    rng = np.random.default_rng(sessions)
    bad = []
    for _ in range(400):
        held = [own_threshold(session_peaks(rng, 3), 1.0)[0] for _ in range(sessions)]
        threshold = conformal_threshold(np.array(held), chance)
        bad.append(worse(session_peaks(rng, 3), threshold, 1.0))
    assert np.mean(bad) == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 400))


def test_pooled_seconds_would_not_keep_it() -> None:
    rng = np.random.default_rng(0)
    bad = []
    for _ in range(400):
        pooled = np.concatenate([session_peaks(rng, 3).scores[:, 0] for _ in range(9)])
        threshold = conformal_threshold(pooled, 1.0 / 60.0)
        bad.append(worse(session_peaks(rng, 3), threshold, 1.0))
    assert np.mean(bad) > 0.1 + 0.03


def test_a_sessions_own_threshold_lets_as_many_pass_as_may() -> None:
    scores = np.arange(180.0)[:, None]
    (threshold,) = own_threshold(Peaks(scores), 1.0)
    assert (scores > threshold).sum() == 3
    (none,) = own_threshold(Peaks(scores), 0.3)
    assert (scores > none).sum() == 0


@pytest.mark.parametrize("name", ["us-vae-causal", "us-vae", "predict-cluster"])
@pytest.mark.parametrize("kind", list(Pooling))
def test_the_form_says_what_the_vectors_say(name: str, kind: Pooling) -> None:
    window, made = Window(10, kind), ticks(30)
    made[12:19] = 0.0
    found = vectors_at(encoder(name), made, np.arange(30), window)
    direction = torch.linspace(-1.0, 1.0, found.vectors.shape[1], dtype=torch.float64)
    ball = ball_of(found.vectors[found.told], found.vectors[10:13])
    form = DetectorForm(
        encoder(name), window, ball, direction, threshold=0.3, gain=2.0, at_threshold=0.6
    )
    padded = np.concatenate((np.zeros((9, 22, 3), np.float32), made))
    windows = torch.from_numpy(np.stack([padded[k : k + 10] for k in range(30)]))
    logits = form(windows).detach().numpy()[:, 0]
    expected = 2.0 * (ball.of(found.vectors) @ direction.numpy() - 0.3) + np.log(0.6 / 0.4)
    np.testing.assert_allclose(logits[found.told], expected[found.told], atol=1e-4)
    assert (logits[~found.told] < -20).all()
    assert list(np.flatnonzero(~found.told)) == [*range(7), *range(14, 26)]


def test_vectors_of_a_tick_rest_on_its_window_alone() -> None:
    made, other = ticks(60), ticks(60, seed=1)
    other[30:] = made[30:]
    ends = np.arange(60)
    one, two = (vectors_at(encoder(), each, ends, WINDOW).vectors for each in (made, other))
    np.testing.assert_allclose(one[39:], two[39:], atol=1e-6)
    assert np.abs(one[38] - two[38]).max() > 1e-6


def test_peaks_are_the_nearest_of_each_second() -> None:
    one = source("a", 4.0)
    (stretch,) = live_stretches(one.samples())
    ways = np.ones((1, 9))
    ends = np.arange(0, len(stretch.ticks), seconds.STRIDE)
    made = vectors_at(encoder(), stretch.ticks, ends, WINDOW)
    ball = ball_of(made.vectors[made.told], made.vectors[5:8])
    peaks = peaks_of(runs(encoder(), Session(one), WINDOW), ball, ways)
    scores = np.where(made.told, ball.of(made.vectors).sum(axis=1), -np.inf)
    expected = scores.reshape(-1, 5).max(axis=1)
    np.testing.assert_allclose(peaks.scores[:, 0], expected, rtol=1e-5)


def test_three_streams_are_sessions_and_one_is_cut() -> None:
    ours, held = shared_out([source(name, 2.0) for name in "abcd"], 60.0)
    assert [s.source.name for s in ours] == ["a", "d"]
    assert [s.source.name for s in held] == ["b", "c"]
    ours, held = shared_out([source("a", 10.0)], 3.0)
    assert [(s.start_s, s.end_s) for s in ours] == [(0.0, 3.0)]
    assert [(s.start_s, s.end_s) for s in held] == [(3.0, 6.0), (6.0, 9.0)]


def test_what_is_too_little_is_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", moving(9.0, 25.0))
    examples = [Example(f"x:{n}", path, 1.0 + n, 2.0 + n) for n in range(4)]
    background = [source(name, 4.0, hz) for name, hz in (("a", 1.0), ("b", 2.0), ("c", 3.0))]
    with pytest.raises(UsageError, match="3 examples or more, got 2"):
        learn(encoder(), examples[:2], background, alarms_per_min=1.0)
    with pytest.raises(UsageError, match="6 minutes of one"):
        learn(encoder(), examples, background[:1], alarms_per_min=0.5)
    with pytest.raises(UsageError, match="less than 60"):
        learn(encoder(), examples, background, alarms_per_min=60.0)
    lost = Example("examples.csv:9", path, 20.0, 21.0)
    with pytest.raises(UsageError, match=r"examples.csv:9.*no pose"):
        learn(encoder(), [*examples, lost], background, alarms_per_min=1.0)


def test_background_without_a_pose_is_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", moving(9.0, 25.0))
    examples = [Example("x", path, 1.0 + n, 2.0 + n) for n in range(4)]

    def empty() -> Iterator[PoseSample]:
        return (nobody(k / 25.0) for k in range(100))

    streams = [source("a", 4.0), Source("b", empty), Source("c", empty)]
    with pytest.raises(UsageError, match="no second with a pose"):
        learn(encoder(), examples, streams, alarms_per_min=1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start_s,end_s\n1,2\n", "recording is missing"),
        ("recording,start_s,end_s\na.mcap,two,3\n", r":2: expected seconds, got 'two'"),
        ("recording,start_s,end_s\na.mcap,3,2\n", r":2: expected 0 <= start_s < end_s"),
        ("recording,start_s,end_s\na.mcap,1,2\nb.mcap,1,2\n", r":3: there is no recording"),
        ("recording,start_s,end_s\na.mcap,nan,2\n", "expected 0 <= start_s"),
    ],
)
def test_examples_that_make_no_sense_are_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.mcap").touch()
    file = tmp_path / "examples.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_examples(file)

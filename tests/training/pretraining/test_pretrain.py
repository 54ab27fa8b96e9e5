"""Encoders learned from streams without labels."""

from pathlib import Path

import numpy as np
import pytest

import training.__main__ as program
from engine.errors import ConfigError, UsageError
from tests.training.datasets.copies import miga_video
from tests.training.datasets.recorded import moving, recorded
from training.clips.live_ticks import live_stretches
from training.clips.recipe import ClipRecipe
from training.datasets import published
from training.pretraining import run as running
from training.pretraining.config import PretrainConfig, completed
from training.pretraining.run import pretrain
from training.pretraining.run_folder import EncoderFolder, load_encoder
from training.pretraining.seen import Seen
from training.pretraining.sources import Source, find_sources, recorded_sources
from training.pretraining.windows import UNLABELLED, WindowForm, write_windows

CONFIG = completed(
    PretrainConfig(
        sizes={"hidden": 8, "latent": 3},
        window_s=1.0,
        stride_s=0.5,
        threads=1,
        recipe=ClipRecipe(epochs=4, batch=4, rate=1e-2),
    )
)


def streams(tmp_path: Path, count: int, seconds: float = 3.0) -> list[Source]:
    paths = [
        recorded(tmp_path / f"{n}.mcap", moving(seconds + 0.2 * n, 25.0)) for n in range(count)
    ]
    return [source for path in paths for source in recorded_sources(path)]


def test_windows_are_what_a_live_recogniser_is_shown(tmp_path: Path) -> None:
    (source,) = streams(tmp_path, 1)
    windows = write_windows([source], tmp_path / "windows", WindowForm(25, 10))
    (stretch,) = live_stretches(source.samples())
    for n, (clip, length) in enumerate(zip(windows.clips, windows.lengths, strict=True)):
        np.testing.assert_array_equal(clip[:length], stretch.ticks[10 * n : 10 * n + int(length)])
    assert len(windows) == 7
    assert int(windows.lengths[-1]) == len(stretch.ticks) - 60
    assert set(windows.labels) == {UNLABELLED}


def test_windows_stay_on_disk(tmp_path: Path) -> None:
    windows = write_windows(streams(tmp_path, 2), tmp_path / "windows", WindowForm(25, 10))
    assert isinstance(windows.clips, np.memmap)
    assert not windows.clips.flags.writeable


def test_what_is_too_short_or_unseen_is_refused(tmp_path: Path) -> None:
    short = recorded_sources(recorded(tmp_path / "a.mcap", moving(0.3, 25.0)))
    with pytest.raises(UsageError, match="no half second"):
        write_windows(short, tmp_path / "windows", WindowForm(25, 10))


def test_an_encoder_is_learned_and_loaded(tmp_path: Path) -> None:
    folder = EncoderFolder(tmp_path / "run")
    log = pretrain(folder, CONFIG, streams(tmp_path, 3))
    assert log[-1].loss < 0.9 * log[0].loss
    assert set(log[-1].validation) == {"loss"}
    assert log[0].lr > log[-1].lr > 0
    assert len(folder.data().held_out) == 1
    assert folder.data().seen == Seen(sets=(), recordings=2)
    encoder, config = load_encoder(folder.path)
    assert config == CONFIG
    assert encoder.description.name == "us-vae-causal"
    assert not folder.windows.exists()


def test_one_broken_off_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = streams(tmp_path, 3)
    whole, broken = EncoderFolder(tmp_path / "whole"), EncoderFolder(tmp_path / "broken")
    pretrain(whole, CONFIG, sources)

    def stop(done: int, *_: object) -> None:
        if done > 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain(broken, CONFIG, sources, watch=stop)
    assert broken.checkpoint.is_file() and not broken.weights.exists()
    with pytest.raises(ConfigError, match="pretrain --out"):
        load_encoder(broken.path)
    first = len(broken.log())
    seen: list[int] = []

    def counted(*_: object) -> float:
        seen.append(1)
        return 0.0

    monkeypatch.setattr(running, "mean_loss", counted)
    pretrain(broken, CONFIG, sources)
    assert len(seen) == CONFIG.recipe.epochs - first < CONFIG.recipe.epochs
    with np.load(whole.weights) as one, np.load(broken.weights) as other:
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("before", ["write_checkpoint", "write_log"])
def test_a_kill_between_log_and_checkpoint_loses_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    sources, folder = streams(tmp_path, 3), EncoderFolder(tmp_path / "run")
    owner = running if before == "write_checkpoint" else EncoderFolder
    real, calls = getattr(owner, before), []

    def killed(*arguments: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(owner, before, killed)
    with pytest.raises(KeyboardInterrupt):
        pretrain(folder, CONFIG, sources)
    monkeypatch.setattr(owner, before, real)
    log = pretrain(folder, CONFIG, sources)
    assert [line.epoch for line in log] == [0, 1, 2, 3]


def test_other_streams_or_knobs_are_not_gone_on_with(tmp_path: Path) -> None:
    sources, folder = streams(tmp_path, 3), EncoderFolder(tmp_path / "run")

    def stop(done: int, *_: object) -> None:
        if done > 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pretrain(folder, CONFIG, sources, watch=stop)
    with pytest.raises(ConfigError, match="other streams"):
        pretrain(folder, CONFIG, sources[:2])
    with pytest.raises(ConfigError, match="another configuration"):
        pretrain(folder, completed(PretrainConfig()), sources)


def test_test_people_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    tested = min(published.MIGA_TEST)
    trained = min(set(range(1, 300)) - published.MIGA_TEST - published.MIGA_VALIDATION)
    miga_video(tmp_path, trained)
    miga_video(tmp_path, tested, part="test")
    found = find_sources([tmp_path])
    assert found.left_out == 1
    assert [source.name[-4:] for source in found.chosen] == [f"{trained:04d}"]
    assert len(find_sources([tmp_path], everybody=True).chosen) == 2


def test_labels_are_not_looked_at(tmp_path: Path) -> None:
    trained = min(set(range(1, 300)) - published.MIGA_TEST - published.MIGA_VALIDATION)
    folder = miga_video(tmp_path, trained)
    (folder / f"{trained:04d}_label.csv").write_text("nonsense\n", encoding="utf-8")
    (source,) = find_sources([tmp_path]).chosen
    assert len(list(source.samples())) == 12


def test_the_command_learns_from_recordings_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    streams(tmp_path, 3)
    words = (
        *("pretrain", "--out", tmp_path / "run", "--epochs", "1", "--seed", "3", tmp_path),
        *("--set", "sizes.hidden=8", "--set", "window_s=1", "--set", "stride_s=1"),
    )
    assert program.main([str(word) for word in words]) == 0
    assert "windows of 3 streams" in " ".join(capsys.readouterr().err.split())
    _, config = load_encoder(tmp_path / "run")
    assert config.sizes["hidden"] == 8 and config.recipe.seed == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--model", "st-gcn", "x.mcap"), "expected one of predict-cluster, us-vae"),
        (("--set", "sizes.depth=3", "x.mcap"), "no such key"),
        (("x.mcap",), "x.mcap"),
        (("nowhere",), "nowhere"),
    ],
)
def test_what_makes_no_sense_exits_2(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert program.main(["pretrain", "--out", "run", *words]) == 2
    assert message in capsys.readouterr().err

"""From an encoder to a classifier, and live, by the command line."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

import run_stream
from plugins.recognizers.clip.metadata import ServedBy
from plugins.recognizers.clip.model_file import read_clip_model
from plugins.recognizers.clip.recognizer import ClipRecognizer
from tests.fakes.plugins import installed_plugin
from tests.training.program import call
from training.clips.clip_set import gather
from training.clips.live_clips import cut_live_clips
from training.clips.load_run import load_clip_run
from training.clips.online import opened
from training.clips.protocols import clip_split
from training.clips.run_folder import ClipRunFolder
from training.datasets.opening import open_dataset
from training.pretraining.run_folder import EncoderFolder
from training.pretraining.seen import seen_in
from training.pretraining.sources import find_sources

ROOT = Path(__file__).parents[2]
SHORT = ("--epochs", "1", "--set", "threads=1", "--set", "device=cpu")
LIVE = ("--set", "live=true", "--set", "form.window=12", "--set", "form.delay=4")
SIZES = {
    "us-vae-causal": ("--set", "sizes.hidden=8", "--set", "sizes.latent=4"),
    "us-vae": ("--set", "sizes.hidden=8", "--set", "sizes.latent=4"),
}


def encoder_of(data: Path, model: str) -> Path:
    folder = data.parent / model
    words = ("--out", folder, "--model", model, "--epochs", "1", "--set", "threads=1", data)
    assert folder.exists() or call("pretrain", *words, *SIZES[model]) == 0
    return folder


@pytest.fixture(scope="module")
def encoder(data: Path) -> Path:
    return encoder_of(data, "us-vae-causal")


@pytest.fixture(scope="module")
def run(data: Path, encoder: Path) -> Path:
    folder = data.parent / "run"
    assert call("train", "--encoder", encoder, "--data", data, "--run", folder, *SHORT) == 0
    return folder


def test_a_run_stands_by_itself_and_its_name_says_where_it_began(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, results = Path(shutil.copytree(run, tmp_path / "moved")), tmp_path / "results.csv"
    shutil.move(run.parent / "us-vae-causal", tmp_path / "gone")
    try:
        assert call("evaluate", "--run", own, "--results", results) == 0
    finally:
        shutil.move(tmp_path / "gone", run.parent / "us-vae-causal")
    (line,) = csv.DictReader(results.read_text("utf-8").splitlines())
    model, config = load_clip_run(own)
    assert (line["model"], config.model) == ("us-vae-causal, tuned", "us-vae-causal")
    assert int(line["parameters"]) == model.parameter_count
    assert "normalised as live" in " ".join(capsys.readouterr().out.split())
    folder = ClipRunFolder(own)
    for path in (folder.curves, folder.confusion("validation"), folder.confusion("test")):
        assert path.stat().st_size > 0


def test_its_clips_are_normalised_as_those_of_the_encoder(run: Path, data: Path) -> None:
    opened_data = open_dataset(data)
    clips = gather(opened_data, clip_split(opened_data, "cross-subject").train, cut=cut_live_clips)
    info = ClipRunFolder(run).data()
    ours = clips.of_people(set(clips.people) - set(info.validation_people))
    assert info.digest == ours.digest()


def test_a_run_broken_off_is_resumed_with_its_encoder_or_without(
    run: Path, encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = encoder_of(encoder.parent, "us-vae")
    for words in ((), ("--encoder", encoder)):
        cut = ClipRunFolder(tmp_path / f"cut{len(words)}")
        cut.path.mkdir()
        shutil.copy(ClipRunFolder(run).config_file, cut.path)
        shutil.copy(encoder / "weights.npz", cut.start)
        assert call("train", "--run", cut.path, "--resume", "--encoder", other) == 2
        assert "does not begin from this encoder" in " ".join(capsys.readouterr().err.split())
        assert call("train", "--run", cut.path, "--resume", "--no-finish", *words) == 0
        with np.load(ClipRunFolder(run).weights) as one, np.load(cut.weights) as two:
            assert all(np.array_equal(one[name], two[name]) for name in one.files)


@pytest.mark.parametrize("model", SIZES)
def test_a_live_run_is_exported_by_steps_where_the_encoder_steps(
    model: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--encoder", encoder_of(data, model), "--data", data, "--run", tmp_path / "run")
    path = tmp_path / "m.onnx"
    assert call("train", *words, *SHORT, *LIVE, "--no-finish") == 0
    assert call("export", "--run", tmp_path / "run", "--out", path) == 0
    said = read_clip_model(path).metadata
    steps = model == "us-vae-causal"
    assert (said.served_by, said.method) == (
        ServedBy.STEPS if steps else ServedBy.WINDOW,
        f"{model}, tuned",
    )
    if not steps:
        opened(path).close()
        return
    with installed_plugin(monkeypatch, "recognizers", "clip", ClipRecognizer):
        served = ["--recognizer", "clip", "--set", f"recognizer.options.model={path}"]
        served += ["--source", str(run_stream.SAMPLE), "--duration", "2", "--no-publish"]
        assert run_stream.main(["run", *served, "--record", str(tmp_path / "live.mcap")]) == 0
        assert run_stream.main(["replay", str(tmp_path / "live.mcap"), "--verify"]) == 0


def test_two_processes_take_the_steps_of_one(data: Path, encoder: Path, tmp_path: Path) -> None:
    def words(name: str) -> list[str]:
        own = ("--encoder", encoder, "--data", data, "--run", tmp_path / name, "--no-finish")
        return ["train", *map(str, own), *SHORT, "--set", "recipe.rate=0.0001"]

    assert call(*words("one")) == 0
    done = subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", "2", "-m", "--", "training", *words("two")),
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    one, two = (ClipRunFolder(tmp_path / name) for name in ("one", "two"))
    with np.load(one.weights) as own, np.load(two.weights) as other:
        for name in own:
            if name.startswith("encoder."):  # the head normalises over each one's part of a batch
                np.testing.assert_allclose(other[name], own[name], atol=2e-3, err_msg=name)
    names = [sorted(path.name for path in folder.path.iterdir()) for folder in (one, two)]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--encoder", "nowhere"), "no run lies there"),
        (("--encoder", "ENCODER", "--model", "lstm"), "is us-vae-causal, not lstm"),
        (("--encoder", "ENCODER", "--set", "sizes.hidden=9"), "are those of the encoder"),
        (("--encoder", "ENCODER", "--shards", "s"), "--shards: has no meaning"),
        (("--model", "us-vae", "--set", "encoder_digest=ab"), "name it with --encoder"),
        (("--model", "lstm", "--set", "encoder_digest=ab"), "lstm is no encoder"),
    ],
)
def test_what_makes_no_sense_is_said_and_exits_2(
    words: Sequence[str], message: str, data: Path, encoder: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    given = [str(encoder) if word == "ENCODER" else word for word in words]
    assert call("train", "--run", tmp_path / "new", "--data", data, *given) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "new").exists()


def test_an_encoder_that_knows_the_test_people_is_refused(
    data: Path, encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = EncoderFolder(Path(shutil.copytree(encoder, tmp_path / "e")))
    everybody = seen_in(find_sources([data], everybody=True).chosen)
    folder.write_data(replace(folder.data(), seen=everybody))
    assert call("train", "--encoder", folder.path, "--data", data, "--run", tmp_path / "new") == 2
    assert "figures would be too good" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "new").exists()

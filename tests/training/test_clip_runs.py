"""`train`, `evaluate` and `compare` with models of the zoo."""

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from rich.console import Console

from tests.training.clips.sets import parts_of_waving, run_config
from tests.training.program import call
from training.clips.load_run import load_clip_run
from training.clips.run_folder import ClipRunFolder
from training.commands import clip_runs

SMALL = ("--set", "sizes.hidden=16", "--set", "threads=1")


@pytest.fixture(scope="module")
def run(data: Path) -> Path:
    folder = data.parent / "lstm"
    words = ("--data", data, "--run", folder, "--epochs", "2", "--seed", "3")
    assert call("train", "--model", "lstm", *words, *SMALL) == 0
    return folder


def test_a_newcomers_run_leaves_curves_figures_and_a_confusion_of_people_held_out(
    run: Path,
) -> None:
    folder = ClipRunFolder(run)
    config = folder.config()
    assert (config.model, config.sizes["hidden"], config.recipe.seed) == ("lstm", 16, 3)
    for path in (folder.curves, folder.confusion("validation"), folder.weights):
        assert path.stat().st_size > 0
    told = msgspec.json.decode(folder.metrics("validation").read_bytes())
    data = folder.data()
    assert told["clips"] == data.validation_clips > 0
    assert told["people"] == len(data.validation_people) == 1
    assert len(folder.log()) == 2
    assert not folder.metrics("test").exists()


def test_clips_without_a_pose_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = parts_of_waving()
    given = replace(parts, train=replace(parts.train, left_out=("ann", "ann", "bob")))
    monkeypatch.setattr("training.clips.parts.parts_of_run", lambda *_, **__: given)
    clip_runs.parts_of(run_config(), Console(stderr=True))
    told = capsys.readouterr().err
    assert told.count("left out") == 1
    assert "3 more have no pose to look at" in told


def test_a_run_is_evaluated_on_the_test_people_and_adds_its_line(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Path(shutil.copytree(run, tmp_path / "lstm"))  # the others see it as it was trained
    results = tmp_path / "results.csv"
    assert call("evaluate", "--run", run, "--results", results) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "most often taken for" in printed
    assert "constant" in printed
    (line,) = csv.DictReader(results.read_text("utf-8").splitlines())
    told = msgspec.json.decode((run / "metrics.test.json").read_bytes())
    assert float(line["top1"]) == pytest.approx(told["figures"]["lstm"]["top1"]["value"], abs=1e-4)
    assert (line["model"], line["seed"], line["test_clips"]) == ("lstm", "3", str(told["clips"]))
    assert (run / "test_confusion.png").stat().st_size > 0


def test_the_table_and_a_run_of_its_own_have_the_same_figures(data: Path, tmp_path: Path) -> None:
    results, runs = tmp_path / "results.csv", tmp_path / "runs"
    words = ("--data", data, "--models", "lstm", "--epochs", "2", *SMALL, "--out", results)
    assert call("compare", *words, "--run", runs) == 0
    assert call("evaluate", "--run", runs / "lstm-0", "--results", results) == 0
    lines = list(csv.DictReader(results.read_text("utf-8").splitlines()))
    ours = [line for line in lines if line["model"] == "lstm"]
    assert len(ours) == 2
    assert ours[0] == ours[1]
    assert call("evaluate", "--run", runs / "lstm-0", "--split", "validation") == 2
    begun = (runs / "lstm-0" / "weights.npz").stat().st_mtime_ns
    assert call("compare", *words, "--run", runs) == 0
    assert (runs / "lstm-0" / "weights.npz").stat().st_mtime_ns == begun


def test_resuming_goes_on_with_the_configuration_of_the_run(run: Path, tmp_path: Path) -> None:
    cut = ClipRunFolder(tmp_path / "cut")
    cut.begin(ClipRunFolder(run).config())
    assert call("train", "--run", cut.path, "--resume") == 0
    one, other = (load_clip_run(path)[0].state_dict() for path in (run, cut.path))
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "--run", "new", "--model", "resnet"), "expected one of lstm"),
        (("train", "--run", "new", "--model", "lstm", "--shards", "s"), "--shards: has no meaning"),
        (("train", "--run", "new", "--model", "lstm", "--set", "recipe.lr=1"), "no such key"),
        (("train", "--run", "new", "--model", "lstm", "--set", "sizes.depth=1"), "no such key"),
        (("train", "--run", "new", "--model", "lstm", "--epochs", "0"), "recipe.epochs"),
        (("train", "--run", "new", "--model", "lstm", "--data", "nowhere"), "nowhere"),
        (("train", "--run", "new", "--data", "d"), "--model"),
        (("train", "--run", "RUN", "--model", "lstm"), "a run lies there"),
        (("train", "--run", "RUN", "--model", "blstm", "--resume"), "is of lstm"),
        (("train", "--run", "RUN", "--resume", "--seed", "1"), "--seed: has no meaning"),
        (("train", "--run", "RUN", "--resume", "--set", "threads=1"), "--set: has no meaning"),
        (("evaluate", "--run", "RUN", "--split", "validation", "--results", "r"), "of test clips"),
        (("evaluate", "--run", "RUN", "--shards", "s"), "--shards: has no meaning"),
        (("evaluate", "--run", "new", "--results", "r.csv"), "no run of a model"),
    ],
)
def test_what_makes_no_sense_is_said_and_exits_2(
    words: Sequence[str],
    message: str,
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*(str(run) if word == "RUN" else word for word in words)) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()

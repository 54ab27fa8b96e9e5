"""Models of the zoo fitted to clips, and beside each other."""

import csv
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ConfigError
from tests.training.clips.sets import parts_of_waving, run_config, waving
from training.__main__ import main
from training.clips.comparison import compared
from training.clips.fitting import fit
from training.clips.judging import CONSTANT
from training.clips.outputs import logits
from training.clips.recipe import ClipRecipe
from training.synthetic.release import synthesize
from training.zoo.clip_model import ClipClassifier
from training.zoo.zoo import build

RECIPE = ClipRecipe(epochs=25, batch=16, rate=1e-2)
SMALLER = ("--set", "sizes.hidden=16", "--set", "threads=1")
SMALL = partial(build, "lstm", hidden=24, layers=1)


def test_what_was_learned_holds_for_other_clips() -> None:
    train, test = waving(48, (0, 1, 2)), waving(24, (0, 1, 2), seed=5)
    losses: list[float] = []
    model = fit(SMALL, train, RECIPE, lambda _, loss: losses.append(loss))
    assert isinstance(model, ClipClassifier)
    assert losses[-1] < 0.3 * losses[0]
    assert np.mean(logits(model, test).argmax(axis=1) == test.labels) > 0.9


def test_the_same_seed_gives_the_same_model_and_batches_change_nothing() -> None:
    train = waving(20, (0, 1))
    short = ClipRecipe(epochs=2, batch=8)
    one, again = (fit(SMALL, train, short) for _ in range(2))
    assert isinstance(one, ClipClassifier)
    assert isinstance(again, ClipClassifier)
    assert np.array_equal(logits(one, train), logits(again, train))
    np.testing.assert_allclose(logits(one, train, 3), logits(one, train), atol=1e-5)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    list(synthesize(folder, 12, 20.0))
    return folder


def test_a_newcomers_command_prints_the_table_and_keeps_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.csv"
    arguments = ["--data", str(data), "--models", "lstm,us-vae", "--epochs", "1", *SMALLER]
    for seed in ("0", "1"):
        assert main(["compare", *arguments, "--seed", seed, "--out", str(out)]) == 0
    told = capsys.readouterr()
    printed = told.out
    assert "people are too narrow" in told.err
    assert "not comparable" in printed
    assert "32.36" in printed
    lines = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [line["seed"] for line in lines] == ["0"] * 6 + ["1"] * 6
    assert lines[0]["model"] == CONSTANT
    assert {line["synthetic"] for line in lines} == {"True"}
    assert {line["model"] for line in lines} >= {"lstm", "us-vae, linear probe"}
    lstm = next(line for line in lines if line["model"] == "lstm")
    assert 0.0 <= float(lstm["top1_low"]) <= float(lstm["top1"]) <= float(lstm["top1_high"])


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (["--models", "resnet"], "'resnet': expected one of lstm"),
        (["--protocol", "mine"], "'mine': expected one of cross-subject, miga"),
        (["--epochs", "0"], "--epochs: expected 1 or more"),
    ],
)
def test_wrong_arguments_are_told(
    data: Path, wrong: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--data", str(data), *wrong]) == 2
    assert expected in capsys.readouterr().err


def test_a_copy_that_does_not_say_who_is_in_it_needs_the_other_protocol(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    for folder in data.glob("imigue_skeleton_*"):
        shutil.copytree(folder, copy / folder.name)
    assert main(["compare", "--data", str(copy), "--models", "lstm", "--epochs", "1"]) == 2
    assert "needs a known subject" in capsys.readouterr().err


def test_raw_joints_stand_beside_latents(tmp_path: Path) -> None:
    config = run_config("us-vae-causal", epochs=1)
    rows = list(compared([config], tmp_path, parts_of_waving()))
    names = [row.name for row in rows]
    assert names[0] == CONSTANT
    assert "raw joints, linear probe" in names
    assert "us-vae-causal, nearest neighbour" in names
    probe = next(row for row in rows if row.name == "raw joints, linear probe")
    assert probe.figures.top1.value is not None
    assert probe.figures.top1.value > 0.9


def test_after_a_kill_finished_models_are_not_trained_again_and_others_go_on(
    tmp_path: Path,
) -> None:
    parts, configs = parts_of_waving(), [run_config("us-vae-causal"), run_config("lstm")]
    whole = list(compared(configs, tmp_path / "whole", parts))

    def killed(name: str, step: int, _total: int, _loss: float, epoch: int) -> None:
        if (name, epoch) == ("lstm", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(compared(configs, tmp_path / "cut", parts, killed))
    steps: list[tuple[str, int]] = []
    again = compared(
        configs,
        tmp_path / "cut",
        parts,
        lambda name, _s, _t, _l, epoch: steps.append((name, epoch)),
    )
    assert list(again) == whole
    assert set(steps) == {("lstm", 2), ("lstm", 3)}
    with pytest.raises(ConfigError, match="another configuration"):
        list(compared([run_config("lstm", epochs=5)], tmp_path / "cut", parts))

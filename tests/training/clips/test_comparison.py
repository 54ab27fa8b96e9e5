"""Models of the zoo fitted to clips, and beside each other."""

import csv
import shutil
from pathlib import Path

import pytest

from engine.errors import ConfigError
from tests.training.clips.sets import parts_of_waving, run_config
from training.__main__ import main
from training.clips.comparison import compared
from training.clips.judging import CONSTANT

SMALLER = ("--set", "sizes.hidden=16", "--set", "threads=1")


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
        (["--out", __file__], "has other columns"),
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

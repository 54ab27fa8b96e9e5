"""Several processes train one model."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ConfigError
from tests.training.clips.sets import parts_of_waving, run_config
from training.__main__ import main
from training.clips.run import trained
from training.clips.run_folder import ClipRunFolder
from training.runs.workers import Workers

ROOT = Path(__file__).parents[3]
# Without dropout, which processes draw for themselves. The last of these batches has one clip only.
KNOBS = (
    *("sizes.hidden=16", "sizes.dropout=0", "threads=1", "recipe.batch=8", "recipe.epochs=2"),
    *("recipe.rate=0.003", "device=cpu"),
)

UNHURRIED_S = 300  # importing torch three times takes long on a busy machine


def words(data: Path, run: Path) -> list[str]:
    settings = [word for knob in KNOBS for word in ("--set", knob)]
    return [
        "train",
        "--model",
        "lstm",
        "--no-finish",
        "--data",
        str(data),
        "--run",
        str(run),
        *settings,
    ]


def told_by_two(arguments: list[str], folder: Path) -> str:
    """What two processes of one training print; a failure shows it, too."""
    command = (sys.executable, "-m", "torch.distributed.run", "--standalone")
    with subprocess.Popen(
        [*command, "--nproc-per-node", "2", "-m", "--", "training", *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    ) as both:  # fmt: skip
        try:
            told, _ = both.communicate(timeout=UNHURRIED_S)
        except subprocess.TimeoutExpired:
            both.terminate()  # which it passes on to the two; killed, it would leave them behind
            told, _ = both.communicate(timeout=60)
            pytest.fail(f"two processes took longer than {UNHURRIED_S} s; they printed:\n{told}")
    assert both.returncode == 0, told
    return told


@pytest.mark.timeout(UNHURRIED_S + 100)
def test_two_processes_take_the_steps_of_one_and_the_first_alone_writes(
    data: Path, tmp_path: Path
) -> None:
    assert main(words(data, tmp_path / "one")) == 0
    assert told_by_two(words(data, tmp_path / "two"), tmp_path).count("epochs in") == 1
    one, two = (ClipRunFolder(tmp_path / name) for name in ("one", "two"))
    with np.load(one.weights) as own, np.load(two.weights) as other:
        for name in own:
            np.testing.assert_allclose(other[name], own[name], atol=2e-4, err_msg=name)
    losses = [[line.loss for line in folder.log()] for folder in (one, two)]
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-4)
    assert sorted(path.name for path in two.path.iterdir()) == sorted(
        path.name for path in one.path.iterdir()
    )


def test_a_process_that_is_not_the_first_writes_nothing(tmp_path: Path) -> None:
    folder = ClipRunFolder(tmp_path / "run")
    epochs: set[int] = set()

    def watch(_step: int, _total: int, _loss: float, epoch: int) -> None:
        epochs.add(epoch)

    with pytest.raises(ConfigError, match="no run lies there"):  # nobody wrote what it would load
        trained(folder, run_config(), parts_of_waving(), watch, Workers(rank=1))
    assert epochs == {0, 1, 2, 3}
    assert not folder.path.exists()


def test_a_batch_is_shared_out_without_loss() -> None:
    rows = np.arange(7)
    shares = [Workers(rank, 3).share(rows) for rank in range(3)]
    assert sorted(np.concatenate(shares).tolist()) == rows.tolist()
    assert [len(share) for share in shares] == [3, 2, 2]
    assert not len(Workers(2, 3).share(rows[:2]))


def test_a_comparison_is_for_one_process(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["compare", "--data", str(data)]) == 2
    assert "torchrun" in capsys.readouterr().err

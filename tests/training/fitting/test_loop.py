from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.errors import ConfigError, DeviceError, ModelError, UsageError
from tests.training.toys import toy_config, toy_shard, undisturbed
from training.fitting.config import OptimConfig, TrainConfig
from training.fitting.loop import Training, learning_rate
from training.fitting.run_folder import RunFolder
from training.runs.run_files import EpochLog
from training.simulator.shards import Shard


class KilledError(Exception):
    pass


def silent(step: int, total: int, loss: float, epoch: int) -> None:
    pass


def training(folder: RunFolder, config: TrainConfig, shard: Shard | None = None) -> Training:
    return Training(config, folder, [shard or toy_shard(0)], [toy_shard(1, sequences=2)])


def run(path: Path, config: TrainConfig) -> tuple[RunFolder, list[EpochLog]]:
    folder = RunFolder(path)
    folder.begin(config)
    return folder, training(folder, config).run(silent)


def weights(folder: RunFolder) -> dict[str, npt.NDArray[np.generic]]:
    with np.load(folder.weights) as stored:
        return dict(stored)


def same(one: RunFolder, two: RunFolder) -> bool:
    a, b = weights(one), weights(two)
    return a.keys() == b.keys() and all(np.array_equal(a[key], b[key]) for key in a)


def test_a_tiny_set_is_learnt_by_heart(tmp_path: Path) -> None:
    config = toy_config(
        optim__epochs=1, data__steps_per_epoch=80, optim__lr=1e-2, optim__ema=0.9, **undisturbed()
    )
    _, log = run(tmp_path / "run", config)
    assert log[-1].validation["nll"] < 0.15
    assert log[-1].validation["mean_recall"] > 0.95


def test_the_same_seed_gives_the_same_bits_and_another_does_not(tmp_path: Path) -> None:
    one, _ = run(tmp_path / "one", toy_config(seed=3))
    two, _ = run(tmp_path / "two", toy_config(seed=3))
    other, _ = run(tmp_path / "other", toy_config(seed=4))
    assert same(one, two)
    assert not same(one, other)


def test_an_interrupted_run_ends_like_one_that_was_not(tmp_path: Path) -> None:
    config = toy_config(optim__epochs=3, data__steps_per_epoch=3)
    whole, whole_log = run(tmp_path / "whole", config)
    cut = RunFolder(tmp_path / "cut")
    cut.begin(config)

    def killed(step: int, total: int, loss: float, epoch: int) -> None:
        if step == 5:
            raise KilledError

    with pytest.raises(KilledError):
        training(cut, config).run(killed)
    again = training(cut, cut.config())
    assert again.resume() == 1
    log = again.run(silent)
    assert same(whole, cut)
    assert [line.loss for line in log] == [line.loss for line in whole_log]
    assert [line.loss for line in cut.log()] == [line.loss for line in whole_log]


def test_a_run_leaves_all_its_files(tmp_path: Path) -> None:
    folder, _ = run(tmp_path / "run", toy_config(optim__epochs=1))
    for path in (folder.config_file, folder.log_file, folder.curves, folder.checkpoint):
        assert path.stat().st_size > 0, path


def test_features_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    shard = toy_shard(0)
    shard.features[:, 10:] = np.inf
    with pytest.raises(UsageError, match="not finite"):
        training(RunFolder(tmp_path), toy_config(), shard)


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with pytest.raises(ModelError, match=r"optim\.lr"):
        training(folder, toy_config(optim__lr=1e9, optim__weight_decay=1e9)).run(silent)


def test_a_budget_shortens_the_run(tmp_path: Path) -> None:
    config = toy_config(minutes=1e-6, data__steps_per_epoch=40, optim__epochs=3)
    _, log = run(tmp_path / "run", config)
    assert log[-1].step == 12


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(toy_config())
    with pytest.raises(UsageError, match="--resume"):
        folder.begin(toy_config())


def test_resuming_what_never_ran_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no checkpoint"):
        training(RunFolder(tmp_path), toy_config()).resume()


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.checkpoint.write_bytes(b"no checkpoint")
    with pytest.raises(ConfigError, match="checkpoint"):
        training(folder, toy_config()).resume()


def test_crops_longer_than_the_sequences_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="crop_ticks"):
        training(RunFolder(tmp_path), toy_config(data__crop_ticks=1000))


def test_an_unknown_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="abacus"):
        training(RunFolder(tmp_path), toy_config(device="abacus"))


def test_the_rate_rises_and_falls() -> None:
    config = OptimConfig(lr=1.0, warmup_steps=10, last_lr=0.1)
    rates = [learning_rate(config, step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(0.1, abs=0.01)
    assert rates.index(max(rates)) in (9, 10)

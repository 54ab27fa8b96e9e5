from pathlib import Path

import numpy as np
import pytest

from engine.errors import UsageError
from tests.training.toys import toy_shard
from training.simulator.shards import Shard, load_shards


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    shard = toy_shard(3)
    shard.save(tmp_path / "deep" / "a.npz")
    again = Shard.load(tmp_path / "deep" / "a.npz")
    for name, value in vars(shard).items():
        assert np.array_equal(getattr(again, name), value), name
        if isinstance(value, np.ndarray):
            assert getattr(again, name).dtype == value.dtype
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.npz"]


def test_features_stay_on_disk_and_cannot_be_changed(tmp_path: Path) -> None:
    toy_shard().save(tmp_path / "a.npz")
    features = Shard.load(tmp_path / "a.npz").features
    assert isinstance(features, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        features[0] = 0


def test_a_split_is_loaded_in_the_order_of_its_names(tmp_path: Path) -> None:
    for seed, name in ((2, "b"), (1, "a")):
        toy_shard(seed).save(tmp_path / "train" / f"{name}.npz")
    assert [shard.seed for shard in load_shards(tmp_path, "train")] == [1, 2]
    with pytest.raises(UsageError, match="simulate"):
        load_shards(tmp_path, "test")


def test_a_damaged_shard_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    toy_shard().save(path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UsageError, match=r"a\.npz"):
        Shard.load(path)


def test_a_compressed_shard_is_refused(tmp_path: Path) -> None:
    shard = toy_shard()
    np.savez_compressed(tmp_path / "a.npz", **vars(shard))
    with pytest.raises(UsageError, match="compressed"):
        Shard.load(tmp_path / "a.npz")


def test_features_that_do_not_fit_the_labels_are_refused(tmp_path: Path) -> None:
    shard = toy_shard()
    np.savez(tmp_path / "a.npz", **{**vars(shard), "labels": shard.labels[:2]})
    with pytest.raises(UsageError, match="expected features"):
        Shard.load(tmp_path / "a.npz")

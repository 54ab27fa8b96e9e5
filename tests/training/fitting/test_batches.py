import msgspec
import numpy as np
import pytest

from plugins.recognizers.graph.relations import CHANNELS
from tests.training.toys import toy_shard
from training.fitting.batches import Batch, Crops
from training.fitting.config import DataConfig
from training.labels import IGNORE, NONE_INDEX
from training.simulator.shards import Shard

ALL = range(len(CHANNELS))


def crops(shard: Shard, delay: int = 0, seed: int = 0, **config: float) -> Crops:
    given = {"crop_ticks": 60, "batch": 4, **config}
    return Crops([shard], msgspec.convert(given, DataConfig), ALL, delay, seed)


def one(shard: Shard, delay: int = 0) -> Batch:
    """The whole first sequence."""
    return next(crops(shard, delay).whole())


def test_an_epoch_depends_on_its_number_and_the_seed_alone() -> None:
    shard = toy_shard()
    first = crops(shard).places(2)
    assert all(map(np.array_equal, first, crops(shard).places(2)))
    assert not np.array_equal(first[1], crops(shard).places(3)[1])
    assert not np.array_equal(first[1], crops(shard, seed=1).places(2)[1])


def test_crops_lie_inside_their_sequences() -> None:
    sequence, start = crops(toy_shard(ticks=90), steps_per_epoch=50).places(0)
    assert sequence.min() >= 0
    assert sequence.max() == 5
    assert start.min() >= 0
    assert start.max() <= 90 - 60


def test_rare_classes_are_drawn_more_often_than_they_come() -> None:
    shard = toy_shard(sequences=40, ticks=200, classes=(3,) * 15 + (7,))
    rare = shard.event_sequence[shard.event_class == 7]
    assert len(rare) == 5

    def share(tau: float, balanced: float = 1.0) -> float:
        made = crops(shard, steps_per_epoch=500, tau=tau, balanced=balanced)
        return float(np.isin(made.places(0)[0], rare).mean())

    assert share(0.0) == pytest.approx(0.5 + 0.5 / 15, abs=0.03)  # 5 of 75 share its sequences
    assert share(1.0) < share(0.5) < share(0.0)
    assert share(0.0, balanced=0.0) == pytest.approx(5 / 40, abs=0.03)


def test_a_class_that_is_drawn_is_in_the_crop() -> None:
    shard = toy_shard(sequences=8, ticks=200, classes=(3, 7))
    made = crops(shard, steps_per_epoch=30, tau=0.0, balanced=1.0)
    for batch in made.epoch(0):
        assert all((row != NONE_INDEX).any() for row in batch.labels)


def test_features_and_labels_belong_together() -> None:
    for batch in crops(toy_shard(), steps_per_epoch=5).epoch(0):
        happens = batch.features[:, 3].max(-1) > 0.5
        assert np.array_equal(happens, batch.labels != NONE_INDEX)


def test_the_label_of_an_output_is_of_delay_ticks_before() -> None:
    shard = toy_shard()
    batch = one(shard, delay=5)
    assert (batch.labels[0, :5] == IGNORE).all()
    assert np.array_equal(batch.labels[0, 5:], shard.labels[0, :-5])
    assert (batch.bounds[0, :5] == IGNORE).all()


def test_bounds_are_marked_around_starts_and_ends() -> None:
    shard = toy_shard()
    batch = one(shard)
    start = int(shard.event_start_tick[0])
    near = np.flatnonzero(batch.bounds[0, : start + 10, 0] == 1)
    assert near.tolist() == list(range(start - 4, start + 5))
    assert (batch.bounds[0, :, 0] == 1).sum() == 2 * 9


def test_ticks_without_a_label_have_no_bounds_but_at_a_boundary() -> None:
    shard = toy_shard()
    start = int(shard.event_start_tick[0])
    shard.labels[0, : start + 2] = IGNORE
    bounds = one(shard).bounds[0]
    assert (bounds[: start - 5] == IGNORE).all()
    assert bounds[start, 0] == 1


def test_only_the_wanted_channels_are_given() -> None:
    shard = toy_shard()
    made = Crops([shard], DataConfig(crop_ticks=60, batch=4), (0, 3), 0, 0)
    batch = next(made.epoch(0))
    assert batch.features.shape == (4, 2, 60, 22)
    assert batch.features[:, 1].max() > 0.5


def test_shards_follow_each_other() -> None:
    shards = [toy_shard(0, sequences=2), toy_shard(1, sequences=3)]
    made = Crops(shards, DataConfig(crop_ticks=60), ALL, 0, 0)
    whole = list(made.whole())
    assert len(whole) == 5
    assert np.array_equal(whole[3].labels[0], shards[1].labels[1])
    for batch in whole:
        changes = np.flatnonzero(np.diff(batch.labels[0]))
        assert (batch.bounds[0][changes + 1].max(-1) == 1).all()


def test_a_limit_spreads_over_all_sequences() -> None:
    shard = toy_shard(sequences=6)
    labels = [batch.labels[0] for batch in crops(shard).whole(3)]
    assert all(map(np.array_equal, labels, shard.labels[[0, 2, 4]]))

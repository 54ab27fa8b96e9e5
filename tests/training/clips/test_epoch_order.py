"""In which order an epoch takes its clips."""

import numpy as np

from training.clips.epoch_order import epoch_order
from training.clips.recipe import ClipRecipe

RECIPE = ClipRecipe(batch=8, seed=3)
LENGTHS = np.random.default_rng(0).integers(10, 91, 500)


def test_each_clip_comes_once_and_only_one_batch_is_smaller() -> None:
    batches = epoch_order(LENGTHS, RECIPE, 0)
    assert sorted(np.concatenate(batches).tolist()) == list(range(500))
    assert sorted(len(rows) for rows in batches) == [4] + 62 * [8]


def test_batches_hold_clips_of_about_one_length() -> None:
    padded = sum(int(LENGTHS[rows].max()) * len(rows) for rows in epoch_order(LENGTHS, RECIPE, 0))
    assert padded < 1.15 * LENGTHS.sum()


def test_neither_batches_nor_their_order_repeat() -> None:
    one, two = (epoch_order(LENGTHS, RECIPE, epoch) for epoch in (0, 1))
    sets = [{frozenset(rows.tolist()) for rows in batches} for batches in (one, two)]
    assert not sets[0] & sets[1]
    longest = [int(LENGTHS[rows].max()) for rows in one[:8]]
    assert longest != sorted(longest)


def test_the_same_seed_and_epoch_give_the_same_batches() -> None:
    again = epoch_order(LENGTHS, RECIPE, 5)
    for one, other in zip(epoch_order(LENGTHS, RECIPE, 5), again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_clips_of_one_length_are_only_shuffled() -> None:
    batches = epoch_order(np.full(500, 48), RECIPE, 0)
    assert any((np.diff(rows) < 0).any() for rows in batches)

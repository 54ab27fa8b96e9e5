"""Belief is fitted to how long things last and how much a tick says."""

import numpy as np

from engine.poses import F32
from training.fitting.fit_belief import fitted_belief
from training.fitting.scores import beliefs
from training.labels import CLASS_COUNT, IGNORE
from training.simulator.shards import I8


def lasting(rng: np.random.Generator, ticks: int, stay: int) -> I8:
    """`(4, T)` classes that change every `stay` ticks."""
    kinds = rng.integers(0, 5, (4, ticks // stay))
    return np.repeat(kinds, stay, axis=1).astype(np.int8)


def noisy(rng: np.random.Generator, labels: I8, strength: float) -> F32:
    """`(4, T, 33)` honest but weak probabilities of single ticks, each by itself."""
    logits = rng.normal(0, 1, (*labels.shape, CLASS_COUNT))
    logits[..., 5:] -= 6.0
    np.put_along_axis(
        logits, labels[..., None].astype(np.int64),
        np.take_along_axis(logits, labels[..., None].astype(np.int64), -1) + strength, -1,
    )  # fmt: skip
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def accuracy(of_ticks: F32, labels: I8) -> float:
    return float((of_ticks.argmax(-1) == labels).mean())


def test_belief_is_right_more_often_than_single_ticks() -> None:
    rng = np.random.default_rng(0)
    labels = lasting(rng, 600, 60)
    of_ticks = noisy(rng, labels, 1.0)
    config = fitted_belief([of_ticks], [labels])
    assert config.weight > 0
    assert accuracy(beliefs(of_ticks, config), labels) > accuracy(of_ticks, labels) + 0.2


def test_what_changes_at_once_is_not_slowed_down() -> None:
    rng = np.random.default_rng(1)
    labels = lasting(rng, 600, 1)
    assert fitted_belief([noisy(rng, labels, 2.0)], [labels]).weight == 0.0


def test_ticks_that_are_not_scored_do_not_count() -> None:
    rng = np.random.default_rng(2)
    labels = lasting(rng, 300, 50)
    of_ticks = noisy(rng, labels, 1.0)
    hidden = labels.copy()
    hidden[:, ::3] = IGNORE
    config = fitted_belief([of_ticks], [hidden])
    assert min(config.prior[:5]) > 0.05
    assert 0 < max(config.prior[5:]) < 0.05

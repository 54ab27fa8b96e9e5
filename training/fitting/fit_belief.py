"""How much a tick counts and how fast things change, by likelihood on held-out simulation."""

import itertools
from collections.abc import Sequence

import numpy as np

from engine.poses import F32
from plugins.recognizers.graph.belief import BeliefConfig
from training.fitting.scores import beliefs
from training.labels import CLASS_COUNT, IGNORE
from training.simulator.shards import I8

_WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7)
_CHANGES = (0.01, 0.02, 0.04, 0.08)
# A class that is missing from some sequences still has a prior.
_PSEUDO_TICKS = 50.0


def fitted_belief(of_ticks: Sequence[F32], labels: Sequence[I8]) -> BeliefConfig:
    """The configuration under which the labels are likeliest.

    Args:
        of_ticks: For each shard `(N, T, 33)` probabilities, by the tick they describe.
        labels: `(N, T)` class indices, -1 where a tick is not scored.
    """
    prior = _prior(labels)
    candidates = [
        BeliefConfig(prior=prior, weight=weight, change=change)
        for weight, change in itertools.product(_WEIGHTS, _CHANGES)
        if weight or change == _CHANGES[0]
    ]
    return min(candidates, key=lambda candidate: _nll(candidate, of_ticks, labels))


def _prior(labels: Sequence[I8]) -> tuple[float, ...]:
    counts = sum(
        np.bincount(rows[rows != IGNORE].astype(np.int64), minlength=CLASS_COUNT) for rows in labels
    ) + np.full(CLASS_COUNT, _PSEUDO_TICKS)
    return tuple(np.round(counts / counts.sum(), 6).tolist())


def _nll(config: BeliefConfig, of_ticks: Sequence[F32], labels: Sequence[I8]) -> float:
    total, count = 0.0, 0
    for rows, true in zip(of_ticks, labels, strict=True):
        scored = true != IGNORE
        belief = beliefs(rows, config)[scored]
        own = belief[np.arange(len(belief)), true[scored]]
        total -= float(np.log(np.maximum(own, 1e-6)).sum(dtype=np.float64))
        count += len(belief)
    return total / max(count, 1)

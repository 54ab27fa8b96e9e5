"""A linear probe: logistic regression on latents, to judge what they tell."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from engine.errors import UsageError
from engine.poses import F32
from training.zoo.nearest import Ints

_MOST_ROUNDS = 200
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class LinearProbe:
    """A fitted probe.

    Attributes:
        weights: `(K, D)` float32, of vectors as they come.
        biases: `(K,)` float32.
    """

    weights: F32
    biases: F32

    def logits(self, vectors: F32) -> F32:
        """`(N, K)` of `(N, D)`."""
        return vectors @ self.weights.T + self.biases


def fit_probe(vectors: F32, labels: Ints, classes: int, *, decay: float = 1e-3) -> LinearProbe:
    """Fit multinomial logistic regression, the numbers of a vector first brought to one spread.

    The problem is convex: the same arguments give the same probe, to rounding.

    Args:
        vectors: `(N, D)` float32.
        labels: `(N,)` int64 class indices.
        classes: K.
        decay: Half of it times the squares of the weights is added to the mean cross entropy.

    Raises:
        UsageError: Vectors and labels do not fit together.
    """
    if vectors.ndim != 2 or labels.shape != vectors.shape[:1] or not len(labels):
        raise UsageError(
            f"expected vectors (N, D) and labels (N,), got {vectors.shape} and {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise UsageError(
            f"expected labels 0 to {classes - 1}, got {labels.min()} to {labels.max()}"
        )
    middle, spread = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), _LEAST_SPREAD)
    scaled = torch.from_numpy(((vectors - middle) / spread).astype(np.float32))
    layer = _fitted(scaled, torch.from_numpy(labels), classes, decay)
    weights = layer.weight.detach().numpy() / spread
    return LinearProbe(
        weights.astype(np.float32),
        (layer.bias.detach().numpy() - weights @ middle).astype(np.float32),
    )


def _fitted(vectors: torch.Tensor, labels: torch.Tensor, classes: int, decay: float) -> nn.Linear:
    layer = nn.Linear(vectors.shape[1], classes)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(
        layer.parameters(), max_iter=_MOST_ROUNDS, line_search_fn="strong_wolfe"
    )

    def loss() -> float:
        optimizer.zero_grad()
        entropy = nn.functional.cross_entropy(layer(vectors), labels)
        total = entropy + 0.5 * decay * layer.weight.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total.item()

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return layer

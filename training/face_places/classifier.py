"""A small network that names the class of a tick."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from msgspec import Struct
from torch import nn

from engine.poses import F32

Ints = npt.NDArray[np.int64]

_MOST = 5.0


class Recipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How every classifier is made, whatever it gets.

    Attributes:
        hidden: Sizes of the layers between.
        dropout: Part of the numbers left out in training.
        epochs: Passes over the ticks; kept is the one that is best on validation.
        batch: Ticks in a step.
        rate: Largest learning rate.
        decay: Of the weights.
    """

    hidden: tuple[int, ...] = (160, 80)
    dropout: float = 0.4
    epochs: int = 5
    batch: int = 512
    rate: float = 2e-3
    decay: float = 0.1


@dataclass(frozen=True)
class Classifier:
    """A trained network.

    Attributes:
        network: Gives logits.
        middle: `(D,)` what is taken from each number before,
        width: `(D,)` and what it is divided by.
    """

    network: nn.Module
    middle: F32
    width: F32

    def log_probabilities(self, x: F32) -> F32:
        """`(R, K)` of `(R, D)`."""
        with torch.no_grad():
            self.network.eval()
            parts = [
                torch.log_softmax(self.network(self._ready(part)), dim=-1)
                for part in np.array_split(x, max(len(x) // 8192, 1))
            ]
        return np.asarray(torch.cat(parts).numpy(), np.float32)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Everything of it by name, for a file."""
        weights = {f"network.{k}": v.numpy() for k, v in self.network.state_dict().items()}
        return {**weights, "middle": self.middle, "width": self.width}

    @staticmethod
    def of_arrays(found: Mapping[str, Any], classes: int, recipe: Recipe) -> "Classifier":
        """One out of a file."""
        network = _network(len(found["middle"]), classes, recipe)
        names = network.state_dict()
        network.load_state_dict({n: torch.from_numpy(found[f"network.{n}"]) for n in names})
        return Classifier(network, found["middle"], found["width"])

    def _ready(self, x: F32) -> torch.Tensor:
        return torch.from_numpy(_standard(x, self.middle, self.width))


def fit_classifier(
    train: tuple[F32, Ints], validation: tuple[F32, Ints], classes: int, seed: int, recipe: Recipe
) -> Classifier:
    """Train on `(R, D)` numbers and `(R,)` classes; classes count alike, however often they come.

    The same arguments give the same network on the same machine.
    """
    x, y = train
    middle, width = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    torch.manual_seed(seed)
    network = _network(x.shape[1], classes, recipe)
    found = Classifier(network, middle, width)
    inputs, wanted = torch.from_numpy(_standard(x, middle, width)), torch.from_numpy(y)
    loss_of = nn.CrossEntropyLoss(weight=torch.from_numpy(_weights(y, classes)))
    steps = recipe.epochs * -(-len(x) // recipe.batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=steps)
    best, kept = np.inf, network.state_dict()
    for _ in range(recipe.epochs):
        network.train()
        order = torch.randperm(len(x))
        for start in range(0, len(x), recipe.batch):
            rows = order[start : start + recipe.batch]
            optimizer.zero_grad()
            loss_of(network(inputs[rows]), wanted[rows]).backward()
            optimizer.step()
            schedule.step()
        loss = _loss(found, validation, classes)
        if loss < best:
            best = loss
            kept = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(kept)
    return found


def _network(size: int, classes: int, recipe: Recipe) -> nn.Sequential:
    layers: list[nn.Module] = []
    for hidden in recipe.hidden:
        layers += [nn.Linear(size, hidden), nn.GELU(), nn.Dropout(recipe.dropout)]
        size = hidden
    return nn.Sequential(*layers, nn.Linear(size, classes))


def _standard(x: F32, middle: F32, width: F32) -> F32:
    return np.asarray(np.clip((x - middle) / width, -_MOST, _MOST), np.float32)


def _weights(y: Ints, classes: int) -> F32:
    counts = np.bincount(y, minlength=classes)
    return np.asarray(len(y) / (classes * np.maximum(counts, 1)), np.float32)


def _loss(classifier: Classifier, rows: tuple[F32, Ints], classes: int) -> float:
    """Negative log likelihood, classes counting alike."""
    x, y = rows
    weights = _weights(y, classes)[y]
    told = classifier.log_probabilities(x)[np.arange(len(y)), y]
    return float(-(weights * told).sum() / weights.sum())

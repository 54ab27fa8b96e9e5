"""How the networks among the emotion models are trained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from msgspec import Struct
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from training.emotion.encoding import encoded
from training.emotion.gesture_sequence import GestureSequence
from training.evaluation.tally import F64


class NetworkRecipe(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same for every network; nothing in it was chosen by looking at test videos.

    Attributes:
        epochs: Passes over the videos, all in one batch.
        rate: Of AdamW, falling to 0 along a cosine.
        decay: Of the weights.
        seeds: Networks that are trained from different beginnings; their log-odds are averaged.
    """

    epochs: int = 150
    rate: float = 2e-3
    decay: float = 1e-2
    seeds: int = 5


@dataclass(frozen=True)
class NetworkModel:
    """Trained networks.

    Attributes:
        networks: Each gives log-odds.
    """

    networks: tuple[nn.Module, ...]

    def p_positive(self, sequences: Sequence[GestureSequence]) -> F64:
        """`(N,)` probabilities."""
        rows, lengths = encoded(sequences)
        with torch.no_grad():
            logits = [network.eval()(rows, lengths) for network in self.networks]
            return np.asarray(torch.sigmoid(torch.stack(logits).mean(dim=0)).numpy(), np.float64)


def fit_networks(
    make: Callable[[], nn.Module],
    sequences: Sequence[GestureSequence],
    recipe: NetworkRecipe,
    seed: int = 0,
) -> NetworkModel:
    """Train as many networks as the recipe says.

    Args:
        make: Makes one, from torch's own generator.
        sequences: Of both outcomes.
        recipe: How.
        seed: Of them; no two have a network in common.
    """
    seeds = range(seed * recipe.seeds, (seed + 1) * recipe.seeds)
    networks = tuple(_trained(make, sequences, recipe, own) for own in seeds)
    return NetworkModel(networks)


def _trained(
    make: Callable[[], nn.Module],
    sequences: Sequence[GestureSequence],
    recipe: NetworkRecipe,
    seed: int,
) -> nn.Module:
    rows, lengths = encoded(sequences)
    positive = torch.tensor([float(one.positive) for one in sequences])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = make()
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=recipe.rate, weight_decay=recipe.decay
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, recipe.epochs)
        for _ in range(recipe.epochs):
            optimiser.zero_grad()
            loss = binary_cross_entropy_with_logits(network(rows, lengths), positive)
            loss.backward()  # type: ignore[no-untyped-call]
            # An LSTM over hundreds of gestures now and then takes a step that undoes all others.
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()

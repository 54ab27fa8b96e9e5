"""All emotion models, by name."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from torch import nn

from training.emotion import attention_pooling, sequence_lstm, weights_of_evidence
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.network_fit import NetworkRecipe, fit_networks
from training.evaluation.tally import F64

CONSTANT = "constant class"


class EmotionModel(Protocol):
    """A fitted model."""

    def p_positive(self, sequences: Sequence[GestureSequence]) -> F64:
        """`(N,)` probabilities that the videos are positive."""
        ...


Fit = Callable[[Sequence[GestureSequence], int], EmotionModel]
"""Fits a model to videos; the number is the seed."""


class Constant:
    """Says the same of every video: the share of positive ones it was fitted to.

    Args:
        share: Of positive videos.
    """

    def __init__(self, share: float) -> None:
        self._share = share

    def p_positive(self, sequences: Sequence[GestureSequence]) -> F64:
        """See `EmotionModel`."""
        return np.full(len(sequences), self._share)


def models(recipe: NetworkRecipe | None = None) -> dict[str, Fit]:
    """Name to what fits it, the baseline first.

    Args:
        recipe: Of the networks.
    """
    networks: dict[str, Callable[[], nn.Module]] = {
        sequence_lstm.NAME: sequence_lstm.SequenceLstm,
        attention_pooling.NAME: attention_pooling.AttentionPooling,
    }
    return {
        CONSTANT: lambda sequences, _: Constant(float(np.mean([s.positive for s in sequences]))),
        weights_of_evidence.NAME: weights_of_evidence.fit,
        **{
            name: partial(_fit_network, make, recipe or NetworkRecipe())
            for name, make in networks.items()
        },
    }


def _fit_network(
    make: Callable[[], nn.Module],
    recipe: NetworkRecipe,
    sequences: Sequence[GestureSequence],
    seed: int,
) -> EmotionModel:
    return fit_networks(make, sequences, recipe, seed)

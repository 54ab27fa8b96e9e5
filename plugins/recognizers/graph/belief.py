"""From probabilities tick by tick to a belief that knows that gestures last.

One tick of a network is weak evidence, and its neighbours say nearly the same again. The belief is
the forward pass of a hidden Markov model whose states are the classes: what is the case mostly
stays the case, and what a tick says counts by its weight. Causal, one multiplication a class.

Source: Rabiner, A tutorial on hidden Markov models, Proc. IEEE 77(2), 1989, eq. 19-20; scaled
likelihoods of a network as in Bourlard and Morgan, Connectionist Speech Recognition, 1994, ch. 7.
"""

from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from engine.poses import F32

_LEAST = np.float32(1e-6)


class BeliefConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How belief follows evidence.

    Attributes:
        prior: Share of each class of all ticks, in the order of the network's outputs.
        weight: Weight of the evidence of one tick; 0 leaves the network's own probabilities.
        change: Chance that what is the case changes from one tick to the next.
    """

    prior: tuple[Annotated[float, Meta(gt=0, le=1)], ...] = ()
    weight: Annotated[float, Meta(ge=0, le=1)] = 0.0
    change: Annotated[float, Meta(gt=0, le=1)] = 0.05


class BeliefRule:
    """Steps beliefs of any number of streams; holds none itself.

    Args:
        config: See there.
    """

    def __init__(self, config: BeliefConfig) -> None:
        self._config = config
        self._prior = np.array(config.prior, np.float32)
        self._log_prior = np.log(self._prior)

    def initial(self, shape: tuple[int, ...] = ()) -> F32:
        """`(*shape, 33)` beliefs before anything was seen."""
        prior = self._prior if self._config.weight else np.zeros(1, np.float32)
        return np.broadcast_to(prior, (*shape, len(prior))).astype(np.float32)

    def step(self, belief: F32, probabilities: F32) -> F32:
        """The belief after one more tick.

        Args:
            belief: `(..., 33)` as `initial` or the last step gave it.
            probabilities: `(..., 33)` of the network at this tick.

        Returns:
            `(..., 33)` float32, summing to 1.
        """
        config = self._config
        if not config.weight:
            return probabilities
        expected = (1.0 - config.change) * belief + config.change * self._prior
        evidence = np.log(np.maximum(probabilities, _LEAST)) - self._log_prior
        joint = np.log(np.maximum(expected, _LEAST)) + config.weight * evidence
        powers = np.exp(joint - joint.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)

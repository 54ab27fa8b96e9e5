"""A classifier that is built on an encoder, and begins with its weights."""

import copy

import torch
from torch import Tensor, nn

from training.network.network import State
from training.zoo.clip_model import ClipClassifier, ClipEncoder, Description, Stepping
from training.zoo.pooling import Pooling, moments_step, no_moments, pooled


class TunedClassifier(ClipClassifier):
    """An encoder and a linear layer on mean, deviation and last of its latents, all of it trained.

    What rebuilds clips from latents is left out. Made by `tuned_classifier`.

    Args:
        encoder: Where to begin; it is copied.
        classes: Logits.
    """

    def __init__(self, encoder: ClipEncoder, classes: int) -> None:
        super().__init__(encoder.graph)
        told = encoder.description
        self.description = Description(
            name=f"{told.name}, tuned", paper=told.paper, streams=told.streams
        )
        self.encoder = copy.deepcopy(encoder)
        self.encoder.drop_decoder()
        width = Pooling.MOMENTS.width(encoder.latent_width)
        # Latents of different encoders are of different sizes.
        self.head = nn.Sequential(_Norm(width), nn.Linear(width, classes))

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        seen = self.seen(clips, lengths)
        latents = self.encoder(clips, lengths).sequence
        logits: Tensor = self.head(pooled(latents, seen, Pooling.MOMENTS))
        return logits


class SteppingTunedClassifier(TunedClassifier):
    """On an encoder that steps; see `Stepping`."""

    def initial_state(self, streams: int) -> State:
        """See `Stepping`: of the encoder, and of its latents so far."""
        begun = no_moments(streams, self.encoder.latent_width)
        like = next(self.parameters())
        return *self._stepping.initial_state(streams), *(part.to(like) for part in begun)

    def step(self, tick: Tensor, state: State) -> tuple[Tensor, State]:
        """See `Stepping`."""
        *own, count, mean, squares = state
        latent, after = self._stepping.step(tick, tuple(own))
        vector, kept = moments_step(latent, (count, mean, squares))
        return self.head(vector), (*after, *kept)

    @property
    def _stepping(self) -> Stepping:
        assert isinstance(self.encoder, Stepping)
        return self.encoder


def tuned_classifier(encoder: ClipEncoder, classes: int) -> TunedClassifier:
    """A classifier with the weights of an encoder and a random linear layer.

    Args:
        encoder: Where to begin; it is copied.
        classes: Logits.

    Returns:
        One that steps if the encoder does.
    """
    kind = SteppingTunedClassifier if encoder.description.streams else TunedClassifier
    return kind(encoder, classes)


class _Norm(nn.BatchNorm1d):
    """One clip has no spread: of a batch of one, as the last of an epoch may be, none is taken."""

    def forward(self, x: Tensor) -> Tensor:
        # In this order: an exporter that saw a count of streams asked for would fix it.
        if not self.training or len(x) > 1:
            return super().forward(x)
        return torch.nn.functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )

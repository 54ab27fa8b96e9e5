"""A variational autoencoder of clips that gives a latent for each tick.

Shi, Liu, Hong and Zhao, "Bidirectional Long Short-Term Memory Variational Autoencoder", BMVC 2018:
encoder and decoder are LSTMs that read from both ends, so that a latent rests on what was before
it and on what comes after. The causal form reads onward only, for live use; it is not of the paper.

What could be read of that paper and of iMiGUE's does not tell sizes, nor how exactly places are to
be rebuilt. Chosen: one layer of 256 a direction, 32 numbers a tick, and a noise of a hundredth of a
picture: smaller movements are not worth a latent. Joints that are missing are not rebuilt.
"""

from typing import Annotated, NamedTuple

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from training.network.network import State
from training.zoo.clip_model import CHANNELS
from training.zoo.rebuilding import rebuild_error
from training.zoo.recurrent import BothWays, Onward

Size = Annotated[int, Meta(ge=1)]


class VaeConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        hidden: Numbers each layer (of a direction) gives.
        layers: Of encoder and decoder each.
        latent: Numbers of a latent.
        noise: Standard deviation of x and y around what is rebuilt, image-normalised: the smaller,
            the more a latent tells of small movements and the farther it may be from its prior.
    """

    hidden: Size = 256
    layers: Size = 1
    latent: Size = 32
    noise: Annotated[float, Meta(gt=0)] = 0.01


class Posterior(NamedTuple):
    """What is believed of each tick's latent.

    Attributes:
        mean: `(N, T, D)`.
        log_variance: `(N, T, D)`.
    """

    mean: Tensor
    log_variance: Tensor

    def drawn(self, seen: Tensor) -> Tensor:
        """`(N, T, D)`: a sample where `(N, T)` counts, the mean elsewhere."""
        # As many draws as ticks that count: padding must not change which.
        noise = torch.zeros_like(self.mean)
        noise[seen] = torch.randn_like(self.mean[seen])
        return self.mean + noise * (0.5 * self.log_variance).exp()


class SequenceVae(nn.Module):
    """Encoder and decoder.

    Args:
        config: Sizes.
        joints: V.
        causal: Whether both read onward only.
    """

    def __init__(self, config: VaeConfig, joints: int, *, causal: bool = False) -> None:
        super().__init__()
        self._noise = config.noise
        self.encoder = _reader(joints * CHANNELS, config, causal)
        self.posterior = nn.Linear(self.encoder.width, 2 * config.latent)
        self.decoder = _reader(config.latent, config, causal)
        self.places = nn.Linear(self.decoder.width, joints * 2)

    def encode(self, clips: Tensor, lengths: Tensor) -> Posterior:
        """What is believed of the latents of clips `(N, T, V, 3)`."""
        read = self.encoder(clips.flatten(2), lengths)
        return Posterior(*self.posterior(read).chunk(2, dim=-1))

    def decode(self, latents: Tensor, lengths: Tensor) -> Tensor:
        """`(N, T, V, 2)`: x and y rebuilt of `(N, T, D)`."""
        places: Tensor = self.places(self.decoder(latents, lengths))
        return places.reshape(*places.shape[:2], -1, 2)

    def loss(
        self, clips: Tensor, lengths: Tensor, seen: Tensor, believed: Posterior, latents: Tensor
    ) -> Tensor:
        """The negative evidence bound in nats a coordinate, without its constant.

        Args:
            clips: `(N, T, V, 3)`.
            lengths: `(N,)`.
            seen: `(N, T)` bool.
            believed: Of the clips' latents.
            latents: `(N, T, D)` drawn from it.
        """
        error = rebuild_error(self.decode(latents, lengths), clips, seen, power=2)
        mean, log_variance = believed
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).sum(2)
        coordinates = 2 * clips.shape[2]
        return error / (2 * self._noise**2) + divergence[seen].mean() / coordinates

    def initial_state(self, streams: int) -> State:
        """Of the encoder; only of the causal form."""
        assert isinstance(self.encoder, Onward)
        return self.encoder.initial_state(streams)

    def step(self, tick: Tensor, state: State) -> tuple[Tensor, State]:
        """One tick `(S, V, 3)` after `state`: the latent's mean `(S, D)`, and the state after."""
        assert isinstance(self.encoder, Onward)
        read, after = self.encoder.step(tick.flatten(1), state)
        return self.posterior(read).chunk(2, dim=-1)[0], after


def _reader(inputs: int, config: VaeConfig, causal: bool) -> Onward | BothWays:
    if causal:
        return Onward(inputs, config.hidden, config.layers)
    return BothWays(nn.LSTM, inputs, config.hidden, config.layers)

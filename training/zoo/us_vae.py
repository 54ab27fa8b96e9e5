"""U-S-VAE: latents of each tick, learned without labels.

Liu, Shi, Chen, Yu, Li and Zhao, CVPR 2021 (iMiGUE), after the same group's VAE of BMVC 2018, see
`sequence_vae`. On iMiGUE top-1/top-5: 32.43/64.30 % (the row "U-S-VAE + Z", by a
classifier on the latents).

The causal form is ours: what it says of a tick rests on this tick and those before, so it can step.
There is no published figure for it.
"""

from torch import Tensor

from training.network.network import State
from training.zoo.clip_model import ClipEncoder, Description, Latents
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.sequence_vae import SequenceVae, VaeConfig

PAPER = "Liu, Shi, Chen, Yu, Li and Zhao, CVPR 2021"


class _VaeEncoder(ClipEncoder):
    Config = VaeConfig
    vae: SequenceVae

    @property
    def latent_width(self) -> int:
        """See `ClipEncoder`."""
        return self.vae.posterior.out_features // 2

    def forward(self, clips: Tensor, lengths: Tensor) -> Latents:
        """The latents' means, and as a clip's vector the mean of these; see `ClipModel`."""
        seen = self.seen(clips, lengths).unsqueeze(2).to(clips.dtype)
        means = self.vae.encode(clips, lengths).mean * seen
        return Latents(means, means.sum(1) / seen.sum(1).clamp_min(1.0))

    def loss(self, clips: Tensor, lengths: Tensor, shown: Tensor | None = None) -> Tensor:
        """See `ClipEncoder` and `SequenceVae.loss`."""
        seen = self.seen(clips, lengths)
        believed = self.vae.encode(clips if shown is None else shown, lengths)
        return self.vae.loss(clips, lengths, seen, believed, believed.drawn(seen))

    def drop_decoder(self) -> None:
        """See `ClipEncoder`."""
        del self.vae.decoder, self.vae.places


class UsVae(_VaeEncoder):
    """The published one, which reads from both ends.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="us-vae", paper=PAPER, published_top1_percent=32.43, published_top5_percent=64.30
    )

    def __init__(self, config: VaeConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self.vae = SequenceVae(config, len(graph))


class CausalUsVae(_VaeEncoder):
    """The one that can step.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(name="us-vae-causal", paper=PAPER, streams=True)

    def __init__(self, config: VaeConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self.vae = SequenceVae(config, len(graph), causal=True)

    def initial_state(self, streams: int) -> State:
        """See `Stepping`."""
        return self.vae.initial_state(streams)

    def step(self, tick: Tensor, state: State) -> tuple[Tensor, State]:
        """See `Stepping`."""
        return self.vae.step(tick, state)

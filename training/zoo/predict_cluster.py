"""P&C: an encoder learns because the decoder that rebuilds the clip is held weak.

Su, Liu and Shlizerman, "Predict & Cluster", CVPR 2020. On iMiGUE (Liu et al., CVPR 2021)
top-1/top-5: 31.67/64.93 %, by the nearest neighbours of the encoder's last state.

Three layers of GRUs that read from both ends, 512 a direction, as in the authors' code for NTU
RGB+D (1,024 in that for NW-UCLA). The decoder is a GRU as wide as both; it gets the first pose and
then its own last one, and tells the change to the next. The loss is the mean absolute error. Of the
two ways to weaken the decoder both are here: "fixed states" gives it the clip's vector at every
tick in place of its own state, "fixed weights" never trains its recurrence. iMiGUE's row does not
tell which; the code for NTU has fixed states. The autoencoder that shrinks the vectors is left out:
cosine distance and a linear probe do without.
"""

from enum import Enum
from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from training.zoo.clip_model import CHANNELS, ClipEncoder, Description, Latents
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.rebuilding import rebuild_error
from training.zoo.recurrent import BothWays

Size = Annotated[int, Meta(ge=1)]


class Weakened(str, Enum):
    """By what the decoder is held weak."""

    FIXED_WEIGHTS = "fixed_weights"
    FIXED_STATES = "fixed_states"


class PredictClusterConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        hidden: Numbers each direction of an encoder's layer gives.
        layers: Of the encoder.
        weakened: The decoder, by what.
    """

    hidden: Size = 512
    layers: Size = 3
    weakened: Weakened = Weakened.FIXED_STATES


class PredictCluster(ClipEncoder):
    """Encoder and decoder.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="predict-cluster",
        paper="Su, Liu and Shlizerman, CVPR 2020",
        published_top1_percent=31.67,
        published_top5_percent=64.93,
    )
    Config = PredictClusterConfig

    def __init__(self, config: PredictClusterConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self._weakened = config.weakened
        self.encoder = BothWays(nn.GRU, len(graph) * CHANNELS, config.hidden, config.layers)
        places = len(graph) * 2
        self.decoder = nn.GRU(places, self.encoder.width, batch_first=True)
        if config.weakened is Weakened.FIXED_WEIGHTS:
            self.decoder.requires_grad_(False)
        self.places = nn.Linear(self.encoder.width, places)

    @property
    def latent_width(self) -> int:
        """See `ClipEncoder`."""
        return self.encoder.width

    def forward(self, clips: Tensor, lengths: Tensor) -> Latents:
        """The encoder's states, and as a clip's vector its last, see `ClipModel`."""
        self.seen(clips, lengths)
        read = self.encoder(clips.flatten(2), lengths)
        return Latents(read, self.encoder.summary(read, lengths))

    def loss(self, clips: Tensor, lengths: Tensor, shown: Tensor | None = None) -> Tensor:
        """Mean absolute error of what the decoder rebuilds of first pose and clip's vector."""
        seen = self.seen(clips, lengths)
        pooled = self(clips if shown is None else shown, lengths).pooled
        rebuilt = self._rebuilt(pooled, clips)
        return rebuild_error(rebuilt.reshape(*clips.shape[:3], 2), clips, seen, power=1)

    def drop_decoder(self) -> None:
        """See `ClipEncoder`."""
        del self.decoder, self.places

    def _rebuilt(self, pooled: Tensor, clips: Tensor) -> Tensor:
        state = pooled.unsqueeze(0)
        poses = [clips[:, :1, :, :2].flatten(2)]
        for _ in range(clips.shape[1] - 1):
            read, after = self.decoder(poses[-1], state)
            poses.append(poses[-1] + self.places(read))
            if self._weakened is Weakened.FIXED_WEIGHTS:
                state = after
        return torch.cat(poses, dim=1)

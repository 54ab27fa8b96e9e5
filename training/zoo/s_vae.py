"""S-VAE: a classifier on the latents of a variational autoencoder, both learned with labels.

Shi, Liu, Hong and Zhao, BMVC 2018, see `sequence_vae`. On iMiGUE (Liu et al., CVPR 2021)
top-1/top-5: 27.38/60.44 %, less than always saying "illustrative".

Left open and chosen: the classifier is one more LSTM that reads the latents from both ends, and the
autoencoder's loss counts a tenth beside the classifier's, as it begins far larger.
"""

from typing import Annotated

from msgspec import Meta
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from training.zoo.clip_model import CLIP_CLASSES, ClipClassifier, Description
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.recurrent import BothWays
from training.zoo.sequence_vae import SequenceVae, VaeConfig


class SVaeConfig(VaeConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes, see `VaeConfig`.

    Attributes:
        classes: Logits.
        vae_weight: Of the autoencoder's loss beside the classifier's.
    """

    classes: Annotated[int, Meta(ge=2)] = CLIP_CLASSES
    vae_weight: Annotated[float, Meta(ge=0)] = 0.1


class SVae(ClipClassifier):
    """Autoencoder and classifier.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="s-vae",
        paper="Shi, Liu, Hong and Zhao, BMVC 2018",
        published_top1_percent=27.38,
        published_top5_percent=60.44,
    )
    Config = SVaeConfig

    def __init__(self, config: SVaeConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self._vae_weight = config.vae_weight
        self.vae = SequenceVae(config, len(graph))
        self.reader = BothWays(nn.LSTM, config.latent, config.hidden, 1)
        self.head = nn.Linear(self.reader.width, config.classes)

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)` of the latents' means, see `ClipModel`."""
        self.seen(clips, lengths)
        return self._named(self.vae.encode(clips, lengths).mean, lengths)

    def loss(self, clips: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
        """The classifier's on latents that are drawn, and the autoencoder's."""
        seen = self.seen(clips, lengths)
        believed = self.vae.encode(clips, lengths)
        latents = believed.drawn(seen)
        named = cross_entropy(self._named(latents, lengths), labels)
        bound = self.vae.loss(clips, lengths, seen, believed, latents)
        return named + self._vae_weight * bound

    def _named(self, latents: Tensor, lengths: Tensor) -> Tensor:
        read = self.reader(latents, lengths)
        logits: Tensor = self.head(self.reader.summary(read, lengths))
        return logits

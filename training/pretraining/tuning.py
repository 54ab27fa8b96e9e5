"""A classifier that begins with the weights of an encoder."""

import copy
from typing import ClassVar

from msgspec import Struct
from torch import Tensor, nn

from training.zoo.clip_model import CLIP_CLASSES, ClipClassifier, ClipEncoder, Description
from training.zoo.pooling import Pooling, pooled


class TuningConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        classes: Logits.
        pooling: What is kept of a clip's latents.
    """

    classes: int = CLIP_CLASSES
    pooling: Pooling = Pooling.MOMENTS


class TunedClassifier(ClipClassifier):
    """An encoder and a linear layer on its latents, all of which is trained.

    Args:
        config: Sizes.
        encoder: Where to begin; it is copied.
        latent: Numbers of one of its latents.
    """

    description = Description(name="tuned", paper="ours")
    Config: ClassVar[type[Struct]] = TuningConfig

    def __init__(self, config: TuningConfig, encoder: ClipEncoder, latent: int) -> None:
        super().__init__(encoder.graph)
        self._pooling = config.pooling
        self.encoder = copy.deepcopy(encoder)
        width = config.pooling.width(latent)
        # Latents of different encoders are of different sizes.
        self.head = nn.Sequential(nn.BatchNorm1d(width), nn.Linear(width, config.classes))

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        seen = self.seen(clips, lengths)
        logits: Tensor = self.head(
            pooled(self.encoder(clips, lengths).sequence, seen, self._pooling)
        )
        return logits

"""Graph convolution whose graph is partly fixed, partly learned and partly made from each clip."""

from enum import Enum

import torch
from torch import Tensor, nn

from training.zoo.graph_tower import TIME_TAPS, way_around
from training.zoo.masking import MaskedNorm

_NARROWER = 4


class Alike(Enum):
    """By what two joints are alike: where they are, how they move, or both in turn."""

    PLACE = "place"
    MOTION = "motion"
    BOTH = "both"


class JointSimilarity(nn.Module):
    """A graph for each role from the clip's own features: C_k of 2s-AGCN.

    Each joint is described twice, as sender and as receiver. How alike two descriptions are, over
    all channels and ticks, becomes by softmax what a receiver takes of each sender.

    Args:
        inputs: Channels in.
        outputs: Channels of the layer that uses it; a description has a quarter of them.
        roles: Graphs to make.
        alike: What a description looks at.
    """

    def __init__(self, inputs: int, outputs: int, roles: int, alike: Alike) -> None:
        super().__init__()
        self._shape = (2, roles, outputs // _NARROWER)
        channels = 2 * roles * (outputs // _NARROWER)
        place = nn.Conv2d(inputs, channels, 1)
        described = inputs if alike is Alike.MOTION else channels
        motion = nn.Conv2d(
            described, channels, (TIME_TAPS, 1), padding=(TIME_TAPS // 2, 0),
            groups=2 * roles if alike is Alike.BOTH else 1,
        )  # fmt: skip
        layers = {
            Alike.PLACE: [place],
            Alike.MOTION: [motion],
            Alike.BOTH: [place, motion],
        }
        self.describe = nn.ModuleList(layers[alike])

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, roles, V, V)` `[sender, receiver]` of `(N, C, T, V)`; columns sum to 1."""
        for layer in self.describe:
            x = layer(x) * mask
        senders, receivers = x.reshape(x.shape[0], *self._shape, *x.shape[2:]).unbind(1)
        alike = torch.einsum("nkctv,nkctw->nkvw", senders, receivers)
        ticks = mask.sum(2, keepdim=True).clamp_min(1.0)
        return torch.softmax(alike / (ticks * self._shape[-1]), dim=2)


class AdaptiveConv(nn.Module):
    """Joints take from others in several roles, with a way around.

    A role's graph is the sum of a fixed one, of a learned one and of those made from the clip.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        fixed: `(K, V, V)`: `[role, sender, receiver]`.
        made: What the graphs made from the clip look at.
    """

    fixed: Tensor

    def __init__(self, inputs: int, outputs: int, fixed: Tensor, made: tuple[Alike, ...]) -> None:
        super().__init__()
        self.register_buffer("fixed", fixed)
        self.learned = nn.Parameter(torch.full_like(fixed, 1e-6))
        self.made = nn.ModuleList(
            JointSimilarity(inputs, outputs, len(fixed), alike) for alike in made
        )
        self.conv = nn.Conv2d(inputs * len(fixed), outputs, 1)
        self.norm = MaskedNorm(outputs)
        # The authors' start: at first a layer is little more than its way around.
        nn.init.constant_(self.norm.weight, 1e-6)
        self.around = way_around(inputs, outputs, 1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V)`."""
        graph = (self.fixed + self.learned).expand(x.shape[0], -1, -1, -1)
        for similarity in self.made:
            graph = graph + similarity(x, mask)
        taken = torch.einsum("nctv,nkvw->nkctw", x, graph).flatten(1, 2)
        y: Tensor = self.norm(self.conv(taken), mask)
        around: Tensor = self.around(x, mask)
        return (y + around).relu()

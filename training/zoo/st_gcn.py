"""ST-GCN: convolution over the joints' neighbours, then over time.

Yan, Xiong and Lin, AAAI 2018. On iMiGUE (Liu et al., CVPR 2021) top-1/top-5: 46.97/84.09 %.
With NTU-60's 25 joints and 60 classes it has 3.1 M parameters.

The paper's "spatial configuration" partition: a joint takes from itself, from its neighbour nearer
to the root and from those farther from it, each with weights of its own; the three are normalised
together by how many they are. Nearness to the root stands for the paper's nearness to the centre of
gravity, as in the authors' code. Ten blocks as there (the text tells nine), and dropout of 0.5 in
each but the first.
"""

from typing import Annotated

import torch
from msgspec import Meta
from torch import Tensor, nn

from training.network.skeleton import roles_of
from training.zoo.clip_model import Description
from training.zoo.graph_tower import (
    Block,
    TimeConv,
    TowerClassifier,
    TowerConfig,
    way_around,
)
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.masking import MaskedNorm


class StGcnConfig(TowerConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes, see `TowerConfig`.

    Attributes:
        dropout: Part of the numbers at the end of each block but the first that is left out in
            training, 0..1.
    """

    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.5


class PartitionConv(nn.Module):
    """Neighbours in three roles, with weights of its own ("spatial configuration").

    Args:
        inputs: Channels in.
        outputs: Channels out.
        partition: `(3, V, V)`: `[role, sender, receiver]`.
    """

    partition: Tensor

    def __init__(self, inputs: int, outputs: int, partition: Tensor) -> None:
        super().__init__()
        self.register_buffer("partition", partition)
        self.importance = nn.Parameter(torch.ones_like(partition))
        self.conv = nn.Conv2d(inputs, outputs * len(partition), 1)
        self.norm = MaskedNorm(outputs)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V)`."""
        sent = self.conv(x).reshape(x.shape[0], len(self.partition), -1, *x.shape[2:])
        taken = torch.einsum("nkctv,kvw->nctw", sent, self.partition * self.importance)
        normed: Tensor = self.norm(taken, mask)
        return normed.relu()


class DroppingConv(TimeConv):
    """Convolution over time that leaves out channels' numbers in training."""

    def __init__(self, width: int, stride: int, dropout: float) -> None:
        super().__init__(width, width, stride=stride)
        self._dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` and its mask to `(N, C, T', V)`."""
        dropped: Tensor = self._dropout(super().forward(x, mask))
        return dropped


def spatial_partition(graph: JointGraph) -> Tensor:
    """`(3, V, V)`: itself, the nearer, the farther neighbours; what reaches a joint sums to 1."""
    roles = (roles_of(graph.parents) > 0).float()
    return roles / roles.sum((0, 1))


class StGcn(TowerClassifier):
    """The network.

    Args:
        config: Sizes.
        graph: Joints and bones.
    """

    description = Description(
        name="st-gcn",
        paper="Yan, Xiong and Lin, AAAI 2018",
        published_top1_percent=46.97,
        published_top5_percent=84.09,
    )
    Config = StGcnConfig

    def __init__(self, config: StGcnConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        partition = spatial_partition(graph)

        def block(number: int, inputs: int, outputs: int, stride: int) -> Block:
            return Block(
                PartitionConv(inputs, outputs, partition),
                DroppingConv(outputs, stride, config.dropout if number else 0.0),
                way_around(inputs, outputs, stride) if number else None,
                stride,
            )

        super().__init__(config, graph, block)

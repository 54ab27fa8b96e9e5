"""GCN-NAS: 2s-AGCN's blocks with graphs that an architecture search chose for each of them.

Peng, Hong, Chen and Zhao, AAAI 2020. On iMiGUE (Liu et al., CVPR 2021) top-1/top-5: 53.90/89.21 %.

The search is not repeated: `SEARCHED` is what the authors' code builds for NTU-60, block by block.
A block's fixed graph is a sum of Chebyshev polynomials of the skeleton's, in three roles, where the
search chose any; its graphs made from the clip look at places, at motion, or at both in turn.

Where that code and the paper's formulas differ, the formulas are followed: its polynomials raise
each entry to a power instead of the matrix, and its layers for "both" take turns with the roles by
an indexing slip instead of following each other. So "both" has
fewer parameters here, as each role's convolution over time starts from its own description: 6.29 M
with NTU-60's 25 joints and 60 classes, where that code has 6.57 M.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import UsageError
from training.network.skeleton import roles_of
from training.zoo.adaptive import AdaptiveConv, Alike
from training.zoo.clip_model import Description
from training.zoo.graph_tower import Block, TimeConv, TowerClassifier, TowerConfig, way_around
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph


@dataclass(frozen=True)
class Searched:
    """What the search chose for a block.

    Attributes:
        made: What its graphs made from the clip look at.
        orders: Chebyshev polynomials in its fixed graph.
    """

    made: tuple[Alike, ...]
    orders: tuple[int, ...]


_ALL = (Alike.PLACE, Alike.MOTION, Alike.BOTH)
_MOTION = (Alike.MOTION,)
SEARCHED = (
    *(Searched(_ALL, (3,)),) * 2,
    *(Searched(_ALL, ()),) * 2,
    Searched((Alike.PLACE, Alike.MOTION), (3,)),
    Searched(_MOTION, (3,)),
    Searched(_ALL, (3, 4)),
    *(Searched(_MOTION, (3,)),) * 2,
    Searched(_MOTION, ()),
)
"""Of each of the ten blocks; a configuration with fewer widths takes the first of them."""


def chebyshev(graphs: Tensor, order: int) -> Tensor:
    """`(K, V, V)`: the polynomial of the first kind of each of `(K, V, V)`."""
    before, current = torch.eye(graphs.shape[1]).expand_as(graphs), graphs
    if order == 0:
        return before
    for _ in range(order - 1):
        before, current = current, 2.0 * graphs @ current - before
    return current


class GcnNas(TowerClassifier):
    """The network that was found.

    Args:
        config: Sizes; at most ten widths.
        graph: Joints and bones.
    """

    description = Description(
        name="gcn-nas",
        paper="Peng, Hong, Chen and Zhao, AAAI 2020",
        published_top1_percent=53.90,
        published_top5_percent=89.21,
    )

    def __init__(self, config: TowerConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        if len(config.widths) > len(SEARCHED):
            raise UsageError(
                f"gcn-nas: expected at most {len(SEARCHED)} widths, one for each block of the "
                f"search, got {len(config.widths)}"
            )
        roles = roles_of(graph.parents)

        def block(number: int, inputs: int, outputs: int, stride: int) -> Block:
            found = SEARCHED[number]
            return Block(
                AdaptiveConv(inputs, outputs, fixed_graph(roles, found.orders), found.made),
                TimeConv(outputs, outputs, stride=stride),
                way_around(inputs, outputs, stride) if number else None,
                stride,
            )

        super().__init__(config, graph, block)


def fixed_graph(roles: Tensor, orders: tuple[int, ...]) -> Tensor:
    """`(3, V, V)`: sum of the polynomials; that of order 4 as softmax over the senders.

    Args:
        roles: `(3, V, V)`: `[role, sender, receiver]`.
        orders: 3 or 4, as the search space has them.
    """
    total = torch.zeros_like(roles)
    for order in orders:
        graphs = chebyshev(roles, order)
        total = total + (torch.softmax(graphs / roles.shape[1], dim=1) if order == 4 else graphs)
    return total

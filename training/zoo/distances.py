"""Graphs of nodes at each distance, for MS-G3D."""

import torch
from torch import Tensor


def at_distances(adjacency: Tensor, count: int) -> Tensor:
    """Who is k steps away, for each k: disentangled neighbourhoods.

    Args:
        adjacency: `(W, W)` symmetric: more than 0 between nodes a step apart.
        count: Distances, 0 included.

    Returns:
        `(count, W, W)` float32: nodes exactly k steps away and the node itself, normalised by the
        square roots of both nodes' degrees.
    """
    itself = torch.eye(len(adjacency))
    within = itself
    scales = [itself]
    for _ in range(1, count):
        reached = ((within @ (adjacency + itself)) > 0).float()
        scales.append(_normalised(reached - within + itself))
        within = reached
    return torch.stack(scales)


def window_adjacency(adjacency: Tensor, ticks: int) -> Tensor:
    """Of `ticks * V` nodes: who is a step apart in a window.

    A joint reaches itself and its neighbours at every tick of the window.
    """
    return (adjacency + torch.eye(len(adjacency))).repeat(ticks, ticks)


def _normalised(matrix: Tensor) -> Tensor:
    scale = matrix.sum(1).rsqrt()
    return scale.unsqueeze(1) * matrix * scale

"""First layer: positions become differences in time, relations pass through."""

import math

import torch
from torch import Tensor, nn

from training.network.config import DIFFERENCED, RATE_HZ
from training.network.temporal import extend

_POSITIONS = len(DIFFERENCED)
_FULL_SCALE_PER_S = 2.5
"""A joint this fast, in shoulder widths a second, gives a difference of 1 at a lag of one tick.

What lasts longer is slower, a lean as against a hand: over n ticks it is this over the root of n.
"""
LIMIT = 2.0
"""Differences beyond this are a teleport, not a movement."""


class DifferenceStem(nn.Module):
    """Replaces the positions by how far each joint came within each lag, in both directions.

    A difference counts only if the joint was seen at both ends; otherwise it is 0.

    Args:
        channels: Input channels, C; the first are `seen` (0 or 1) and the position.
        lags: Ticks.
        nodes: Joints, V.
    """

    def __init__(self, channels: int, lags: tuple[int, ...], nodes: int) -> None:
        super().__init__()
        self.outputs = channels - 2 + 2 * len(lags)
        self.reach = max(lags)
        self._nodes = nodes
        weight, bias = _difference_weights(lags)
        self.register_buffer("_weight", weight, persistent=False)
        self.register_buffer("_bias", bias, persistent=False)
        self._weight: Tensor
        self._bias: Tensor

    def initial_state(self, streams: int) -> Tensor:
        """`(S, 3, reach, V)` zeros: no joint was seen."""
        return self._weight.new_zeros(streams, _POSITIONS, self.reach, self._nodes)

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, outputs, T, V)`, as if nothing was before the clip."""
        places, rest = x[:, :_POSITIONS], x[:, _POSITIONS:]
        return self._join(nn.functional.pad(places, (0, 0, self.reach, 0)), rest)

    def step(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One tick `(S, C, 1, V)` after `state` to `(S, outputs, 1, V)` and the state after."""
        places, rest = x[:, :_POSITIONS], x[:, _POSITIONS:]
        extended, after = extend(places, state)
        return self._join(extended, rest), after

    def _join(self, places: Tensor, rest: Tensor) -> Tensor:
        # One fixed convolution gives every difference and every "seen at both ends" at once:
        # a handful of operations instead of a score, which is what a single tick costs.
        moved, both = nn.functional.conv2d(places, self._weight, self._bias).chunk(2, dim=1)
        moved = (moved * torch.relu(both)).clamp(-LIMIT, LIMIT)
        return torch.cat((rest, moved), dim=1)


def scale_of(lag: int) -> float:
    """What a difference over so many ticks is multiplied with."""
    return RATE_HZ / (math.sqrt(lag) * _FULL_SCALE_PER_S)


def _difference_weights(lags: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Convolution of (seen, x, y) over the last ticks.

    Returns:
        Weight `(2 * M, 3, reach + 1, 1)` and bias `(2 * M,)`, M = 2 * lags + 1. Outputs 0..M-1:
        x and y now minus then for each lag, and 1. Outputs M..2M-1 are positive only where the
        joint was seen at both ends: seen now + seen then - 1; the last is seen now.
    """
    reach, half = max(lags), 2 * len(lags) + 1
    weight = torch.zeros(2 * half, _POSITIONS, reach + 1, 1)
    bias = torch.zeros(2 * half)
    bias[half - 1] = 1.0
    weight[-1, 0, reach] = 1.0
    for index, lag in enumerate(lags):
        scale = scale_of(lag)
        for axis in (0, 1):
            row = 2 * index + axis
            weight[row, 1 + axis, reach] = scale
            weight[row, 1 + axis, reach - lag] = -scale
            weight[half + row, 0, reach] = weight[half + row, 0, reach - lag] = 1.0
            bias[half + row] = -1.0
    return weight, bias

"""Convolution over time at several dilations at once, for MS-G3D."""

import torch
from torch import Tensor, nn

from training.zoo.graph_tower import TimeConv, way_around
from training.zoo.masking import MaskedNorm, strided

_DILATIONS = (1, 2, 3, 4)
_TAPS = 3

BRANCHES = len(_DILATIONS) + 2
"""One a dilation, one that takes the most in three ticks, one that does neither."""


class MultiScaleTime(nn.Module):
    """Each branch gives an equal part of the channels; a way leads around all.

    Args:
        inputs: Channels in.
        outputs: Channels out; a multiple of `BRANCHES`.
        stride: Ticks from one output to the next.
        activated: Whether the sum is rectified.
    """

    def __init__(
        self, inputs: int, outputs: int, stride: int = 1, *, activated: bool = True
    ) -> None:
        super().__init__()
        self._stride, self._activated = stride, activated
        part = outputs // BRANCHES
        self.narrow = nn.ModuleList(
            TimeConv(inputs, part, taps=1) for _ in range(len(_DILATIONS) + 1)
        )
        self.dilated = nn.ModuleList(
            TimeConv(part, part, _TAPS, stride, dilation) for dilation in _DILATIONS
        )
        self.most = nn.MaxPool2d((_TAPS, 1), (stride, 1), (_TAPS // 2, 0))
        self.most_norm = MaskedNorm(part)
        self.plain = TimeConv(inputs, part, taps=1, stride=stride)
        self.around = way_around(inputs, outputs, stride)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` and its mask to `(N, C', T', V)`."""
        narrow = [layer(x, mask).relu() for layer in self.narrow]
        parts = [layer(y, mask) for layer, y in zip(self.dilated, narrow[:-1], strict=True)]
        # Rectified, so that 0 beyond the clip is never the most of what counts.
        parts.append(self.most_norm(self.most(narrow[-1]), strided(mask, self._stride)))
        parts.append(self.plain(x, mask))
        around: Tensor = self.around(x, mask)
        y = torch.cat(parts, dim=1) + around
        return y.relu() if self._activated else y

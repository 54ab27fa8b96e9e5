"""Layers and sums that leave out the ticks beyond a clip's length.

Everywhere in the zoo a tick that does not count is 0, as a convolution's own padding is. So a clip
gives the same result however long the batch is that it lies in. Layers over `(N, C, T, V)` are told
by a mask, `(N, 1, T, 1)` of their dtype: 1 where a tick counts, 0 beyond.
"""

import torch
from torch import Tensor, nn


class MaskedNorm(nn.BatchNorm2d):
    """Batch normalisation over `(N, C, T, V)` that neither counts nor keeps masked ticks."""

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Normalised where the mask is 1, 0 elsewhere; without a mask every tick counts."""
        if mask is None:
            return super().forward(x)
        if not self.training:
            return super().forward(x) * mask
        seen = mask[:, 0, :, 0] > 0
        by_tick = x.transpose(1, 2)
        counted = super().forward(by_tick[seen].transpose(0, 1).unsqueeze(0))
        normed = torch.zeros_like(by_tick)
        normed[seen] = counted.squeeze(0).transpose(0, 1)
        return normed.transpose(1, 2)


def seen_ticks(ticks: int, lengths: Tensor) -> Tensor:
    """`(N, ticks)` bool: which ticks of clips of these `(N,)` lengths count."""
    return torch.arange(ticks, device=lengths.device) < lengths.unsqueeze(1)


def mask_of(seen: Tensor, like: Tensor) -> Tensor:
    """`(N, 1, T, 1)` of the dtype of `like`, of `(N, T)` bool."""
    return seen[:, None, :, None].to(like.dtype)


def strided(mask: Tensor, stride: int) -> Tensor:
    """The mask of every `stride`-th tick."""
    return mask if stride == 1 else mask[:, :, ::stride]


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """`(N, C)`: mean of `(N, C, T, V)` over the joints and the ticks that count."""
    return (x * mask).mean(3).sum(2) / mask.sum((2, 3)).clamp_min(1.0)


def last_seen(x: Tensor, lengths: Tensor) -> Tensor:
    """`(N, D)`: what `(N, T, D)` holds at the last tick that counts."""
    at = (lengths - 1).clamp_min(0)[:, None, None].expand(-1, 1, x.shape[2])
    return x.gather(1, at).squeeze(1)

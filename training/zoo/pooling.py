"""One vector of the latents of some ticks: of a whole clip, or of the last of a stream."""

from enum import Enum

import torch
from torch import Tensor

_PARTS = 4
_TINY = 1e-6


class Pooling(str, Enum):
    """What is kept of a sequence.

    Attributes:
        MEAN: The mean, as encoders of the zoo do it: nothing of the order is left.
        MOMENTS: Mean and standard deviation, and the last one that counts.
        PARTS: The mean of each quarter: something of the order is left, nothing of the pace.
    """

    MEAN = "mean"
    MOMENTS = "moments"
    PARTS = "parts"

    def width(self, latent: int) -> int:
        """Numbers of a vector, of latents of so many."""
        return {Pooling.MEAN: 1, Pooling.MOMENTS: 3, Pooling.PARTS: _PARTS}[self] * latent


def pooled(sequence: Tensor, seen: Tensor, kind: Pooling) -> Tensor:
    """One vector of each sequence, of the ticks that count.

    Args:
        sequence: `(N, T, D)`; what it holds at ticks that do not count changes nothing.
        seen: `(N, T)` bool: which ticks count. With none the vector is 0.
        kind: What is kept.

    Returns:
        `(N, kind.width(D))`.
    """
    weights = seen.unsqueeze(2).to(sequence.dtype)
    kept = sequence * weights
    if kind is Pooling.PARTS:
        return _of_parts(kept, weights)
    count = weights.sum(1).clamp_min(1.0)
    mean = kept.sum(1) / count
    if kind is Pooling.MEAN:
        return mean
    variance = ((kept - mean.unsqueeze(1) * weights).square()).sum(1) / count
    last = (kept * _is_last(weights)).sum(1)
    return torch.cat((mean, (variance + _TINY).sqrt(), last), dim=1)


def _is_last(weights: Tensor) -> Tensor:
    """`(N, T, 1)`: 1 at the last tick that counts, where there is one."""
    later = weights.flip(1).cumsum(1).flip(1) - weights
    return weights * (later == 0).to(weights.dtype)


def _of_parts(kept: Tensor, weights: Tensor) -> Tensor:
    """Quarters of the ticks that count, whichever they are."""
    count = weights.sum(1, keepdim=True)
    rank = weights.cumsum(1) - weights
    vectors = []
    for part in range(_PARTS):
        low, high = part * count / _PARTS, (part + 1) * count / _PARTS
        # A tick lies in two quarters where a bound cuts it: so no quarter is ever empty.
        share = (torch.minimum(rank + 1.0, high) - torch.maximum(rank, low)).clamp_min(0.0)
        share = share * weights
        vectors.append((kept * share).sum(1) / share.sum(1).clamp_min(_TINY))
    return torch.cat(vectors, dim=1)


Moments = tuple[Tensor, Tensor, Tensor]
"""Of S streams so far: count `(S, 1)`, mean and sum of squares around it, `(S, D)` each."""


def no_moments(streams: int, latent: int) -> Moments:
    """Of streams that had no latent yet: zeros."""
    return torch.zeros(streams, 1), torch.zeros(streams, latent), torch.zeros(streams, latent)


def moments_step(latent: Tensor, state: Moments) -> tuple[Tensor, Moments]:
    """`Pooling.MOMENTS` a latent at a time (Welford, Technometrics 1962).

    Args:
        latent: `(S, D)`, the next of each stream.
        state: Of those before.

    Returns:
        `(S, 3 D)` as `pooled` has it of all latents so far, and the state after.
    """
    count, mean, squares = state
    count = count + 1.0
    away = latent - mean
    mean = mean + away / count
    squares = squares + away * (latent - mean)
    vector = torch.cat((mean, (squares / count + _TINY).sqrt(), latent), dim=1)
    return vector, (count, mean, squares)

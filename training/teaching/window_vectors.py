"""What an encoder makes of the last ticks of a stream: one vector."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.poses import F32, Bools
from training.evaluation.tally import I64
from training.zoo.clip_model import ClipEncoder
from training.zoo.pooling import Pooling, pooled

LEAST_SEEN = 0.75
"""Part of the window's ticks with a pose below which nothing is said."""

_BATCH = 256


@dataclass(frozen=True)
class Window:
    """What a vector is made of.

    Attributes:
        ticks: How many of the last.
        pooling: What is kept of their latents.
    """

    ticks: int
    pooling: Pooling = Pooling.MOMENTS


@dataclass(frozen=True)
class Vectors:
    """Of one stretch.

    Attributes:
        vectors: `(N, P)` float32.
        told: `(N,)` bool: where enough of the window has a pose.
    """

    vectors: F32
    told: Bools


def window_vectors(encoder: ClipEncoder, windows: Tensor, kind: Pooling) -> tuple[Tensor, Tensor]:
    """`(N, P)` and `(N,)` bool of windows `(N, W, V, 3)`; zeros are ticks in a gap.

    A window is read from its first tick on, as clips are in training, gaps included; what is made
    of a gap does not count.
    """
    lengths = torch.full((windows.shape[0],), windows.shape[1])
    seen = (windows != 0).flatten(2).any(2)
    vectors = pooled(encoder(windows, lengths).sequence, seen, kind)
    return vectors, seen.to(vectors.dtype).mean(1) >= LEAST_SEEN


@torch.no_grad()
def vectors_at(encoder: ClipEncoder, ticks: F32, ends: I64, window: Window) -> Vectors:
    """What is known after some ticks of a stretch, of which each is the last of its window.

    Args:
        encoder: In evaluation mode.
        ticks: `(T, 22, 3)` of `live_ticks.Stretch`; before its beginning there are zeros, as live.
        ends: `(N,)` the ticks.
        window: Of the vectors.
    """
    before = np.zeros((window.ticks - 1, *ticks.shape[1:]), np.float32)
    padded = torch.from_numpy(np.concatenate((before, ticks)))
    own = torch.arange(window.ticks)
    found: list[tuple[Tensor, Tensor]] = []
    for start in range(0, len(ends), _BATCH):
        places = torch.from_numpy(ends[start : start + _BATCH])[:, None] + own
        found.append(window_vectors(encoder, padded[places], window.pooling))
    if not found:
        width = window.pooling.width(1)
        return Vectors(np.zeros((0, width), np.float32), np.zeros(0, np.bool_))
    vectors, told = (torch.cat(column).numpy() for column in zip(*found, strict=True))
    return Vectors(vectors, told)

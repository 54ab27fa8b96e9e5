"""Gesture sequences as padded tensors."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engine.poses import F32
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.rates import CLASSES

# Beside its class: score, logarithm of its length, logarithm of the pause before it.
WIDTH = CLASSES + 3
_SHORTEST_S = 0.1

MOST_GESTURES = 512
"""Of a video that the networks look at, the last ones."""


def encoded(
    sequences: Sequence[GestureSequence], most: int = MOST_GESTURES
) -> tuple[Tensor, Tensor]:
    """Videos as rows.

    Args:
        sequences: N videos.
        most: Gestures of a video that are kept: the last ones.

    Returns:
        `(N, E, WIDTH)` float32 with zeros after the end, and `(N,)` int64 lengths, at least 1: a
        video without gestures is one row of zeros.
    """
    lengths = [min(max(len(one), 1), most) for one in sequences]
    rows = torch.zeros(len(sequences), max(lengths, default=1), WIDTH)
    for number, one in enumerate(sequences):
        own = _rows(one)[-most:]
        rows[number, : len(own)] = torch.from_numpy(own)
    return rows, torch.tensor(lengths)


def _rows(one: GestureSequence) -> F32:
    rows = np.zeros((len(one), WIDTH), np.float32)
    rows[np.arange(len(one)), one.classes] = 1.0
    rows[:, CLASSES] = one.scores
    rows[:, CLASSES + 1 :] = timing(one.start_s, one.end_s)
    return rows


def timing(start_s: F32, end_s: F32) -> F32:
    """Logarithms of how long gestures take, and of the time since the one before began.

    Args:
        start_s: `(E,)` float32, ascending.
        end_s: `(E,)` float32.

    Returns:
        `(E, 2)` float32.
    """
    pauses_s = np.diff(start_s, prepend=np.float32(0.0))
    spans_s = np.stack([end_s - start_s, pauses_s], axis=1)
    return np.asarray(np.log(np.maximum(spans_s, np.float32(_SHORTEST_S))), np.float32)

"""What a trained model says about many clips."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from engine.poses import F32
from training.clips.clip_set import ClipSet
from training.evaluation.tally import I64
from training.zoo.clip_model import ClipClassifier, ClipEncoder, ClipModel

BATCH = 128


@torch.no_grad()
def logits(model: ClipClassifier, clips: ClipSet, batch: int = BATCH) -> F32:
    """`(N, K)` float32 of a trained model."""
    return np.concatenate([model(*part).cpu().numpy() for part in _parts(model, clips, batch)])


@torch.no_grad()
def vectors(model: ClipEncoder, clips: ClipSet, batch: int = BATCH) -> F32:
    """`(N, D)` float32: what a trained model makes of each clip."""
    found = [model(*part).pooled.cpu().numpy() for part in _parts(model, clips, batch)]
    return np.concatenate(found)


def tensors(clips: ClipSet, rows: I64, device: torch.device) -> tuple[Tensor, Tensor]:
    """Some clips and their lengths, cut to the longest: what lies beyond an end changes nothing."""
    lengths = clips.lengths[rows]
    cut = clips.clips[rows, : int(lengths.max())]
    return torch.from_numpy(cut).to(device), torch.from_numpy(lengths).to(device)


def batches(count: int, batch: int = BATCH) -> Iterator[I64]:
    """Rows 0 to `count`, so many at a time."""
    for start in range(0, count, batch):
        yield np.arange(start, min(start + batch, count))


def _parts(model: ClipModel, clips: ClipSet, batch: int) -> Iterator[tuple[Tensor, Tensor]]:
    device = next(model.parameters()).device
    for rows in batches(len(clips), batch):
        yield tensors(clips, rows, device)

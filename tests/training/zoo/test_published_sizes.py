"""As many parameters and shapes as published, with NTU RGB+D 60's joints and classes."""

import pytest
import torch
from torch import Tensor, nn

from tests.training.zoo.clips import random_clips
from tests.training.zoo.ntu import NTU_CLASSES, NTU_GRAPH
from training.zoo.graph_tower import Block
from training.zoo.ms_g3d import StgcBlock
from training.zoo.zoo import build

# Name to parameters, how near, and channels of the last block. One person, where the publications'
# first normalisation has two: 150 parameters.
PUBLISHED = {
    "st-gcn": (3_100_000, 0.01, 256),
    "2s-agcn": (2 * 3_470_000, 0.01, 256),
    "shift-gcn": (690_000, 0.01, 256),
    "ms-g3d": (3_200_000, 0.01, 384),
    # What the authors' code has; its extra layers for "both" are explained in `gcn_nas`.
    "gcn-nas": (6_567_334, 0.05, 256),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_model_is_as_large_as_published(name: str) -> None:
    published, tolerance, channels = PUBLISHED[name]
    model = build(name, NTU_GRAPH, classes=NTU_CLASSES).eval()
    assert model.parameter_count == pytest.approx(published, rel=tolerance)
    shapes: list[tuple[int, ...]] = []

    def note(_: nn.Module, __: tuple[Tensor, ...], given: tuple[Tensor, Tensor]) -> None:
        shapes.append(tuple(given[0].shape))

    blocks = [layer for layer in model.modules() if isinstance(layer, Block | StgcBlock)]
    blocks[-1].register_forward_hook(note)
    logits = model(random_clips(1, ticks=20, joints=25), torch.tensor([20]))
    assert shapes == [(1, channels, 5, 25)]
    assert logits.shape == (1, NTU_CLASSES)

"""Small models and clips in which each class moves joints of its own."""

from typing import Any

import torch
from torch import Tensor, nn

from tests.training.network.nets import settled
from training.zoo.clip_model import ClipModel
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.zoo import build

CLASSES = 4
TICKS = 24

_RECURRENT = {"classes": CLASSES, "hidden": 24, "layers": 1, "dropout": 0.0}
_TOWER = {"classes": CLASSES, "widths": (8, 16)}
_VAE = {"hidden": 24, "latent": 8, "noise": 0.1}
SMALL: dict[str, dict[str, Any]] = {
    "lstm": _RECURRENT,
    "blstm": _RECURRENT,
    "st-gcn": {**_TOWER, "dropout": 0.0},
    "2s-agcn": _TOWER,
    "shift-gcn": _TOWER,
    "ms-g3d": {
        "classes": CLASSES,
        "widths": (6, 12),
        "distances": 4,
        "window_distances": 2,
        "windows_ticks": (3,),
    },
    "gcn-nas": _TOWER,
    "s-vae": {"classes": CLASSES, **_VAE},
    "us-vae": _VAE,
    "us-vae-causal": _VAE,
    "predict-cluster": {"hidden": 32, "layers": 1},
}


def small(name: str, graph: JointGraph = IMIGUE_GRAPH, seed: int = 0) -> ClipModel:
    """A model that one core trains in seconds."""
    torch.manual_seed(seed)
    return build(name, graph, **SMALL[name])


def settled_model(name: str, seed: int = 0) -> ClipModel:
    """The same, in evaluation, as if it had been trained."""
    model: nn.Module = settled(small(name, seed=seed), seed)
    assert isinstance(model, ClipModel)
    return model


def random_clips(count: int = 3, ticks: int = TICKS, joints: int = 22, seed: int = 0) -> Tensor:
    """`(N, T, V, 3)` with missing joints."""
    generator = torch.Generator().manual_seed(seed)
    clips = torch.randn(count, ticks, joints, 3, generator=generator)
    clips[..., 2] = torch.rand(count, ticks, joints, generator=generator)
    return clips * (torch.rand(count, ticks, joints, 1, generator=generator) > 0.2)


def toy_clips(count: int = 8, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Clips, lengths and labels: class k lifts each fourth joint from k on and lowers it."""
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(16, TICKS + 1, (count,), generator=generator)
    labels = torch.arange(count) % CLASSES
    clips = 0.02 * torch.randn(count, TICKS, 22, 3, generator=generator)
    rest = torch.randn(22, 2, generator=torch.Generator().manual_seed(99))
    clips[..., :2] += 0.3 * rest
    clips[..., 2] = 1.0
    lift = torch.sin(torch.arange(TICKS) * torch.pi / TICKS)
    for clip, label in zip(clips, labels.tolist(), strict=True):
        clip[:, label::CLASSES, 1] += 0.5 * lift.unsqueeze(1)
    for clip, length in zip(clips, lengths.tolist(), strict=True):
        clip[length:] = 0.0
    return clips, lengths, labels

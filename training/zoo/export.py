"""A model of the zoo as an ONNX file of one fixed shape."""

import copy
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import UsageError
from training.network.export import translated, write_bare
from training.zoo.clip_model import CHANNELS, ClipEncoder, ClipModel

INPUTS = ("clips", "lengths")


class _EncoderForm(nn.Module):
    def __init__(self, model: ClipEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, clips: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        return tuple(self.model(clips, lengths))


def export_clip_model(model: ClipModel, path: Path, *, count: int, ticks: int) -> None:
    """Write `clips` and `lengths` to `logits`, or to `sequence` and `pooled`.

    Args:
        model: Trained; it is not changed.
        path: Where to.
        count: Clips in one call.
        ticks: Of each clip, padding included.

    Raises:
        UsageError: The file cannot be written.
    """
    copied: nn.Module = copy.deepcopy(model).cpu()
    outputs = ["logits"]
    if isinstance(copied, ClipEncoder):
        copied, outputs = _EncoderForm(copied), ["sequence", "pooled"]
    example = (
        torch.zeros(count, ticks, len(model.graph), CHANNELS),
        torch.full((count,), ticks),
    )
    graph = translated(copied, example, list(INPUTS), outputs)
    try:
        write_bare(graph, {}, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error}") from error

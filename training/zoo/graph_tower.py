"""What the graph networks of the zoo have in common: ten blocks of joints, then of time."""

from collections.abc import Callable
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct
from torch import Tensor, nn

from training.zoo.clip_model import CHANNELS, CLIP_CLASSES, ClipClassifier
from training.zoo.joint_graph import JointGraph
from training.zoo.masking import MaskedNorm, mask_of, masked_mean, strided

TIME_TAPS = 9

Width = Annotated[int, Meta(ge=4)]


class TowerConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        classes: Logits.
        widths: Channels after each block; where they change, half of the ticks are left out.
    """

    classes: Annotated[int, Meta(ge=2)] = CLIP_CLASSES
    widths: tuple[Width, ...] = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256)

    def __post_init__(self) -> None:
        if not self.widths:
            raise ValueError("widths must name a block at least")


class TimeConv(nn.Module):
    """Convolution over time, each joint for itself, then normalisation.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        taps: Over time; odd, and centred.
        stride: Ticks from one output to the next.
        dilation: Ticks between taps.
    """

    def __init__(
        self, inputs: int, outputs: int, taps: int = TIME_TAPS, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self._stride = stride
        reach = taps // 2 * dilation
        self.conv = nn.Conv2d(
            inputs, outputs, (taps, 1), (stride, 1), (reach, 0), dilation=(dilation, 1)
        )
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out")
        self.norm = MaskedNorm(outputs)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` and its mask to `(N, C', T', V)`."""
        normed: Tensor = self.norm(self.conv(x), strided(mask, self._stride))
        return normed


class Block(nn.Module):
    """Joints exchange, then time is convolved, and a way leads around both.

    Args:
        spatial: Takes `(x, mask)`, keeps the ticks.
        temporal: Takes `(x, mask)`, keeps every `stride`-th tick.
        around: The same, from the block's input; None if there is no way around.
        stride: Of `temporal`.
    """

    def __init__(
        self, spatial: nn.Module, temporal: nn.Module, around: nn.Module | None, stride: int
    ) -> None:
        super().__init__()
        self.spatial = spatial
        self.temporal = temporal
        self.around = around
        self._stride = stride

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`(N, C, T, V)` and its mask to `(N, C', T', V)` and the mask of that."""
        y: Tensor = self.temporal(self.spatial(x, mask), mask)
        if self.around is not None:
            y = y + self.around(x, mask)
        return y.relu(), strided(mask, self._stride)


class Unchanged(nn.Module):
    """The way around where channels and ticks stay the same."""

    def forward(self, x: Tensor, _: Tensor) -> Tensor:
        """`x` itself."""
        return x


def way_around(inputs: int, outputs: int, stride: int) -> nn.Module:
    """What leads around a layer: nothing to do, or a convolution where the shape changes."""
    if inputs == outputs and stride == 1:
        return Unchanged()
    return TimeConv(inputs, outputs, taps=1, stride=stride)


MakeBlock = Callable[[int, int, int, int], Block]
"""Makes the block of `(number, inputs, outputs, stride)`, numbers from 0."""


class GraphTower(nn.Module):
    """Blocks one after another, the mean over joints and ticks, and a linear layer.

    Args:
        config: Sizes.
        joints: V.
        block: Makes each.
    """

    def __init__(self, config: TowerConfig, joints: int, block: MakeBlock) -> None:
        super().__init__()
        self.norm = MaskedNorm(joints * CHANNELS)
        steps = list(pairwise((CHANNELS, *config.widths)))
        self.blocks = nn.ModuleList(
            block(number, inputs, outputs, 2 if number and inputs != outputs else 1)
            for number, (inputs, outputs) in enumerate(steps)
        )
        self.head = nn.Linear(config.widths[-1], config.classes)

    def forward(self, clips: Tensor, seen: Tensor) -> Tensor:
        """Logits `(N, classes)` of clips `(N, T, V, 3)` of which ticks `(N, T)` bool count."""
        mask = mask_of(seen, clips)
        x = normed_joints(self.norm, clips.permute(0, 3, 1, 2), mask)
        for block in self.blocks:
            x, mask = block(x, mask)
        logits: Tensor = self.head(masked_mean(x, mask))
        return logits


class TowerClassifier(ClipClassifier):
    """A model that is one tower.

    Args:
        config: Sizes.
        graph: Joints and bones.
        block: See `GraphTower`.
    """

    Config = TowerConfig

    def __init__(self, config: TowerConfig, graph: JointGraph, block: MakeBlock) -> None:
        super().__init__(graph)
        self.tower = GraphTower(config, len(graph), block)

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        logits: Tensor = self.tower(clips, self.seen(clips, lengths))
        return logits


def normed_joints(norm: MaskedNorm, x: Tensor, mask: Tensor) -> Tensor:
    """`(N, C, T, V)` with each channel of each joint normalised for itself."""
    count, channels, ticks, joints = x.shape
    flat = x.transpose(2, 3).reshape(count, channels * joints, ticks, 1)
    normed: Tensor = norm(flat, mask)
    return normed.reshape(count, channels, joints, ticks).transpose(2, 3)

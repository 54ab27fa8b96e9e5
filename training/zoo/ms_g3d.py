"""MS-G3D: neighbours at many distances, in space alone and in space and time at once.

Liu, Zhang, Chen, Wang and Ouyang, CVPR 2020. On iMiGUE (Liu et al., CVPR 2021) top-1/top-5:
54.91/89.98 %. With NTU-60's 25 joints and 60 classes a stream has 3.2 M parameters.

Three blocks of 96, 192 and 384 channels, windows of 3 and 5 ticks, 13 distances in space and 6 in
the windows, as in the authors' configuration for NTU-60. No pair of the 22 joints is farther apart
than 8 bones; beyond that a joint is left to itself. iMiGUE's row does not tell how many streams it
fuses: this is one, of joints.
"""

from itertools import pairwise
from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from training.zoo.clip_model import CHANNELS, CLIP_CLASSES, ClipClassifier, Description
from training.zoo.distances import at_distances, window_adjacency
from training.zoo.graph_tower import normed_joints
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.masking import MaskedNorm, mask_of, masked_mean, strided
from training.zoo.multi_scale_time import BRANCHES, MultiScaleTime

Width = Annotated[int, Meta(ge=BRANCHES, multiple_of=BRANCHES)]
Window = Annotated[int, Meta(ge=1)]


class MsG3dConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes.

    Attributes:
        classes: Logits.
        widths: Channels after each block; from the second on, half of the ticks are left out.
        distances: In space, 0 included.
        window_distances: In a window, 0 included.
        windows_ticks: Ticks of each kind of window; odd.
    """

    classes: Annotated[int, Meta(ge=2)] = CLIP_CLASSES
    widths: tuple[Width, ...] = (96, 192, 384)
    distances: Annotated[int, Meta(ge=1)] = 13
    window_distances: Annotated[int, Meta(ge=1)] = 6
    windows_ticks: tuple[Window, ...] = (3, 5)

    def __post_init__(self) -> None:
        if not self.widths or any(ticks % 2 == 0 for ticks in self.windows_ticks):
            raise ValueError("widths must name a block at least, and windows must be odd")


class MultiScaleGraph(nn.Module):
    """Each node takes from nodes at each distance, with weights of their own.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        adjacency: `(W, W)`: 1 between nodes a step apart.
        distances: How many, 0 included.
    """

    near: Tensor

    def __init__(self, inputs: int, outputs: int, adjacency: Tensor, distances: int) -> None:
        super().__init__()
        self.register_buffer("near", at_distances(adjacency, distances))
        self.learned = nn.Parameter(torch.empty_like(self.near).uniform_(-1e-6, 1e-6))
        self.mix = nn.Conv2d(inputs * distances, outputs, 1)
        self.norm = MaskedNorm(outputs)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, W)` to `(N, C', T, W)`."""
        taken = torch.einsum("kwv,nctv->nkctw", self.near + self.learned, x).flatten(1, 2)
        normed: Tensor = self.norm(self.mix(taken), mask)
        return normed.relu()


class WindowGraph(nn.Module):
    """G3D: all joints of a window of ticks in one graph.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        graph: Joints and bones.
        distances: In the window.
        window_ticks: Length of the window.
        stride: Ticks from one window to the next.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        graph: JointGraph,
        *,
        distances: int,
        window_ticks: int,
        stride: int,
    ) -> None:
        super().__init__()
        self._ticks, self._stride = window_ticks, stride
        # As in the authors' code: channels grow where a window becomes a tick again, but for the
        # first block, whose three channels would be a bottleneck.
        inside = outputs if inputs == CHANNELS else inputs
        adjacency = window_adjacency(graph.adjacency(), window_ticks)
        self.exchange = MultiScaleGraph(inputs, inside, adjacency, distances)
        self.collapse = nn.Conv3d(inside, outputs, (1, window_ticks, 1))
        self.norm = MaskedNorm(outputs)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` and its mask to `(N, C', T', V)`."""
        after = strided(mask, self._stride)
        windows = self._windows(x)
        exchanged: Tensor = self.exchange(windows.flatten(3), after)
        exchanged = exchanged.reshape(x.shape[0], -1, *windows.shape[2:])
        normed: Tensor = self.norm(self.collapse(exchanged).squeeze(3), after)
        return normed

    def _windows(self, x: Tensor) -> Tensor:
        """`(N, C, T', ticks, V)`, centred on every `stride`-th tick, 0 before and after x."""
        reach = self._ticks // 2
        padded = nn.functional.pad(x, (0, 0, reach, reach))
        last = x.shape[2]
        shifted = [padded[:, :, k : k + last : self._stride] for k in range(self._ticks)]
        return torch.stack(shifted, dim=3)


class StgcBlock(nn.Module):
    """A factorised way and one way through each kind of window; their sum, then time.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        graph: Joints and bones.
        config: Sizes.
        stride: Ticks from one output to the next.
    """

    def __init__(
        self, inputs: int, outputs: int, graph: JointGraph, config: MsG3dConfig, stride: int
    ) -> None:
        super().__init__()
        self._stride = stride
        self.windows = nn.ModuleList(
            WindowGraph(
                inputs,
                outputs,
                graph,
                distances=config.window_distances,
                window_ticks=ticks,
                stride=stride,
            )
            for ticks in config.windows_ticks
        )
        between = outputs if inputs == CHANNELS else inputs
        self.space = MultiScaleGraph(inputs, between, graph.adjacency(), config.distances)
        self.time = MultiScaleTime(between, outputs, stride)
        self.more_time = MultiScaleTime(outputs, outputs, activated=False)
        self.last = MultiScaleTime(outputs, outputs)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`(N, C, T, V)` and its mask to `(N, C', T', V)` and the mask of that."""
        after = strided(mask, self._stride)
        y: Tensor = self.more_time(self.time(self.space(x, mask), mask), after)
        for window in self.windows:
            y = y + window(x, mask)
        return self.last(y.relu(), after), after


class MsG3d(ClipClassifier):
    """The network.

    Args:
        config: Sizes.
        graph: Joints and bones.
    """

    description = Description(
        name="ms-g3d",
        paper="Liu, Zhang, Chen, Wang and Ouyang, CVPR 2020",
        published_top1_percent=54.91,
        published_top5_percent=89.98,
    )
    Config = MsG3dConfig

    def __init__(self, config: MsG3dConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        super().__init__(graph)
        self.norm = MaskedNorm(len(graph) * CHANNELS)
        steps = pairwise((CHANNELS, *config.widths))
        self.blocks = nn.ModuleList(
            StgcBlock(inputs, outputs, graph, config, stride=2 if number else 1)
            for number, (inputs, outputs) in enumerate(steps)
        )
        self.head = nn.Linear(config.widths[-1], config.classes)

    def forward(self, clips: Tensor, lengths: Tensor) -> Tensor:
        """Logits `(N, classes)`, see `ClipModel`."""
        mask = mask_of(self.seen(clips, lengths), clips)
        x = normed_joints(self.norm, clips.permute(0, 3, 1, 2), mask)
        for block in self.blocks:
            x, mask = block(x, mask)
        logits: Tensor = self.head(masked_mean(x, mask))
        return logits

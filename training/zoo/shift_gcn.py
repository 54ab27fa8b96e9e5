"""Shift-GCN: joints and ticks exchange by shifting channels, which costs nothing.

Cheng, Zhang, He, Chen, Cheng and Lu, CVPR 2020. On iMiGUE (Liu et al., CVPR 2021) top-1/top-5:
51.51/88.18 %. With NTU-60's 25 joints and 60 classes it has about 0.7 M parameters.

The "non-local" spatial shift, in which every joint gets channels of every other and which needs no
bones, and the "adaptive" temporal shift, of a learned part of a tick for each channel. Where the
authors run a CUDA kernel, the shift in time is here a product with a matrix of linear
interpolation: the same numbers, on any machine and in ONNX. Their kernel adds half a tick where
every second tick is left out; the learned shift can do that by itself. iMiGUE's row does not tell
how many streams it fuses: this is one.
"""

import torch
from torch import Tensor, nn

from training.zoo.clip_model import Description
from training.zoo.graph_tower import (
    Block,
    TowerClassifier,
    TowerConfig,
    normed_joints,
    way_around,
)
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.masking import MaskedNorm, strided


class JointShift(nn.Module):
    """Channel c of joint v becomes that of joint v + c, or v - c: the paper's "non-local" shift.

    Args:
        joints: V.
        channels: C.
        sign: 1 or -1; the second takes back what the first did.
    """

    sources: Tensor

    def __init__(self, joints: int, channels: int, sign: int) -> None:
        super().__init__()
        shifted = torch.arange(joints) + sign * torch.arange(channels).unsqueeze(1)
        self.register_buffer("sources", shifted % joints, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)`, shifted."""
        return x.gather(3, self.sources[None, :, None].expand(x.shape[0], -1, x.shape[2], -1))


class TimeShift(nn.Module):
    """Each channel is read a learned part of a tick later or earlier: the "adaptive" shift.

    Args:
        channels: C.
        stride: Ticks from one output to the next.
    """

    def __init__(self, channels: int, stride: int = 1) -> None:
        super().__init__()
        self._stride = stride
        self.shift_ticks = nn.Parameter(torch.empty(channels).uniform_(-1.0, 1.0))

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C, T', V)`, as if 0 was before and after it."""
        ticks = torch.arange(x.shape[2], device=x.device)
        wanted = ticks[:: self._stride] + self.shift_ticks.unsqueeze(1)
        weights = (1.0 - (wanted.unsqueeze(2) - ticks).abs()).clamp_min(0.0)
        return torch.einsum("nctv,cut->ncuv", x, weights)


class ShiftedJoints(nn.Module):
    """Shift, weigh, mix the channels of each joint, shift back, with a way around.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        joints: V.
    """

    def __init__(self, inputs: int, outputs: int, joints: int) -> None:
        super().__init__()
        self.outward = JointShift(joints, inputs, 1)
        self.importance = nn.Parameter(torch.zeros(inputs, 1, joints))
        self.mix = nn.Conv2d(inputs, outputs, 1)
        self.back = JointShift(joints, outputs, -1)
        self.norm = MaskedNorm(outputs * joints)
        self.around = way_around(inputs, outputs, 1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V)`."""
        mixed = self.mix(self.outward(x) * (self.importance.tanh() + 1.0))
        y: Tensor = self.back(mixed)
        # Each joint has its own normalisation, as after the shift its channels are of its own.
        y = normed_joints(self.norm, y, mask)
        around: Tensor = self.around(x, mask)
        return (y + around).relu()


class ShiftedTime(nn.Module):
    """Shift, mix the channels, shift again.

    Args:
        width: Channels.
        stride: Ticks from one output to the next.
    """

    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        self._stride = stride
        self.before = MaskedNorm(width)
        self.first = TimeShift(width)
        self.mix = nn.Conv2d(width, width, 1)
        self.second = TimeShift(width, stride)
        self.after = MaskedNorm(width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(N, C, T, V)` and its mask to `(N, C, T', V)`."""
        mixed = self.mix(self.first(self.before(x, mask))).relu()
        shifted = self.second(mixed * mask)
        normed: Tensor = self.after(shifted, strided(mask, self._stride))
        return normed


class ShiftGcn(TowerClassifier):
    """The network.

    Args:
        config: Sizes.
        graph: Joints; the bones are not used.
    """

    description = Description(
        name="shift-gcn",
        paper="Cheng, Zhang, He, Chen, Cheng and Lu, CVPR 2020",
        published_top1_percent=51.51,
        published_top5_percent=88.18,
    )

    def __init__(self, config: TowerConfig, graph: JointGraph = IMIGUE_GRAPH) -> None:
        def block(number: int, inputs: int, outputs: int, stride: int) -> Block:
            return Block(
                ShiftedJoints(inputs, outputs, len(graph)),
                ShiftedTime(outputs, stride),
                way_around(inputs, outputs, stride) if number else None,
                stride,
            )

        super().__init__(config, graph, block)

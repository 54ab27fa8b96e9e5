"""Layers over joints or body parts: exchange between neighbours, convolution over time."""

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.network.temporal import CausalConv


class GraphMix(nn.Module):
    """Nodes take from other nodes; each group of channels has its own, learned neighbourhood.

    The groups begin as the roles of the skeleton (self, parent, children) and one that is
    free to connect anything. From joints to body parts it is a pooling, too.

    Args:
        roles: `(3, V, V')`: `[role, sender, receiver]`.
        groups: Groups of channels.
    """

    def __init__(self, roles: Tensor, groups: int = 4) -> None:
        super().__init__()
        kinds = [*roles, torch.zeros_like(roles[0])]
        start = torch.stack([kinds[group % len(kinds)] for group in range(groups)])
        self.adjacency = nn.Parameter(start + 0.02 * torch.randn_like(start))

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C, T, V')`; C is a multiple of the groups. Has no memory."""
        groups, senders, receivers = self.adjacency.shape
        _, channels, ticks, _ = x.shape
        mixed = x.reshape(-1, groups, channels // groups * ticks, senders) @ self.adjacency
        return mixed.reshape(-1, channels, ticks, receivers)


class GraphBlock(nn.Module):
    """Exchange between neighbours, then convolution over time.

    There is a way around both where channels and nodes stay the same.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        roles: See `GraphMix`.
        kernel: Taps over time.
        dilation: Ticks between taps.
        causal: See `CausalConv`.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        roles: Tensor,
        kernel: int,
        dilation: int,
        causal: bool,
    ) -> None:
        super().__init__()
        self.mix = GraphMix(roles)
        self.conv = CausalConv(
            inputs,
            outputs,
            kernel=kernel,
            dilation=dilation,
            nodes=roles.shape[-1],
            causal=causal,
        )
        self.norm: nn.Module = nn.BatchNorm2d(outputs)
        self._around = inputs == outputs and roles.shape[1] == roles.shape[2]

    def fold(self) -> None:
        """Merge the normalisation into the convolution; only for evaluation."""
        assert isinstance(self.norm, nn.BatchNorm2d)
        self.conv.conv = fuse_conv_bn_eval(self.conv.conv, self.norm)
        self.norm = nn.Identity()

    def initial_state(self, streams: int) -> Tensor:
        """State of the convolution, `(S, C, reach, V)`."""
        return self.conv.initial_state(streams)

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V')`."""
        return self._finish(x, self.conv(self.mix(x)))

    def step(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One tick `(S, C, 1, V)` after `state` to `(S, C', 1, V')` and the state after."""
        convolved, after = self.conv.step(self.mix(x), state)
        return self._finish(x, convolved), after

    def _finish(self, x: Tensor, convolved: Tensor) -> Tensor:
        y: Tensor = self.norm(convolved)
        return torch.relu(x + y if self._around else y)


class Embedding(nn.Module):
    """Channels of each node mixed anew, tick by tick. Has no memory.

    Args:
        inputs: Channels in.
        outputs: Channels out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outputs)

    def fold(self) -> None:
        """Merge the normalisation into the convolution; only for evaluation."""
        assert isinstance(self.norm, nn.BatchNorm2d)
        self.conv = fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V)`."""
        return torch.relu(self.norm(self.conv(x)))

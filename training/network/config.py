"""What a network is made of, and what follows from it without building it."""

from typing import Annotated

from msgspec import Meta, Struct

DIFFERENCED = ("seen", "slow_x", "slow_y")
"""The first input channels: a joint's position reaches the network as differences only."""

RATE_HZ = 25.0
"""Ticks a second that networks are made for."""

Width = Annotated[int, Meta(ge=8, le=512, multiple_of=8)]
Kernel = Annotated[int, Meta(ge=3, le=9)]
Dilation = Annotated[int, Meta(ge=1, le=64)]


class NetworkConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes of the network.

    Attributes:
        channels: Names of the input channels, in order; the first three are `DIFFERENCED`.
        joint_width: Channels of each joint in the graph blocks.
        joint_dilations: Ticks between the taps of each graph block over the joints.
        pooling_dilation: The same for the block that goes from joints to body parts.
        part_width: Channels of each body part.
        part_dilations: The same for the graph blocks over the body parts.
        trunk_width: Channels once joints and parts are merged.
        trunk_dilations: The same for the blocks of the trunk.
        graph_kernel: Taps over time in the graph blocks.
        trunk_kernel: Taps over time in the trunk.
        lags: The differences of positions reach so many ticks back.
        dropout: Part of the trunk's channels left out in training, 0..1.
        delay: Look-ahead in ticks: outputs at tick t describe tick t - delay. The network is
            the same; training shifts the labels.
        causal: False centres every temporal convolution: the clip-only form that comparisons
            need. It cannot step.
    """

    channels: tuple[str, ...]
    joint_width: Width = 48
    joint_dilations: tuple[Dilation, ...] = (1,)
    pooling_dilation: Dilation = 3
    part_width: Width = 64
    part_dilations: tuple[Dilation, ...] = (6,)
    trunk_width: Width = 128
    trunk_dilations: tuple[Dilation, ...] = (4, 8, 16, 32)
    graph_kernel: Kernel = 5
    trunk_kernel: Kernel = 3
    lags: tuple[Annotated[int, Meta(ge=1, le=25)], ...] = (1, 5, 25)
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.1
    delay: Annotated[int, Meta(ge=0, le=8)] = 0
    causal: bool = True

    def __post_init__(self) -> None:
        if self.channels[: len(DIFFERENCED)] != DIFFERENCED:
            raise ValueError(f"channels must begin with {DIFFERENCED}, got {self.channels}")
        if len(set(self.channels)) != len(self.channels):
            raise ValueError(f"a channel is named twice: {self.channels}")
        if self.graph_kernel % 2 == 0 or self.trunk_kernel % 2 == 0:
            raise ValueError("kernels must be odd, so that they can be centred")

    @property
    def receptive_field(self) -> int:
        """Ticks that can influence one output, the current one included."""
        graph_dilations = (*self.joint_dilations, self.pooling_dilation, *self.part_dilations)
        graph = (self.graph_kernel - 1) * sum(graph_dilations)
        trunk = (self.trunk_kernel - 1) * sum(self.trunk_dilations)
        return 1 + max(self.lags) + graph + trunk

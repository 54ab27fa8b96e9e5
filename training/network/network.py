"""The network: one definition, run over whole clips in training and tick by tick in service."""

import copy
from typing import Protocol, cast

from torch import Tensor, nn

from training.labels import CLASS_COUNT, GROUP_COUNT
from training.network.blocks import Embedding, GraphBlock
from training.network.config import NetworkConfig
from training.network.outputs import Outputs
from training.network.skeleton import (
    JOINT_COUNT,
    PART_COUNT,
    joint_roles,
    part_roles,
    pooling_roles,
)
from training.network.stem import DifferenceStem
from training.network.trunk import Merge, Trunk

__all__ = ["NetworkConfig", "Outputs", "State", "StepNetwork"]

State = tuple[Tensor, ...]
"""What streams remember, a tensor a layer with a memory; the oldest tick comes first."""

HEADS = (CLASS_COUNT, GROUP_COUNT, 2)


class Remembering(Protocol):
    """A layer that needs earlier ticks."""

    def initial_state(self, streams: int) -> Tensor:
        """State of streams that have seen nothing."""
        ...

    def step(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The tick after `state`, and the state after it."""
        ...


class StepNetwork(nn.Module):
    """Graph convolutions over the joints, then over body parts, then over time alone.

    Args:
        config: Sizes.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        joint, part, trunk = config.joint_width, config.part_width, config.trunk_width
        self.stem = DifferenceStem(len(config.channels), config.lags, JOINT_COUNT)
        self.embedding = Embedding(self.stem.outputs, joint)
        self.joints = self._graph(joint, config.joint_dilations, joint_roles())
        self.pooling = self._block(joint, part, config.pooling_dilation, pooling_roles())
        self.parts = self._graph(part, config.part_dilations, part_roles())
        self.merge = Merge(part, PART_COUNT, trunk, config.dropout)
        self.trunk = Trunk(
            trunk,
            kernel=config.trunk_kernel,
            dilations=config.trunk_dilations,
            causal=config.causal,
            dropout=config.dropout,
        )
        self.heads = nn.ModuleList(nn.Linear(trunk, size) for size in HEADS)

    def _graph(self, width: int, dilations: tuple[int, ...], roles: Tensor) -> nn.ModuleList:
        return nn.ModuleList(self._block(width, width, dilation, roles) for dilation in dilations)

    def _block(self, inputs: int, outputs: int, dilation: int, roles: Tensor) -> GraphBlock:
        return GraphBlock(
            inputs,
            outputs,
            roles=roles,
            kernel=self.config.graph_kernel,
            dilation=dilation,
            causal=self.config.causal,
        )

    @property
    def parameter_count(self) -> int:
        """Trained numbers."""
        return sum(parameter.numel() for parameter in self.parameters())

    def initial_state(self, streams: int) -> State:
        """State of `streams` streams that have seen nothing."""
        return tuple(layer.initial_state(streams) for layer in self._remembering())

    def forward(self, x: Tensor) -> Outputs:
        """Whole clips from their beginning.

        Args:
            x: `(N, C, T, 22)` float32, channels as in the configuration, 25 ticks a second;
                a missing joint is 0 in every channel, a tick in a gap is all 0.

        Returns:
            Logits for every tick.
        """
        h = self.embedding(self.stem(x))
        for block in (*self.joints, self.pooling, *self.parts):
            h = block(h)
        h = self.trunk(self.merge(h))
        return Outputs(*(head(h) for head in self.heads))

    def step(self, x: Tensor, state: State) -> tuple[Outputs, State]:
        """One tick of every stream.

        Args:
            x: `(S, C, 22)`.
            state: What `initial_state` or the last step gave.

        Returns:
            Logits of this tick, `(S, 33)` and so on, and the state after it.

        Raises:
            RuntimeError: The network is the clip-only form.
        """
        before = iter(state)
        after: list[Tensor] = []

        def through(layer: Remembering, h: Tensor) -> Tensor:
            y, remembered = layer.step(h, next(before))
            after.append(remembered)
            return y

        h = self.embedding(through(self.stem, x.unsqueeze(2)))
        for block in (*self.joints, self.pooling, *self.parts):
            h = through(cast(Remembering, block), h)
        h = through(self.trunk, self.merge.step(h))
        return Outputs(*(head(h) for head in self.heads)), tuple(after)

    def folded(self) -> "StepNetwork":
        """A copy for service: evaluation only, normalisations merged into their neighbours."""
        copied = copy.deepcopy(self).eval().requires_grad_(False)
        for layer in copied.modules():
            if isinstance(layer, Embedding | GraphBlock | Merge | Trunk):
                layer.fold()
        return copied

    def _remembering(self) -> list[Remembering]:
        return cast(
            list[Remembering], [self.stem, *self.joints, self.pooling, *self.parts, self.trunk]
        )

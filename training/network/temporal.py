"""Convolution over time that remembers what it will need at the next tick.

Both forms of a layer run the same convolution with the same weights: a clip has zeros put before
it, a tick the ticks that were remembered. Zeros are what a stream that has seen nothing remembers.
"""

import torch
from torch import Tensor, nn


def extend(x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """Put the remembered ticks before the new one.

    Args:
        x: `(S, C, 1, V)`: the new tick.
        state: `(S, C, L, V)`: the L ticks before it.

    Returns:
        `(S, C, L + 1, V)` and the state after, `(S, C, L, V)`.
    """
    extended = torch.cat((state, x), dim=2)
    return extended, extended[:, :, 1:]


class CausalConv(nn.Module):
    """Dilated convolution over time, each node for itself, from `reach` ticks back until now.

    Args:
        inputs: Channels in.
        outputs: Channels out.
        kernel: Taps.
        dilation: Ticks between taps.
        nodes: Joints or parts, V.
        causal: False centres the taps; then there is no stepping.
    """

    def __init__(
        self, inputs: int, outputs: int, *, kernel: int, dilation: int, nodes: int, causal: bool
    ) -> None:
        super().__init__()
        self.reach = (kernel - 1) * dilation
        self._inputs = inputs
        self._nodes = nodes
        self._causal = causal
        self.conv = nn.Conv2d(inputs, outputs, (kernel, 1), dilation=(dilation, 1), bias=False)

    def initial_state(self, streams: int) -> Tensor:
        """`(S, C, reach, V)` zeros: nothing was seen."""
        return self.conv.weight.new_zeros(streams, self._inputs, self.reach, self._nodes)

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, C', T, V)`, as if nothing was before the clip (nor after it)."""
        before = self.reach if self._causal else self.reach // 2
        padded = nn.functional.pad(x, (0, 0, before, self.reach - before))
        convolved: Tensor = self.conv(padded)
        return convolved

    def step(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One tick `(S, C, 1, V)` after `state` to `(S, C', 1, V)` and the state after.

        Raises:
            RuntimeError: The convolution is centred: it would have to know the future.
        """
        if not self._causal:
            raise RuntimeError("a centred convolution cannot step: build it with causal=True")
        extended, after = extend(x, state)
        return self.conv(extended), after

"""Layers once joints and parts are merged: one vector a tick, `(N, T, C)`."""

import math
from itertools import accumulate

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_linear_bn_eval


def over_ticks(norm: nn.Module, x: Tensor) -> Tensor:
    """A normalisation of `(N, C)` applied to `(N, T, C)`: one statistic a channel."""
    normed: Tensor = norm(x.flatten(0, 1))
    return normed.view(x.shape)


def scale_and_shift(norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """What a normalisation does in evaluation: `x * scale + shift`, a value a channel."""
    assert norm.running_mean is not None and norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale


class ClipDropout(nn.Module):
    """In training leaves out some channels of a clip for all its ticks.

    Args:
        part: Part of the channels, 0..1.
    """

    def __init__(self, part: float) -> None:
        super().__init__()
        self._part = part

    def forward(self, x: Tensor) -> Tensor:
        """`(N, T, C)` to the same."""
        if not self.training or self._part == 0.0:
            return x
        kept = torch.empty_like(x[:, :1]).bernoulli_(1.0 - self._part)
        return x * (kept / (1.0 - self._part))


class Merge(nn.Module):
    """All body parts of a tick become one vector. Has no memory.

    Args:
        inputs: Channels of each part.
        parts: Body parts.
        outputs: Channels out.
        dropout: See `ClipDropout`.
    """

    def __init__(self, inputs: int, parts: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs * parts, outputs, bias=False)
        self.norm: nn.Module = nn.BatchNorm1d(outputs)
        self.dropout = ClipDropout(dropout)

    def fold(self) -> None:
        """Merge the normalisation into the product; only for evaluation."""
        assert isinstance(self.norm, nn.BatchNorm1d)
        self.linear = fuse_linear_bn_eval(self.linear, self.norm)
        self.norm = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """`(N, C, T, V)` to `(N, T, C')`."""
        y = torch.relu(over_ticks(self.norm, self.linear(x.transpose(1, 2).flatten(2))))
        dropped: Tensor = self.dropout(y)
        return dropped

    def step(self, x: Tensor) -> Tensor:
        """One tick `(S, C, 1, V)` to `(S, C')`."""
        return torch.relu(self.norm(self.linear(x.reshape(-1, self.linear.in_features))))


class Trunk(nn.Module):
    """Residual blocks of dilated causal convolutions over time.

    Block i: `y = x + relu(norm(past taps @ past[i] + x @ now[i]))`. All blocks share one state, the
    inputs of each block one after the other, because at a single tick what counts is how few
    operations there are: what the past adds to every block is then one product.

    Args:
        width: Channels.
        kernel: Taps, the current tick included.
        dilations: Ticks between taps, for each block.
        causal: False centres the taps; then there is no stepping.
        dropout: See `ClipDropout`.
    """

    def __init__(
        self,
        width: int,
        *,
        kernel: int,
        dilations: tuple[int, ...],
        causal: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        self.dilations = dilations
        self._width = width
        self._kernel = kernel
        self._causal = causal
        bound = 1.0 / math.sqrt(kernel * width)
        blocks, taps = len(dilations), kernel - 1
        self.past = nn.Parameter(torch.empty(blocks, taps * width, width).uniform_(-bound, bound))
        self.now = nn.Parameter(torch.empty(blocks, width, width).uniform_(-bound, bound))
        self.register_buffer("bias", torch.zeros(blocks, width), persistent=False)
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in dilations)
        self.dropout = ClipDropout(dropout)
        self.register_buffer("_taps", _tap_rows(dilations, taps), persistent=False)
        self.register_buffer("_kept", _kept_rows(dilations, taps), persistent=False)
        self.bias: Tensor
        self._taps: Tensor
        self._kept: Tensor

    def fold(self) -> None:
        """Merge the normalisations into the products; only for evaluation."""
        for block, norm in enumerate(self.norms):
            assert isinstance(norm, nn.BatchNorm1d)
            scale, shift = scale_and_shift(norm)
            self.past.data[block] *= scale
            self.now.data[block] *= scale
            self.bias[block] = shift
            self.norms[block] = nn.Identity()

    @property
    def reach(self) -> int:
        """Ticks before the current one that have influence."""
        return (self._kernel - 1) * sum(self.dilations)

    def initial_state(self, streams: int) -> Tensor:
        """`(S, reach, C)` zeros: nothing was seen."""
        return self.now.new_zeros(streams, self.reach, self._width)

    def forward(self, x: Tensor) -> Tensor:
        """`(N, T, C)` to the same, as if nothing was before the clip (nor after it)."""
        ticks = x.shape[1]
        for block, dilation in enumerate(self.dilations):
            reach = (self._kernel - 1) * dilation
            before = reach if self._causal else reach // 2
            padded = nn.functional.pad(x, (0, 0, before, reach - before))
            starts = range(0, reach + 1, dilation)
            taps = torch.cat([padded[:, start : start + ticks] for start in starts], dim=2)
            weight = torch.cat((self.past[block], self.now[block]))
            y = nn.functional.linear(taps, weight.t(), self.bias[block])
            x = x + self.dropout(torch.relu(over_ticks(self.norms[block], y)))
        return x

    def step(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One tick `(S, C)` after `state` to the same and the state after.

        Raises:
            RuntimeError: The convolution is centred: it would have to know the future.
        """
        if not self._causal:
            raise RuntimeError("a centred convolution cannot step: build it with causal=True")
        blocks, reach = self.past.shape[:2]
        taps = state.index_select(1, self._taps).reshape(-1, blocks, reach).transpose(0, 1)
        remembered = torch.baddbmm(self.bias.unsqueeze(1), taps, self.past)
        inputs = []
        for block, before in enumerate(remembered.unbind()):
            inputs.append(x)
            y = torch.addmm(before, x, self.now[block])
            x = x + torch.relu(self.norms[block](y))
        rows = torch.cat(inputs, dim=1).reshape(-1, blocks, self._width)
        return x, torch.cat((state, rows), dim=1).index_select(1, self._kept)


def _starts(dilations: tuple[int, ...], taps: int) -> list[int]:
    """First row of each block in the state, and the end of the last."""
    return [0, *accumulate(taps * dilation for dilation in dilations)]


def _tap_rows(dilations: tuple[int, ...], taps: int) -> Tensor:
    """Rows of the state that hold the past taps, block by block, oldest first."""
    starts = _starts(dilations, taps)
    return torch.tensor(
        [
            start + tap * dilation
            for start, dilation in zip(starts, dilations, strict=False)
            for tap in range(taps)
        ]
    )


def _kept_rows(dilations: tuple[int, ...], taps: int) -> Tensor:
    """Rows of (state, new rows) that are the next state: each block forgets its oldest."""
    starts = _starts(dilations, taps)
    kept: list[int] = []
    for block, start in enumerate(starts[:-1]):
        kept.extend(range(start + 1, starts[block + 1]))
        kept.append(starts[-1] + block)
    return torch.tensor(kept)

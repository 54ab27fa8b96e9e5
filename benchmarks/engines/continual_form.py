"""Our network built of the parts of `continual-inference`, with the same weights.

https://pypi.org/project/continual-inference/ (Hedegaard and Iosifidis, ECCV 2022) steps
convolutions tick by tick. Release 1.2.4 has no dilation in time, so a dilated convolution is what
its user would make of it: delays side by side, and one product of what they give.
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, cast

import torch
from torch import Tensor, nn

from training.network.blocks import GraphBlock
from training.network.network import StepNetwork
from training.network.stem import LIMIT, scale_of
from training.network.trunk import Trunk

Layer = Any
"""A `continual.CoModule`; the package is untyped, and optional."""


def refusal() -> str:
    """Why it cannot be used here; empty if it can."""
    if find_spec("continual") is None:
        return "continual-inference is not installed: pip install 'fidget[bench]'"
    return ""


def continual_form(network: StepNetwork) -> Callable[[Tensor], Tensor | None]:
    """A network that remembers one group of streams, whose number the first tick decides.

    Args:
        network: Its weights are taken; it is not changed.

    Returns:
        Gives for a tick `(S, C, 22)` the logits of all heads side by side, `(S, 42)`; None until
        it has seen as many ticks as the receptive field.
    """
    import continual as co

    folded = network.folded()
    blocks = (*folded.joints, folded.pooling, *folded.parts)
    layers = [
        _differences(network.config.lags),
        _each_tick(folded.embedding),
        *(_graph_block(cast(GraphBlock, block)) for block in blocks),
        co.Lambda(folded.merge.step),
        *(_trunk_block(folded.trunk, index) for index in range(len(folded.trunk.dilations))),
        _side_by_side([co.Lambda(head) for head in folded.heads], "concat"),
    ]
    step: Callable[[Tensor], Tensor | None] = co.Sequential(*layers).eval().forward_step
    return step


def _side_by_side(layers: Sequence[Layer], reduce: str | Callable[..., Tensor]) -> Layer:
    """Without the delays that would centre what is causal here."""
    import continual as co

    return co.BroadcastReduce(*layers, reduce=reduce, auto_delay=False)


def _each_tick(layer: nn.Module) -> Layer:
    """A layer without memory, for clips, on ticks."""
    import continual as co

    return co.Lambda(lambda x: layer(x.unsqueeze(2)).squeeze(2))


def _taps(reaches: Sequence[int]) -> Layer:
    """`(S, C, …)` to `(S, taps * C, …)`: the ticks so far back, one after the other."""
    import continual as co

    return _side_by_side([co.Delay(reach) for reach in reaches], "concat")


def _differences(lags: Sequence[int]) -> Layer:
    """The stem's own arithmetic, on the ticks it needs instead of all between them."""
    import continual as co

    def differences(ticks: Sequence[Tensor]) -> Tensor:
        now, *before = ticks
        moved = [
            ((now[:, 1:3] - then[:, 1:3]) * scale * now[:, :1] * then[:, :1]).clamp(-LIMIT, LIMIT)
            for then, scale in zip(before, scales, strict=True)
        ]
        return torch.cat((now[:, 3:], *moved, now[:, :1]), dim=1)

    scales = [scale_of(lag) for lag in lags]
    return _side_by_side([co.Identity(), *(co.Delay(lag) for lag in lags)], differences)


def _graph_block(block: GraphBlock) -> Layer:
    import continual as co

    changed = co.Sequential(_each_tick(block.mix), *_convolution(block.conv.conv))
    _, senders, receivers = block.mix.adjacency.shape
    conv = block.conv.conv
    if (conv.in_channels, senders) != (conv.out_channels, receivers):
        return co.Sequential(changed, co.Lambda(torch.relu))
    return _side_by_side([co.Identity(), changed], lambda both: torch.relu(both[0] + both[1]))


def _convolution(conv: nn.Conv2d) -> list[Layer]:
    import continual as co

    (taps, _), (dilation, _) = conv.kernel_size, conv.dilation
    if dilation == 1:
        native = co.Conv2d(conv.in_channels, conv.out_channels, (taps, 1))
        native.weight, native.bias = conv.weight, conv.bias
        return [native]
    product = co.Conv2d(taps * conv.in_channels, conv.out_channels, 1)
    product.weight = nn.Parameter(
        conv.weight.transpose(1, 2).flatten(1, 2).unsqueeze(-1).contiguous(), requires_grad=False
    )
    product.bias = conv.bias
    return [_taps(_reaches(taps, dilation)), product]


def _trunk_block(trunk: Trunk, index: int) -> Layer:
    import continual as co

    weight = torch.cat((trunk.past[index], trunk.now[index])).t().contiguous()
    bias = trunk.bias[index]

    def product(taps: Tensor) -> Tensor:
        return torch.relu(nn.functional.linear(taps, weight, bias))

    taps = len(weight[0]) // len(weight)
    reaches = _reaches(taps, trunk.dilations[index])
    return _side_by_side([co.Identity(), co.Sequential(_taps(reaches), co.Lambda(product))], "sum")


def _reaches(taps: int, dilation: int) -> list[int]:
    """Ticks back, the farthest first."""
    return [tap * dilation for tap in reversed(range(taps))]

"""The operators of exported networks as torch calls; the list is closed.

Each takes the node and gives a function of the node's inputs. What decides shapes (axes, indices,
sizes) is read from the file's constants beforehand: nothing may be fetched from the device within
a captured tick.

Meaning as in https://onnx.ai/onnx/operators/, versions 13 to 25 of the operator set.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from plugins.backends.torch_cuda.node import Node

# Of inputs that may be left out, which are then None.
Run = Callable[..., tuple[Tensor, ...]]


def made(node: Node) -> Run:
    """The function that does what the node says.

    Raises:
        ModelError: There is none; names the operator and the file.
    """
    if node.operator not in OPERATORS:
        raise node.refusal(f"known are {', '.join(sorted(OPERATORS))}")
    run = OPERATORS[node.operator](node)
    return run if node.operator == "Split" else _single(run)


def _single(run: Callable[..., Tensor]) -> Run:
    return lambda *inputs: (run(*inputs),)


def _plain(call: Callable[..., Tensor]) -> Callable[[Node], Callable[..., Tensor]]:
    """Of an operator that has nothing but inputs."""
    return lambda _: call


def _cast(node: Node) -> Callable[..., Tensor]:
    wanted = node.attribute("to", 0)
    if wanted not in _TYPES:
        raise node.refusal(f"it makes type {wanted}, known are {', '.join(map(str, _TYPES))}")
    return lambda x: x.to(_TYPES[wanted])


# By their numbers in the file: float32, float16, bfloat16.
_TYPES = {1: torch.float32, 10: torch.float16, 16: torch.bfloat16}


def _clip(node: Node) -> Callable[..., Tensor]:
    low, high = node.number(1), node.number(2)
    if low is None and high is None:
        return lambda x, *_: x
    return lambda x, *_: torch.clamp(x, low, high)


def _concat(node: Node) -> Callable[..., Tensor]:
    axis = node.attribute("axis", 0)
    return lambda *parts: torch.cat(parts, axis)


def _conv(node: Node) -> Callable[..., Tensor]:
    if node.attribute("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        raise node.refusal(
            f"auto_pad is '{node.attribute('auto_pad', '')}', expected explicit pads"
        )
    strides, dilations = node.attribute("strides", (1,)), node.attribute("dilations", (1,))
    pads, group = _torch_order(node.attribute("pads", ())), node.attribute("group", 1)

    def run(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        if any(pads):
            x = functional.pad(x, pads)
        conv = _CONVOLUTIONS[x.ndim]
        return conv(x, weight, bias, stride=strides, dilation=dilations, groups=group)

    return run


# By the number of axes of the input.
_CONVOLUTIONS: dict[int, Callable[..., Tensor]] = {
    3: functional.conv1d,
    4: functional.conv2d,
    5: functional.conv3d,
}


def _torch_order(pads: tuple[int, ...]) -> list[int]:
    """From all starts and then all ends, first axis first, to pairs, last axis first."""
    half = len(pads) // 2
    return [pad for axis in reversed(range(half)) for pad in (pads[axis], pads[half + axis])]


def _dequantize(node: Node) -> Callable[..., Tensor]:
    axis = _check_quantisation(node)

    def run(x: Tensor, scale: Tensor, *_: Tensor) -> Tensor:
        return x.to(scale.dtype) * _along(scale, axis, x.ndim)

    return run


def _quantize(node: Node) -> Callable[..., Tensor]:
    axis = _check_quantisation(node)

    def run(x: Tensor, scale: Tensor, *_: Tensor) -> Tensor:
        return torch.round(x / _along(scale, axis, x.ndim)).clamp(-128, 127).to(torch.int8)

    return run


def _check_quantisation(node: Node) -> int:
    """The axis of the scales of one that is symmetric in eight bits with a sign."""
    if not node.is_zero(2):
        raise node.refusal("expected signed bytes around zero: a third input of int8 zeros")
    if node.attribute("block_size", 0):
        raise node.refusal("it has scales for blocks, expected one for all or one a channel")
    return node.attribute("axis", 1)


def _along(scale: Tensor, axis: int, ndim: int) -> Tensor:
    """A scale for all as it is, those of channels spread along their axis."""
    if scale.ndim == 0:
        return scale
    return scale.view([-1 if place == axis % ndim else 1 for place in range(ndim)])


def _gather(node: Node) -> Callable[..., Tensor]:
    axis, indices = node.attribute("axis", 0), node.integers(1)
    if node.is_scalar(1):
        return lambda x, _: x.select(axis, indices[0])

    def run(x: Tensor, places: Tensor) -> Tensor:
        index: tuple[slice | Tensor, ...] = (*[slice(None)] * (axis % x.ndim), places)
        return x[index]

    return run


def _gemm(node: Node) -> Callable[..., Tensor]:
    alpha, beta = node.attribute("alpha", 1.0), node.attribute("beta", 1.0)
    turned_a, turned_b = node.attribute("transA", 0), node.attribute("transB", 0)

    def run(a: Tensor, b: Tensor, c: Tensor | None = None) -> Tensor:
        a, b = a.t() if turned_a else a, b.t() if turned_b else b
        if c is None:
            return torch.mm(a, b) if alpha == 1.0 else alpha * torch.mm(a, b)
        return torch.addmm(c, a, b, beta=beta, alpha=alpha)

    return run


def _reshape(node: Node) -> Callable[..., Tensor]:
    shape, literal = node.integers(1), node.attribute("allowzero", 0)

    def run(x: Tensor, _: Tensor) -> Tensor:
        if literal:
            return x.reshape(shape)
        return x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape)])

    return run


def _pad(node: Node) -> Callable[..., Tensor]:
    if node.attribute("mode", "constant") != "constant":
        raise node.refusal(f"mode is '{node.attribute('mode', '')}', expected 'constant'")
    pads, value = node.integers(1), node.number(2) or 0.0
    axes = node.integers(3) if node.given(3) else None

    def run(x: Tensor, *_: Tensor | None) -> Tensor:
        half = len(pads) // 2
        everywhere = [0] * (2 * x.ndim)
        for place, axis in enumerate(range(x.ndim) if axes is None else axes):
            everywhere[axis % x.ndim] = pads[place]
            everywhere[x.ndim + axis % x.ndim] = pads[half + place]
        return functional.pad(x, _torch_order(tuple(everywhere)), value=value)

    return run


def _slice(node: Node) -> Callable[..., Tensor]:
    starts, ends = node.integers(1), node.integers(2)
    axes = node.integers(3) if node.given(3) else tuple(range(len(starts)))
    steps = node.integers(4) if node.given(4) else (1,) * len(starts)
    if min(steps) < 1:
        raise node.refusal(f"its steps are {steps}, expected positive ones")

    def run(x: Tensor, *_: Tensor | None) -> Tensor:
        places = [slice(None)] * x.ndim
        for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
            places[axis % x.ndim] = slice(start, end, step)
        return x[tuple(places)]

    return run


def _split(node: Node) -> Run:
    axis, count = node.attribute("axis", 0), len(node.outputs)
    if node.given(1):
        sizes = list(node.integers(1))
        return lambda x, _: torch.split(x, sizes, axis)
    # All alike but the last, which may be smaller.
    return lambda x: torch.split(x, -(-x.shape[axis] // count), axis)


def _squeeze(node: Node) -> Callable[..., Tensor]:
    if not node.given(1):
        # It would take the axis of the streams along where there is only one.
        raise node.refusal("it names no axes")
    axes = node.integers(1)
    return lambda x, _: x.squeeze(axes)


def _transpose(node: Node) -> Callable[..., Tensor]:
    order = node.attribute("perm", ())
    return lambda x: x.permute(order or tuple(reversed(range(x.ndim))))


def _unsqueeze(node: Node) -> Callable[..., Tensor]:
    axes = node.integers(1)

    def run(x: Tensor, _: Tensor) -> Tensor:
        rank = x.ndim + len(axes)
        for axis in sorted(axis % rank for axis in axes):
            x = x.unsqueeze(axis)
        return x

    return run


OPERATORS: Mapping[str, Callable[[Node], Callable[..., Any]]] = {
    "Add": _plain(torch.add),
    "Cast": _cast,
    "Clip": _clip,
    "Concat": _concat,
    "Conv": _conv,
    "DequantizeLinear": _dequantize,
    "Gather": _gather,
    "Gemm": _gemm,
    "MatMul": _plain(torch.matmul),
    "Mul": _plain(torch.mul),
    "Pad": _pad,
    "QuantizeLinear": _quantize,
    "Relu": _plain(torch.relu),
    "Reshape": _reshape,
    "Sigmoid": _plain(torch.sigmoid),
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Tanh": _plain(torch.tanh),
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
"""By name. The exporter (`training.network.export`), `training.precision` and models that step
(`training.zoo.sliding`) use no others."""

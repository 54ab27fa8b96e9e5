"""Rules for operators that slide a window over a picture: convolutions and pooling."""

from training.pose_onnx.graph import Array, Operator
from training.pose_onnx.lowering import Lowering

_SAME = 0
"""Of `Padding` in the schema."""

# OHWI to OIHW. A depthwise kernel is 1HWO, and each output channel has one input.
_OIHW, _OIHW_DEPTHWISE = (0, 3, 1, 2), (3, 0, 1, 2)


def convolve(lowering: Lowering, operator: Operator) -> None:
    """`CONV_2D`."""
    picture, kernel, _ = lowering.inputs(operator, 3)
    channels = lowering.shape(picture)[3]
    weights = lowering.array(kernel, operator).transpose(_OIHW)
    if weights.shape[1] != channels:
        raise lowering.refused(operator, "inputs of a kernel", channels, weights.shape[1])
    _convolution(lowering, operator, weights, group=1)


def convolve_depthwise(lowering: Lowering, operator: Operator) -> None:
    """`DEPTHWISE_CONV_2D`."""
    lowering.expect(operator, depthMultiplier=1)
    _, kernel, _ = lowering.inputs(operator, 3)
    weights = lowering.array(kernel, operator).transpose(_OIHW_DEPTHWISE)
    _convolution(lowering, operator, weights, group=weights.shape[0])


def pool(lowering: Lowering, operator: Operator) -> None:
    """`MAX_POOL_2D`."""
    size = (operator.options["filterHeight"], operator.options["filterWidth"])
    lowering.activated(
        operator,
        "MaxPool",
        [lowering.value(operator.inputs[0])],
        kernel_shape=size,
        strides=_strides(operator),
        pads=_pads(lowering, operator, size),
    )


def _convolution(lowering: Lowering, operator: Operator, weights: Array, group: int) -> None:
    lowering.expect(operator, dilationHFactor=1, dilationWFactor=1)
    picture, kernel, bias = operator.inputs
    size = weights.shape[2:]
    lowering.activated(
        operator,
        "Conv",
        [
            lowering.value(picture),
            lowering.constant(lowering.name(kernel), weights),
            lowering.value(bias),
        ],
        group=group,
        kernel_shape=size,
        strides=_strides(operator),
        pads=_pads(lowering, operator, size),
    )


def _strides(operator: Operator) -> tuple[int, int]:
    return operator.options["strideH"], operator.options["strideW"]


def _pads(lowering: Lowering, operator: Operator, size: tuple[int, ...]) -> list[int]:
    """Of the top, the left, the bottom and the right.

    Given as numbers, not as ONNX's `SAME_UPPER`, which TensorRT reads but others may not.
    """
    lengths = lowering.shape(operator.inputs[0])[1:3]
    both = [
        _padding(length, window, stride, operator.options["padding"] == _SAME)
        for length, window, stride in zip(lengths, size, _strides(operator), strict=True)
    ]
    return [begin for begin, _ in both] + [end for _, end in both]


def _padding(length: int, window: int, stride: int, same: bool) -> tuple[int, int]:
    """Before and after one axis; an odd place goes after it.

    The rule of https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2.
    """
    if not same:
        return 0, 0
    steps = -(-length // stride)
    missing = max((steps - 1) * stride + window - length, 0)
    return missing // 2, missing - missing // 2

"""Networks of one operator each, as the rules know it and as they do not."""

from collections.abc import Callable

import numpy as np

from tests.training.pose_onnx.tiny import Tiny, weights

Maker = Callable[[Tiny], int]
"""Fills a network and gives the place of its output."""

SAME, VALID = 0, 1
RELU, RELU6 = 1, 3
UNDILATED = {"dilationHFactor": 1, "dilationWFactor": 1}


def steps(length: int, size: int, stride: int, padding: int) -> int:
    return -(-length // stride) if padding == SAME else (length - size) // stride + 1


def convolution(
    side: int, size: int, stride: int = 1, padding: int = SAME, activation: int = 0,
    dilation: int = 1,
) -> Maker:  # fmt: skip
    def make(tiny: Tiny) -> int:
        height, width = (steps(length, size, stride, padding) for length in (side, side + 1))
        return tiny.operator(
            "CONV_2D",
            [
                tiny.picture(1, side, side + 1, 3),
                tiny.constant(3.0 * weights(4, size, size, 3)),
                tiny.constant(weights(4, seed=1)),
            ],
            tiny.flowing(1, height, width, 4),
            "Conv2DOptions",
            strideH=stride, strideW=stride, padding=padding, dilationHFactor=dilation,
            dilationWFactor=dilation, fusedActivationFunction=activation,
        )  # fmt: skip

    return make


def depthwise(side: int, size: int, stride: int, multiplier: int = 1) -> Maker:
    def make(tiny: Tiny) -> int:
        length = steps(side, size, stride, SAME)
        return tiny.operator(
            "DEPTHWISE_CONV_2D",
            [
                tiny.picture(1, side, side, 3),
                tiny.constant(weights(1, size, size, 3 * multiplier)),
                tiny.constant(weights(3 * multiplier, seed=1)),
            ],
            tiny.flowing(1, length, length, 3 * multiplier),
            "DepthwiseConv2DOptions",
            strideH=stride, strideW=stride, padding=SAME, depthMultiplier=multiplier, **UNDILATED,
        )  # fmt: skip

    return make


def pooling(side: int, size: int, stride: int, padding: int) -> Maker:
    def make(tiny: Tiny) -> int:
        length = steps(side, size, stride, padding)
        return tiny.operator(
            "MAX_POOL_2D",
            [tiny.picture(1, side, side, 3)],
            tiny.flowing(1, length, length, 3),
            "Pool2DOptions",
            filterHeight=size, filterWidth=size, strideH=stride, strideW=stride, padding=padding,
        )  # fmt: skip

    return make


def addition(*other: int) -> Maker:
    def make(tiny: Tiny) -> int:
        pair = [tiny.picture(1, 4, 5, 3), tiny.constant(weights(*other))]
        return tiny.operator("ADD", pair, tiny.flowing(1, 4, 5, 3), "AddOptions")

    return make


def concatenation(axis: int) -> Maker:
    def make(tiny: Tiny) -> int:
        picture, shape = tiny.picture(1, 4, 5, 3), [1, 4, 5, 3]
        shape[axis] *= 2
        return tiny.operator(
            "CONCATENATION", [picture] * 2, tiny.flowing(*shape), "ConcatenationOptions", axis=axis
        )

    return make


def padding(tiny: Tiny) -> int:
    widths = tiny.constant(np.array([[0, 0], [1, 2], [3, 0], [0, 4]], np.int32))
    return tiny.operator("PAD", [tiny.picture(1, 4, 5, 3), widths], tiny.flowing(1, 7, 8, 7))


def resizing(height: int, width: int, **options: bool) -> Maker:
    def make(tiny: Tiny) -> int:
        return tiny.operator(
            "RESIZE_BILINEAR",
            [tiny.picture(1, 4, 5, 3), tiny.constant(np.array([height, width], np.int32))],
            tiny.flowing(1, height, width, 3),
            "ResizeBilinearOptions",
            **{"halfPixelCenters": True, **options},
        )

    return make


def deepness(tiny: Tiny) -> int:
    return tiny.operator(
        "DEPTH_TO_SPACE", [tiny.picture(1, 2, 3, 12)], tiny.flowing(1, 4, 6, 3),
        "DepthToSpaceOptions", blockSize=2,
    )  # fmt: skip


def slicing(begin: list[int], end: list[int], step: int = 1, **masks: int) -> Maker:
    def make(tiny: Tiny) -> int:
        parts = [tiny.constant(np.array(part, np.int32)) for part in (begin, end, [1, 1, 1, step])]
        shape = [-(-(e - b) // s) for b, e, s in zip(begin, end, (1, 1, 1, step), strict=True)]
        picture = tiny.picture(1, 4, 5, 3)
        return tiny.operator(
            "STRIDED_SLICE", [picture, *parts], tiny.flowing(*shape), "StridedSliceOptions", **masks
        )

    return make


def slopes(*shape: int) -> Maker:
    def make(tiny: Tiny) -> int:
        pair = [tiny.picture(1, 4, 5, 3), tiny.constant(weights(*shape))]
        return tiny.operator("PRELU", pair, tiny.flowing(1, 4, 5, 3))

    return make


def logistic(tiny: Tiny) -> int:
    return tiny.operator("LOGISTIC", [tiny.picture(1, 4, 5, 3)], tiny.flowing(1, 4, 5, 3))


def reshaping(*shape: int) -> Maker:
    def make(tiny: Tiny) -> int:
        wanted = tiny.constant(np.array(shape, np.int32))
        return tiny.operator("RESHAPE", [tiny.picture(1, 4, 5, 6), wanted], tiny.flowing(*shape))

    return make


def averaging(*axes: int, keep: bool = False) -> Maker:
    def make(tiny: Tiny) -> int:
        along = tiny.constant(np.array(axes, np.int32))
        shape = [n for axis, n in enumerate((1, 4, 5, 3)) if axis not in axes]
        return tiny.operator(
            "MEAN", [tiny.picture(1, 4, 5, 3), along], tiny.flowing(*shape), "ReducerOptions",
            keepDims=keep,
        )  # fmt: skip

    return make


def connecting(tiny: Tiny) -> int:
    return tiny.operator(
        "FULLY_CONNECTED",
        [averaging(1, 2)(tiny), tiny.constant(weights(7, 3)), tiny.constant(weights(7, seed=1))],
        tiny.flowing(1, 7),
        "FullyConnectedOptions",
        fusedActivationFunction=RELU6,
    )


def in_half(tiny: Tiny) -> int:
    half = tiny.constant(weights(1, 4, 5, 3).astype(np.float16))
    full = tiny.operator("DEQUANTIZE", [half], tiny.flowing(1, 4, 5, 3))
    pair = [tiny.picture(1, 4, 5, 3), full]
    return tiny.operator("ADD", pair, tiny.flowing(1, 4, 5, 3), "AddOptions")

"""One rule for each kind of operator that the networks of mediapipe have."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from training.pose_onnx.graph import Operator
from training.pose_onnx.lowering import TO_NCHW, TO_NHWC, Lowering
from training.pose_onnx.windows import convolve, convolve_depthwise, pool

Rule = Callable[[Lowering, Operator], None]
"""Writes the nodes of one operator.

Raises:
    ModelError: No network of mediapipe has the operator in this form.
"""


def _add(lowering: Lowering, operator: Operator) -> None:
    left, right = lowering.inputs(operator, 2)
    if len(lowering.shape(left)) != len(lowering.shape(right)):
        # The last axis, along which the shorter one lies, is not the last in ONNX.
        raise lowering.refused(operator, "shapes", lowering.shape(left), lowering.shape(right))
    lowering.activated(operator, "Add", [lowering.value(left), lowering.value(right)])


def _concatenate(lowering: Lowering, operator: Operator) -> None:
    axis = operator.options["axis"] % len(lowering.shape(operator.outputs[0]))
    if axis == 0:
        raise lowering.refused(operator, "axis", "none of the batch", axis)
    if lowering.is_picture(operator.outputs[0]):
        axis = TO_NCHW.index(axis)
    lowering.activated(operator, "Concat", [*map(lowering.value, operator.inputs)], axis=axis)


def _depth_to_space(lowering: Lowering, operator: Operator) -> None:
    lowering.emit(
        "DepthToSpace",
        [lowering.value(operator.inputs[0])],
        lowering.name(operator.outputs[0]),
        blocksize=operator.options["blockSize"],
        mode="DCR",
    )


def _connect(lowering: Lowering, operator: Operator) -> None:
    lowering.expect(operator, keepNumDims=False, weightsFormat=0)
    inputs = lowering.inputs(operator, 3)
    flat = lowering.shape(inputs[0])
    if len(flat) != 2:
        raise lowering.refused(operator, "axes of the input", 2, len(flat))
    lowering.activated(operator, "Gemm", [*map(lowering.value, inputs)], transB=1)


def _logistic(lowering: Lowering, operator: Operator) -> None:
    lowering.emit(
        "Sigmoid", [lowering.value(operator.inputs[0])], lowering.name(operator.outputs[0])
    )


def _mean(lowering: Lowering, operator: Operator) -> None:
    picture, axes = lowering.inputs(operator, 2)
    lowering.expect(operator, keepDims=False)
    along = sorted(lowering.array(axes, operator).tolist())
    if not lowering.is_picture(picture) or along != [1, 2]:
        raise lowering.refused(operator, "axes", "those of a picture", along)
    lowering.emit(
        "ReduceMean",
        [lowering.value(picture)],
        lowering.name(operator.outputs[0]),
        axes=[2, 3],
        keepdims=0,
    )


def _pad(lowering: Lowering, operator: Operator) -> None:
    padded, widths = lowering.inputs(operator, 2)
    if not lowering.is_picture(padded):
        raise lowering.refused(operator, "what is padded", "a picture")
    pairs = lowering.array(widths, operator)[list(TO_NCHW)]
    lowering.emit(
        "Pad",
        [lowering.value(padded), lowering.numbers(*pairs.T.ravel().tolist())],
        lowering.name(operator.outputs[0]),
        mode="constant",
    )


def _prelu(lowering: Lowering, operator: Operator) -> None:
    picture, slope = lowering.inputs(operator, 2)
    per_channel = lowering.array(slope, operator)
    if per_channel.shape[:2] != (1, 1):
        raise lowering.refused(operator, "slopes", "one for each channel", per_channel.shape)
    name = lowering.constant(lowering.name(slope), per_channel.transpose(2, 0, 1))
    lowering.emit("PRelu", [lowering.value(picture), name], lowering.name(operator.outputs[0]))


def _reshape(lowering: Lowering, operator: Operator) -> None:
    """The batch stays what it is: 0 copies its size."""
    before, after = operator.inputs[0], operator.outputs[0]
    if lowering.shape(before)[:1] != (1,) or lowering.shape(after)[:1] != (1,):
        raise lowering.refused(operator, "shapes", "a batch of 1", lowering.shape(after))
    if lowering.is_picture(after):
        raise lowering.refused(operator, "what comes out", "no picture", lowering.shape(after))
    flowing = lowering.value(before)
    if lowering.is_picture(before):
        flowing = lowering.emit(
            "Transpose", [flowing], f"{lowering.name(after)}_nhwc", perm=TO_NHWC
        )
    shape = lowering.numbers(0, *lowering.shape(after)[1:])
    lowering.emit("Reshape", [flowing, shape], lowering.name(after))


def _resize(lowering: Lowering, operator: Operator) -> None:
    """By a factor, since the sizes would name the batch, which is free."""
    lowering.expect(operator, alignCorners=False, halfPixelCenters=True)
    before, after = (lowering.shape(t)[1:3] for t in (operator.inputs[0], operator.outputs[0]))
    factors = [Fraction(new, old) for old, new in zip(before, after, strict=True)]
    if any(factor.denominator != 1 for factor in factors):
        raise lowering.refused(operator, "factors", "whole numbers", [*map(str, factors)])
    scales = np.array([1, 1, *factors], np.float32)
    name = lowering.constant("by_" + "_".join(map(str, factors)), scales)
    lowering.emit(
        "Resize",
        [lowering.value(operator.inputs[0]), "", name],
        lowering.name(operator.outputs[0]),
        coordinate_transformation_mode="half_pixel",
        mode="linear",
    )


def _slice(lowering: Lowering, operator: Operator) -> None:
    """All of the batch is taken: that axis is left out."""
    picture, *parts = lowering.inputs(operator, 4)
    masks = ("beginMask", "endMask", "ellipsisMask", "newAxisMask", "shrinkAxisMask")
    lowering.expect(operator, **dict.fromkeys(masks, 0))
    begins, ends, steps = (lowering.array(part, operator).tolist() for part in parts)
    inside = zip(begins, ends, lowering.shape(picture), strict=True)
    if not all(0 <= begin < end <= length for begin, end, length in inside) or set(steps) != {1}:
        raise lowering.refused(operator, "what is sliced", "a part, in steps of 1", steps)
    if not lowering.is_picture(picture) or (begins[0], ends[0]) != (0, 1):
        raise lowering.refused(operator, "what is sliced", "pictures, all of the batch")
    channels_first = [axis for axis in TO_NCHW if axis != 0]
    lists = [[of[axis] for axis in channels_first] for of in (begins, ends)]
    lowering.emit(
        "Slice",
        [lowering.value(picture), *(lowering.numbers(*one) for one in (*lists, [1, 2, 3]))],
        lowering.name(operator.outputs[0]),
    )


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "ADD": _add,
        "CONCATENATION": _concatenate,
        "CONV_2D": convolve,
        "DEPTHWISE_CONV_2D": convolve_depthwise,
        "DEPTH_TO_SPACE": _depth_to_space,
        "FULLY_CONNECTED": _connect,
        "LOGISTIC": _logistic,
        "MAX_POOL_2D": pool,
        "MEAN": _mean,
        "PAD": _pad,
        "PRELU": _prelu,
        "RESHAPE": _reshape,
        "RESIZE_BILINEAR": _resize,
        "STRIDED_SLICE": _slice,
    }
)
"""By the kind of operator."""

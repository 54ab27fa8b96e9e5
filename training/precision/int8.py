"""A network whose large layers multiply eight bits, as pairs of quantisation in the graph.

Symmetric everywhere, zero is zero: TensorRT takes nothing else. Weights have a scale for each
channel of the output, what flows has one for all; so have weights in a stack, for which
onnxruntime (1.32) breaks with more.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from training.precision.layers import Layers, replace_nodes, with_constants_picked

_MOST = 127.0
_TINIEST = 1e-12
_PLAIN = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}

Array = npt.NDArray[np.float32]


def quantised_inputs(model: onnx.ModelProto, name: str = "") -> tuple[str, ...]:
    """Names of the values whose ranges `in_int8` needs, in the order of the graph.

    Raises:
        ModelError: It is no network of ours.
    """
    picked = with_constants_picked(model)
    layers = Layers(picked.graph, name)
    wanted = [node.input[0] for node in picked.graph.node if layers.quantised(node)]
    return tuple(dict.fromkeys(wanted))


def in_int8(model: onnx.ModelProto, ranges: Mapping[str, float], name: str = "") -> onnx.ModelProto:
    """A copy with quantised weights, and what they are multiplied with quantised on the way.

    Args:
        model: In float32.
        ranges: The largest magnitude of each of `quantised_inputs`; what is beyond is cut off.
        name: Of the file, for messages.

    Raises:
        ModelError: It is no network of ours.
    """
    made = with_constants_picked(model)
    layers = Layers(made.graph, name)
    replace_nodes(made.graph, _Rewriter(made.graph, ranges).nodes(layers))
    return made


class _Rewriter:
    def __init__(self, graph: onnx.GraphProto, ranges: Mapping[str, float]) -> None:
        self._graph = graph
        self._ranges = ranges
        self._arrays = {t.name: t for t in graph.initializer}
        self._paired: dict[str, str] = {}
        self._nodes: list[onnx.NodeProto] = []

    def nodes(self, layers: Layers) -> list[onnx.NodeProto]:
        """All nodes with the pairs between them; constants that are needed are added."""
        for node in self._graph.node:
            own = onnx.NodeProto()
            own.CopyFrom(node)
            if layers.quantised(node):
                own.input[0] = self._flowing(node.input[0])
                own.input[1] = self._weights(node.input[1], self._channel_axis(node))
            self._nodes += _split(own) if layers.quantised(node) else [own]
        return self._nodes

    def _flowing(self, name: str) -> str:
        if name not in self._paired:
            scale = np.float32(max(self._ranges[name], _TINIEST) / _MOST)
            numbers = [self._constant(f"{name}_scale", scale), self._zero(f"{name}_zero", ())]
            self._add("QuantizeLinear", [name, *numbers], f"{name}_int8")
            self._add("DequantizeLinear", [f"{name}_int8", *numbers], f"{name}_again")
            self._paired[name] = f"{name}_again"
        return self._paired[name]

    def _weights(self, name: str, axis: int | None) -> str:
        if name not in self._paired:
            weights = numpy_helper.to_array(self._arrays[name])
            others = tuple(other for other in range(weights.ndim) if other != axis)
            largest = np.abs(weights).max(axis=others, keepdims=True)
            scales = (np.maximum(largest, _TINIEST) / _MOST).astype(np.float32)
            rounded = np.clip(np.rint(weights / scales), -_MOST, _MOST).astype(np.int8)
            shape = () if axis is None else (scales.size,)
            inputs = [
                self._constant(f"{name}_int8", rounded),
                self._constant(f"{name}_scale", scales.reshape(shape)),
                self._zero(f"{name}_zero", shape),
            ]
            self._add("DequantizeLinear", inputs, f"{name}_again", axis)
            self._paired[name] = f"{name}_again"
        return self._paired[name]

    def _add(self, operator: str, inputs: list[str], into: str, axis: int | None = None) -> None:
        node = helper.make_node(operator, inputs, [into], f"node_{into}")
        if axis is not None:
            node.attribute.append(helper.make_attribute("axis", axis))
        self._nodes.append(node)

    def _constant(self, name: str, value: npt.ArrayLike) -> str:
        self._graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _zero(self, name: str, shape: tuple[int, ...]) -> str:
        return self._constant(name, np.zeros(shape, np.int8))

    def _channel_axis(self, node: onnx.NodeProto) -> int | None:
        """Axis of the weights that runs over the channels of the output; None for a stack."""
        if node.op_type == "Conv" or any(a.name == "transB" and a.i for a in node.attribute):
            return 0
        return 1 if len(self._arrays[node.input[1]].dims) == 2 else None


def _split(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """A plain `Gemm` as product and sum: onnxruntime (1.32) has only the product in eight bits."""
    told = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type != "Gemm" or len(node.input) < 3 or told not in (_PLAIN, {}):
        return [node]
    product = f"{node.output[0]}_product"
    return [
        helper.make_node("MatMul", node.input[:2], [product], f"{node.name}_product"),
        helper.make_node("Add", [product, node.input[2]], node.output, node.name),
    ]

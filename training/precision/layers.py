"""What of an exported network may be rounded, and what stays in float32.

The first layers take differences of places a tick apart, a hundredth of the places themselves:
what bf16 rounds off is of that size. The last give logits, which are told as they come. Together
they are 6 % of the shipped network's arithmetic.
"""

from collections.abc import Iterable

import onnx
from onnx import TensorProto, numpy_helper

from engine.errors import ModelError

_KEPT = ("network.stem.", "network.embedding.", "network.heads.")
_OVER_BODY = ("network.joints.", "network.pooling.", "network.parts.", "network.merge.")
_WEIGHTED = ("Conv", "Gemm", "MatMul")
_WEIGHT = 1


class Layers:
    """The layers of a step form as `training.network.export` writes it.

    Args:
        graph: Of the file.
        name: Of the file, for messages.

    Raises:
        ModelError: It has no layers that go by the names of our networks.
    """

    def __init__(self, graph: onnx.GraphProto, name: str) -> None:
        self._constants = {tensor.name: tensor.data_type for tensor in graph.initializer}
        if not any(constant.startswith(_KEPT) for constant in self._constants):
            raise ModelError(
                f"{name}: expected a network exported by `python -m training export`, whose first "
                f"and last layers are called {', '.join(_KEPT)}…; found none"
            )

    def weighted(self, node: onnx.NodeProto) -> bool:
        """Whether it multiplies with weights."""
        return node.op_type in _WEIGHTED and node.input[_WEIGHT] in self._constants

    def rounded(self, node: onnx.NodeProto) -> bool:
        """Whether it does, and is none of the first and last layers."""
        return self.weighted(node) and not node.input[_WEIGHT].startswith(_KEPT)

    def quantised(self, node: onnx.NodeProto) -> bool:
        """Whether it may be rounded to eight bits, too: the trunk, after the body is left behind.

        In the shipped model that is a fifth of the arithmetic and three fifths of the weights. The
        more layers of the body were in eight bits as well, the fewer events agreed.
        """
        return self.rounded(node) and not node.input[_WEIGHT].startswith(_OVER_BODY)

    def is_constant(self, name: str) -> bool:
        """Whether the file holds the value."""
        return name in self._constants

    def is_float(self, name: str) -> bool:
        """Whether it is a float32 value, given or computed: all but indices and shapes are."""
        return bool(name) and self._constants.get(name, TensorProto.FLOAT) == TensorProto.FLOAT


def with_constants_picked(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy in which slices of the weights are weights of their own.

    The exporter stacks the weights of layers that are alike and picks one by a `Gather`.
    """
    picked = onnx.ModelProto()
    picked.CopyFrom(model)
    graph = picked.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type == "Gather" and all(name in constants for name in node.input):
            whole, place = (numpy_helper.to_array(constants[name]) for name in node.input)
            axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
            graph.initializer.append(
                numpy_helper.from_array(whole.take(place, axis), node.output[0])
            )
        else:
            nodes.append(node)
    replace_nodes(graph, nodes)
    return picked


def replace_nodes(graph: onnx.GraphProto, nodes: Iterable[onnx.NodeProto]) -> None:
    """Have these nodes and of the constants those that they need."""
    nodes = list(nodes)
    needed = {name for node in nodes for name in node.input}
    constants = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(constants)

"""A network in numbers of 16 bits, as casts and types in the graph."""

from typing import Literal

import onnx
from onnx import TensorProto, helper, numpy_helper

from training.precision.layers import Layers, replace_nodes, with_constants_picked

Half = Literal["fp16", "bf16"]

_TYPES = {"fp16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16}
# The first operator set in which every operator takes bf16; what they do is the same in both.
_OPSETS, _IR_VERSIONS = {"fp16": 18, "bf16": 22}, {"fp16": 9, "bf16": 10}


def in_half(model: onnx.ModelProto, to: Half, name: str = "") -> onnx.ModelProto:
    """A copy that multiplies in 16 bits; inputs, outputs and states stay float32.

    What is made of 16 bits alone stays in 16 bits, what of both is made in float32. So a state is
    put before its tick in float32: what a stream remembers is never rounded twice, and whoever
    keeps it need not know the precision.

    Args:
        model: In float32.
        to: The type.
        name: Of the file, for messages.

    Raises:
        ModelError: It is no network of ours.
    """
    made = with_constants_picked(model)
    replace_nodes(made.graph, _Rewriter(made.graph, _TYPES[to], Layers(made.graph, name)).nodes())
    made.opset_import[0].version, made.ir_version = _OPSETS[to], _IR_VERSIONS[to]
    return made


class _Rewriter:
    def __init__(self, graph: onnx.GraphProto, half: int, layers: Layers) -> None:
        self._graph = graph
        self._half = half
        self._layers = layers
        self._arrays = {t.name: t for t in graph.initializer}
        self._halves: set[str] = set()
        self._cast: dict[tuple[str, int], str] = {}
        self._nodes: list[onnx.NodeProto] = []

    def nodes(self) -> list[onnx.NodeProto]:
        """All nodes with the casts between them; constants that are needed are added."""
        outputs = {output.name for output in self._graph.output}
        for node in self._graph.node:
            half = self._in_half(node)
            own = onnx.NodeProto()
            own.CopyFrom(node)
            own.input[:] = [self._as(name, half) for name in node.input]
            self._nodes.append(own)
            if half:
                self._halves.update(node.output)
                for place in [i for i, name in enumerate(node.output) if name in outputs]:
                    own.output[place] = f"{node.output[place]}_half"
                    self._convert(own.output[place], node.output[place], TensorProto.FLOAT)
                    self._halves.discard(node.output[place])
        return self._nodes

    def _in_half(self, node: onnx.NodeProto) -> bool:
        if self._layers.rounded(node):
            return True
        if self._layers.weighted(node):
            return False
        varying = [n for n in node.input if n and not self._layers.is_constant(n)]
        return bool(varying) and all(name in self._halves for name in varying)

    def _as(self, name: str, half: bool) -> str:
        """The name of the value in the precision that is wanted."""
        if not self._layers.is_float(name) or (name in self._halves) == half:
            return name
        wanted = self._half if half else TensorProto.FLOAT
        if (name, wanted) not in self._cast:
            self._cast[name, wanted] = f"{name}_{TensorProto.DataType.Name(wanted).lower()}"
            if self._layers.is_constant(name):
                self._add_constant(name, self._cast[name, wanted])
            else:
                self._convert(name, self._cast[name, wanted], wanted)
        return self._cast[name, wanted]

    def _convert(self, name: str, into: str, wanted: int) -> None:
        self._nodes.append(helper.make_node("Cast", [name], [into], f"node_{into}", to=wanted))

    def _add_constant(self, name: str, into: str) -> None:
        array = numpy_helper.to_array(self._arrays[name])
        rounded = array.astype(helper.tensor_dtype_to_np_dtype(self._half))
        self._graph.initializer.append(
            helper.make_tensor(into, self._half, array.shape, rounded.tobytes(), raw=True)
        )

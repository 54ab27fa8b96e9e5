"""Where the rules write the ONNX graph: names, constants, nodes, and which way pictures lie.

A picture (four axes) is NHWC in TensorFlow Lite and NCHW in ONNX. It is turned once at the input;
everything with four axes then lies the other way, until it is reshaped or leaves.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from engine.errors import ModelError
from training.pose_onnx.graph import Array, Graph, Operator

TO_NCHW, TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)
_PICTURE = 4

_NONE, _RELU6 = 0, 3
"""Of `ActivationFunctionType` in the schema."""


class Lowering:
    """The ONNX graph of a network, as far as it is written.

    Args:
        graph: Folded and pruned.
        outputs: What its outputs are called, and their places.

    Attributes:
        graph: The same.
        nodes: In order.
        constants: The same.
    """

    def __init__(self, graph: Graph, outputs: Mapping[str, int]) -> None:
        self.graph = graph
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._constant_names: set[str] = set()
        # A picture goes by its own name until it is turned back.
        self._named = {t: name for name, t in outputs.items() if not self.is_picture(t)}

    def name(self, tensor: int) -> str:
        """Of a tensor in ONNX. Names in the file need not differ, so the place is added."""
        return self._named.get(tensor) or f"{self.graph.tensors[tensor].name}_{tensor}"

    def shape(self, tensor: int) -> tuple[int, ...]:
        """As the file has it."""
        return self.graph.tensors[tensor].shape

    def is_picture(self, tensor: int) -> bool:
        """Whether it lies as NCHW in ONNX."""
        return len(self.shape(tensor)) == _PICTURE

    def inputs(self, operator: Operator, count: int) -> tuple[int, ...]:
        """The inputs of an operator that has a fixed number of them.

        Raises:
            ModelError: It has others.
        """
        if len(operator.inputs) != count or min(operator.inputs) < 0:  # -1 is one left out
            raise self.refused(operator, "inputs", count, operator.inputs)
        return operator.inputs

    def array(self, tensor: int, operator: Operator) -> Array:
        """A constant that a rule needs to know, as the file has it.

        Raises:
            ModelError: It is none.
        """
        data = self.graph.tensors[tensor].data
        if data is None:
            raise self.refused(operator, f"'{self.graph.tensors[tensor].name}'", "a constant")
        return data

    def value(self, tensor: int) -> str:
        """The name of a tensor that is used as it is; a constant is added."""
        data = self.graph.tensors[tensor].data
        if data is None:
            return self.name(tensor)
        lying = data.transpose(TO_NCHW) if self.is_picture(tensor) else data
        return self.constant(self.name(tensor), lying)

    def constant(self, name: str, data: Array) -> str:
        """Add one, once, and give its name."""
        if name not in self._constant_names:
            self._constant_names.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(data), name))
        return name

    def numbers(self, *numbers: int) -> str:
        """A constant list of whole numbers."""
        return self.constant("_".join(("list", *map(str, numbers))), np.array(numbers, np.int64))

    def number(self, number: float) -> str:
        """A constant of one number."""
        return self.constant(f"number_{number:g}", np.array(number, np.float32))

    def emit(self, op_type: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node and give its output's name."""
        self.nodes.append(helper.make_node(op_type, inputs, [output], output, **attributes))
        return output

    def activated(
        self, operator: Operator, op_type: str, inputs: list[str], **attributes: Any
    ) -> None:
        """Add an operator as one node, and another for the activation that is fused with it.

        Raises:
            ModelError: No network of mediapipe has that activation.
        """
        output = self.name(operator.outputs[0])
        activation = operator.options["fusedActivationFunction"]
        if activation == _NONE:
            self.emit(op_type, inputs, output, **attributes)
        elif activation == _RELU6:
            linear = self.emit(op_type, inputs, f"{output}_linear", **attributes)
            self.emit("Clip", [linear, self.number(0), self.number(6)], output)
        else:
            raise self.refused(operator, "activation", "NONE or RELU6", activation)

    def expect(self, operator: Operator, **options: Any) -> None:
        """Refuse what no network of mediapipe has, instead of guessing what it means.

        Raises:
            ModelError: An option has another value.
        """
        for name, value in options.items():
            if operator.options.get(name) != value:
                raise self.refused(operator, name, value, operator.options.get(name))

    def refused(
        self, operator: Operator, what: str, expected: object, got: object = "something else"
    ) -> ModelError:
        """What to raise for an operator that no rule knows in this form."""
        name = self.graph.tensors[operator.outputs[0]].name
        return ModelError(
            f"{self.graph.name}: {operator.kind} '{name}': {what}: expected {expected}, got {got}; "
            "only the networks of mediapipe 0.10.21 can be converted"
        )

"""A step graph as a list of torch calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import Tensor

from engine.errors import ModelError
from engine.step_graph import INPUT, NEXT, StepGraph
from plugins.backends.torch_cuda.node import Attribute, Node
from plugins.backends.torch_cuda.onnx_ops import Run, made

_OPSETS = range(13, 26)
"""Versions of ONNX's operator set between which the operators used here mean the same."""

_OWN_DOMAINS = ("", "ai.onnx")

_NAMING_TYPES = ("Cast", "DequantizeLinear", "QuantizeLinear")


@dataclass(frozen=True)
class _Call:
    run: Run
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    done_with: tuple[str, ...]


class Program:
    """A step graph on one device in one precision: `(x, states) -> (outputs, next states)`.

    Calls whose inputs are all constants are made beforehand. What is no longer needed is let go,
    so that a tick of many streams holds little memory.

    Args:
        graph: What to run.
        device: Where.
        dtype: Of weights, input, states and arithmetic; float32 for a graph that names types
            itself.

    Raises:
        ModelError: The file is no ONNX graph, is not of the graph it is said to be, has an
            operator that is not known, or names types itself and another one was asked for.
    """

    def __init__(self, graph: StepGraph, device: torch.device, dtype: torch.dtype) -> None:
        self._inputs = (INPUT, *(name for name, _ in graph.states))
        self._outputs = tuple(name for name, _ in graph.outputs)
        self._next = tuple(NEXT + name for name, _ in graph.states)
        model = _parsed(graph)
        _check_names(graph, model, self._inputs, self._outputs + self._next)
        constants = _constants(graph, model)
        nodes = _nodes(graph, model, constants)
        _check_precision(graph, nodes, dtype)
        self._known = {n: _tensor(array, device, dtype) for n, array in constants.items()}
        self._calls = self._without_constants(nodes)

    def __call__(
        self, x: Tensor, states: Sequence[Tensor]
    ) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """One tick; nothing that is given is changed.

        Args:
            x: `(S, …)` on the device, of the precision.
            states: `(S, …)` each, likewise.

        Returns:
            The outputs and the next states, in the graph's order, `(S, …)` each.
        """
        values = dict(zip(self._inputs, (x, *states), strict=True))
        for call in self._calls:
            self._run(call, values)
        given = tuple(self._value(name, values) for name in self._outputs)
        return given, tuple(self._value(name, values) for name in self._next)

    def _run(self, call: _Call, values: dict[str, Tensor]) -> None:
        given = [self._value(name, values) if name else None for name in call.inputs]
        values.update(zip(call.outputs, call.run(*given), strict=True))
        for name in call.done_with:
            values.pop(name, None)

    def _value(self, name: str, values: dict[str, Tensor]) -> Tensor:
        return self._known[name] if name in self._known else values[name]

    def _without_constants(self, nodes: list[Node]) -> list[_Call]:
        calls, wanted = [], set(self._outputs + self._next)
        for node, done_with in _last_uses(nodes, wanted):
            call = _Call(made(node), node.inputs, node.outputs, done_with)
            if all(not name or name in self._known for name in node.inputs):
                self._run(call, self._known)
            else:
                calls.append(call)
        return calls


def check(graph: StepGraph, streams: int = 2) -> None:
    """Run a graph once on the processor, so that what fails on a device is the device's fault.

    Raises:
        ModelError: It cannot be run, or gives other shapes than it is said to.
    """
    program = Program(graph, torch.device("cpu"), torch.float32)
    states = [torch.zeros(streams, *row) for _, row in graph.states]
    try:
        given, after = program(torch.zeros(streams, *graph.row), states)
    except (RuntimeError, LookupError, ValueError, TypeError) as error:
        raise ModelError(f"{graph.name}: cannot be run by torch-cuda: {error}") from error
    for (name, row), tensor in zip(graph.outputs + graph.states, given + after, strict=True):
        if tuple(tensor.shape) != (streams, *row):
            raise ModelError(
                f"{graph.name}: for {streams} streams '{name}' should come as {(streams, *row)}, "
                f"not as {tuple(tensor.shape)}"
            )


def _parsed(graph: StepGraph) -> onnx.ModelProto:
    try:
        model = onnx.load_model_from_string(graph.onnx)
    except Exception as error:  # of the parser below onnx, which may be one of several
        raise ModelError(f"{graph.name}: is no ONNX file: {error}") from error
    versions = {opset.version for opset in model.opset_import if opset.domain in _OWN_DOMAINS}
    if len(versions) != 1 or not versions <= set(_OPSETS):
        raise ModelError(
            f"{graph.name}: is of the operator set {sorted(versions)}, torch-cuda knows "
            f"{_OPSETS.start} to {_OPSETS.stop - 1}; export it again with this version"
        )
    return model


def _check_names(
    graph: StepGraph,
    model: onnx.ModelProto,
    inputs: Iterable[str],
    outputs: Iterable[str],
) -> None:
    found = sorted(value.name for value in model.graph.input)
    made_there = sorted(name for node in model.graph.node for name in node.output)
    if found != sorted(inputs) or not set(outputs) <= set(made_there):
        raise ModelError(
            f"{graph.name}: expected the inputs {sorted(inputs)} and the outputs "
            f"{sorted(outputs)}, got {found} and {made_there[-20:]}"
        )


def _check_precision(graph: StepGraph, nodes: list[Node], dtype: torch.dtype) -> None:
    """A variant says itself what is rounded to what."""
    if dtype != torch.float32 and any(node.operator in _NAMING_TYPES for node in nodes):
        raise ModelError(
            f"{graph.name}: says itself what is in which precision: leave the option 'precision' "
            "of torch-cuda at fp32 or tf32, or use the model that it was made from"
        )


def _constants(graph: StepGraph, model: onnx.ModelProto) -> dict[str, npt.NDArray[np.generic]]:
    try:
        return {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    except Exception as error:  # of data that lies in another file, or is cut off
        raise ModelError(f"{graph.name}: its weights cannot be read: {error}") from error


def _tensor(array: npt.NDArray[np.generic], device: torch.device, dtype: torch.dtype) -> Tensor:
    # A copy: what onnx gives may not be written to, which torch warns of.
    if array.dtype.name == "bfloat16":  # which numpy knows by an extension that torch does not
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16).to(device)
    tensor = torch.from_numpy(np.array(array))
    return tensor.to(device, dtype) if tensor.dtype == torch.float32 else tensor.to(device)


def _nodes(
    graph: StepGraph, model: onnx.ModelProto, constants: dict[str, npt.NDArray[np.generic]]
) -> list[Node]:
    return [
        Node(
            file=graph.name,
            name=node.name or node.output[0],
            operator=_operator(node),
            inputs=tuple(node.input),
            outputs=tuple(node.output),
            attributes={a.name: _attribute(a) for a in node.attribute},
            constants=constants,
        )
        for node in model.graph.node
    ]


def _operator(node: onnx.NodeProto) -> str:
    return node.op_type if node.domain in _OWN_DOMAINS else f"{node.domain}.{node.op_type}"


def _attribute(attribute: onnx.AttributeProto) -> Attribute:
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, int | float):
        return value
    return tuple(value) if attribute.type == onnx.AttributeProto.INTS else str(value)


def _last_uses(nodes: list[Node], wanted: set[str]) -> list[tuple[Node, tuple[str, ...]]]:
    """Each node with the names that nothing after it needs."""
    needed, uses = set(wanted), []
    for node in reversed(nodes):
        here = {name for name in (*node.inputs, *node.outputs) if name}
        uses.append((node, tuple(sorted(here - needed))))
        needed |= here
    return uses[::-1]

"""bfloat16 for onnxruntime, which cannot calculate in it on the processor."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from engine.errors import ModelError

if TYPE_CHECKING:
    import onnx


def runnable(content: bytes, precision: str, name: str) -> bytes:
    """A file as onnxruntime can run it: as it is, unless it is in bfloat16.

    Then with the same roundings to bfloat16, but every operator in float32: what hardware gives
    that multiplies bfloat16 and adds in float32, only slowly.

    Args:
        content: Of an ONNX file.
        precision: `StepGraph.precision`.
        name: Of the file, for messages.

    Raises:
        ModelError: The package `onnx`, which this needs, is not installed; or it is no ONNX file.
    """
    if precision != "bf16":
        return content
    if find_spec("onnx") is None:
        raise ModelError(
            f"{name}: is in bfloat16, in which onnxruntime cannot calculate, and to rewrite it the "
            "package onnx is needed: pip install onnx"
        )
    import onnx

    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:  # of the parser below onnx, which may be one of several
        raise ModelError(f"{name}: is no ONNX file: {error}") from error
    nodes = _widened(model.graph)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return bytes(model.SerializeToString())


def _widened(graph: "onnx.GraphProto") -> "list[onnx.NodeProto]":
    from onnx import NodeProto, TensorProto, helper

    narrow = {t.name for t in graph.initializer if t.data_type == TensorProto.BFLOAT16}
    wide: set[str] = set()
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.op_type == "Cast":
            nodes.append(node)
            if any(a.name == "to" and a.i == TensorProto.BFLOAT16 for a in node.attribute):
                narrow.update(node.output)
            continue
        taken = [name for name in node.input if name in narrow]
        for name in dict.fromkeys(taken):
            if name not in wide:
                nodes.append(helper.make_node("Cast", [name], [_wide(name)], to=TensorProto.FLOAT))
                wide.add(name)
        own = NodeProto()
        own.CopyFrom(node)
        own.input[:] = [_wide(name) if name in narrow else name for name in node.input]
        nodes.append(own)
        if taken:
            own.output[:] = [f"{name}_unrounded" for name in node.output]
            nodes += [
                helper.make_node("Cast", [before], [after], to=TensorProto.BFLOAT16)
                for before, after in zip(own.output, node.output, strict=True)
            ]
            narrow.update(node.output)
    return nodes


def _wide(name: str) -> str:
    return f"{name}_in_float32"

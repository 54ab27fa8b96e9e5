"""From a network's graph to an ONNX model."""

from collections.abc import Mapping

import onnx
from onnx import TensorProto, helper

from engine.errors import ModelError
from training.pose_onnx.graph import Graph
from training.pose_onnx.lowering import TO_NCHW, TO_NHWC, Lowering
from training.pose_onnx.operators import RULES

OPSET = 17
IR_VERSION = 8
"""Nothing here needs more, and TensorRT reads it since 8.6."""

INPUT = "picture"
BATCH = "batch"


def converted(graph: Graph, outputs: Mapping[str, int], metadata: Mapping[str, str]) -> bytes:
    """The network as an ONNX file, checked for form.

    The input, `INPUT`, and the outputs have the shapes of the original (pictures are NHWC) but
    for the first axis, `BATCH`, which is free. The same arguments give the same bytes.

    Args:
        graph: As it was read.
        outputs: Names of the outputs that are kept, and their places in `graph.tensors`.
        metadata: What the file will say about itself.

    Raises:
        ModelError: No rule knows one of its operators, or it is not made for a batch of 1.
    """
    lowering = Lowering(graph.folded().pruned([*outputs.values()]), outputs)
    _enter(lowering)
    for operator in lowering.graph.operators:
        if operator.kind not in RULES:
            raise ModelError(
                f"{graph.name}: operator {operator.kind} is not known: expected one of "
                f"{', '.join(RULES)}; only the networks of mediapipe 0.10.21 can be converted"
            )
        RULES[operator.kind](lowering, operator)
    for name, tensor in outputs.items():
        if lowering.is_picture(tensor):
            lowering.emit("Transpose", [lowering.name(tensor)], name, perm=TO_NHWC)
    return _written(lowering, outputs, metadata)


def _enter(lowering: Lowering) -> None:
    inputs = lowering.graph.inputs
    if len(inputs) != 1 or not lowering.is_picture(inputs[0]):
        shapes = [*map(lowering.shape, inputs)]
        raise ModelError(f"{lowering.graph.name}: expected one picture as input, got {shapes}")
    lowering.emit("Transpose", [INPUT], lowering.name(inputs[0]), perm=TO_NCHW)


def _written(lowering: Lowering, outputs: Mapping[str, int], metadata: Mapping[str, str]) -> bytes:
    graph = helper.make_graph(
        lowering.nodes,
        "network",
        [_described(lowering, INPUT, lowering.graph.inputs[0])],
        [_described(lowering, name, tensor) for name, tensor in outputs.items()],
        lowering.constants,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="fidget",
    )
    helper.set_model_props(model, dict(metadata))
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ModelError(
            f"{lowering.graph.name}: its parts do not fit together ({error}); reinstall mediapipe"
        ) from error
    return bytes(model.SerializeToString(deterministic=True))


def _described(lowering: Lowering, name: str, tensor: int) -> onnx.ValueInfoProto:
    batch, *row = lowering.shape(tensor)
    if batch != 1:
        raise ModelError(f"{lowering.graph.name}: '{name}': expected a batch of 1, got {batch}")
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *row])

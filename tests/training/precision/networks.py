"""Small networks and what is found in their files."""

from pathlib import Path

import onnx
from onnx import numpy_helper

from engine.poses import F32
from tests.recognizers.graph.models import export_random, person
from training.precision.material import Material


def small_model(folder: Path) -> onnx.ModelProto:
    path = folder / "small.onnx"
    export_random(path)
    return onnx.load(path)


def types(model: onnx.ModelProto) -> dict[str, int]:
    """Of every value, as the checker infers them."""
    graph = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True).graph
    told = (*graph.value_info, *graph.input, *graph.output)
    return {
        **{value.name: value.type.tensor_type.elem_type for value in told},
        **{tensor.name: tensor.data_type for tensor in graph.initializer},
    }


def weights(model: onnx.ModelProto) -> dict[str, F32]:
    return {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}


def people(count: int, ticks: int, seed: int = 0) -> Material:
    """Upright people whose joints drift."""
    x = person(ticks, count, seed)
    return Material(f"{count} drifting people", tuple(x[:, row] for row in range(count)))

"""A step graph that is quick to run and whose memory can be foreseen: its last inputs."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.poses import F32
from engine.step_graph import INPUT, STREAMS, StepGraph

FIELD = 12
ROW = (2, 3)
SIZE = 6
WIDTHS = {"first": 4, "second": 2}


def small_graph(field: int = FIELD) -> StepGraph:
    """Outputs are `tanh(W · the last `field` inputs)`, so that each tick of them counts."""
    rng = np.random.default_rng(1)
    shapes = {"line": [0, 1, SIZE], "flat": [0, field * SIZE]}
    ends = {"begin": [1], "end": [field], "axis": [1]}
    constants = [
        *(numpy_helper.from_array(np.array(v, np.int64), k) for k, v in (shapes | ends).items()),
        *(
            numpy_helper.from_array(
                rng.normal(0, 0.2, (field * SIZE, width)).astype(np.float32), f"w_{name}"
            )
            for name, width in WIDTHS.items()
        ),
    ]
    nodes = [
        helper.make_node("Reshape", [INPUT, "line"], ["tick"]),
        helper.make_node("Concat", ["state_0", "tick"], ["window"], axis=1),
        helper.make_node("Slice", ["window", "begin", "end", "axis"], ["next_state_0"]),
        helper.make_node("Reshape", ["window", "flat"], ["all"]),
    ]
    for name in WIDTHS:
        nodes.append(helper.make_node("MatMul", ["all", f"w_{name}"], [f"sum_{name}"]))
        nodes.append(helper.make_node("Tanh", [f"sum_{name}"], [name]))
    state = (field - 1, SIZE)
    inputs = [_value(INPUT, ROW), _value("state_0", state)]
    outputs = [*(_value(n, (w,)) for n, w in WIDTHS.items()), _value("next_state_0", state)]
    graph = helper.make_graph(nodes, "small", inputs, outputs, constants)
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    return StepGraph(
        name="small",
        onnx=model.SerializeToString(),
        row=ROW,
        outputs=tuple((name, (width,)) for name, width in WIDTHS.items()),
        states=(("state_0", state),),
        receptive_field=field,
    )


def noise(ticks: int, streams: int, seed: int = 0) -> F32:
    """`(T, S, 2, 3)`."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, (ticks, streams, *ROW)).astype(np.float32)


def _value(name: str, row: tuple[int, ...]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [STREAMS, *row])

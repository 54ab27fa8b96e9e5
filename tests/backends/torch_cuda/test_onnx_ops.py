"""Each operator does what the reference does with it."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from engine.errors import ModelError
from engine.poses import F32
from engine.step_graph import INPUT, StepGraph
from plugins.backends.torch_cuda.onnx_ops import OPERATORS
from plugins.backends.torch_cuda.program import Program
from tests.fakes.variants import PRECISIONS, variant_graph
from training.network import export

Array = npt.NDArray[np.generic]
Attributes = dict[str, Any]
FAR = 2**63 - 1

_RNG = np.random.default_rng(0)


def ints(*numbers: int) -> Array:
    return np.array(numbers, np.int64)


def random(*shape: int) -> F32:
    return _RNG.normal(0, 1, shape).astype(np.float32)


def number(value: float) -> Array:
    return np.array(value, np.float32)


# Operator, shape of x, the inputs after it (None: left out), attributes.
CASES: list[tuple[str, tuple[int, ...], list[Array | None], Attributes]] = [
    ("Add", (3, 4), [random(4)], {}),
    ("Add", (3, 4), [random(2, 1, 4)], {}),
    ("Mul", (3, 4), [random(3, 1)], {}),
    ("Relu", (3, 4), [], {}),
    ("Sigmoid", (3, 4), [], {}),
    ("Tanh", (3, 4), [], {}),
    ("Clip", (3, 4), [number(-0.5), number(0.5)], {}),
    ("Clip", (3, 4), [number(0.1)], {}),
    ("Clip", (3, 4), [None, number(0.1)], {}),
    ("Clip", (3, 4), [], {}),
    ("Concat", (3, 4), [random(2, 4)], {"axis": 0}),
    ("Concat", (3, 4), [random(3, 1), random(3, 2)], {"axis": -1}),
    ("Conv", (2, 4, 9), [random(6, 4, 3)], {}),
    ("Conv", (2, 4, 9), [random(6, 2, 3), random(6)], {"group": 2, "strides": [2]}),
    ("Conv", (2, 3, 9, 5), [random(4, 3, 3, 1), random(4)], {"dilations": [2, 1]}),
    ("Conv", (2, 3, 9, 5), [random(4, 3, 3, 3)], {"pads": [0, 1, 2, 0], "strides": [2, 1]}),
    ("Conv", (2, 3, 9, 5), [random(4, 3, 3, 3)], {"auto_pad": "VALID"}),
    ("Conv", (1, 2, 4, 5, 6), [random(3, 2, 2, 2, 2)], {"pads": [1, 0, 0, 0, 1, 0]}),
    ("Gather", (3, 4, 5), [ints(2, 0, 2)], {"axis": 1}),
    ("Gather", (3, 4, 5), [ints(-1, 0)], {"axis": -1}),
    ("Gather", (3, 4, 5), [np.array([[0, 1], [2, -3]])], {}),
    ("Gather", (3, 4, 5), [np.array(-2)], {"axis": 1}),
    ("Gemm", (3, 4), [random(4, 5)], {}),
    ("Gemm", (3, 4), [random(4, 5)], {"alpha": 0.5}),
    ("Gemm", (3, 4), [random(5, 4), random(5)], {"transB": 1}),
    ("Gemm", (3, 4), [random(3, 5), random(4, 1)], {"transA": 1, "alpha": 2.0, "beta": 0.5}),
    ("Gemm", (3, 4), [random(4, 5), number(1.5)], {"beta": 3.0}),
    ("MatMul", (3, 4), [random(4, 5)], {}),
    ("MatMul", (3, 1, 2, 4), [random(6, 4, 5)], {}),
    ("MatMul", (3, 4), [random(4)], {}),
    ("Reshape", (3, 4, 5), [ints(-1, 10)], {}),
    ("Reshape", (3, 4, 5), [ints(0, 2, -1)], {}),
    ("Reshape", (3, 4, 5), [ints(-1, 4, 5)], {"allowzero": 1}),
    ("Reshape", (0, 4), [ints(4, 0)], {"allowzero": 1}),
    ("Pad", (3, 4), [ints(0, 1, 2, 0)], {}),
    ("Pad", (3, 4, 5), [ints(1, 0, 0, 0, 2, 3), number(7.0)], {}),
    ("Pad", (3, 4, 5), [ints(0, -1, -1, 0, 2, 0)], {"mode": "constant"}),
    ("Pad", (3, 4, 5), [ints(1, 2, 3, 4), None, ints(-1, 0)], {}),
    ("Slice", (6, 7), [ints(1), ints(4)], {}),
    ("Slice", (6, 7), [ints(-3), ints(FAR), ints(1)], {}),
    ("Slice", (6, 7), [ints(-100, 1), ints(100, -1), ints(0, -1), ints(2, 3)], {}),
    ("Slice", (6, 7), [ints(5), ints(2), ints(1)], {}),
    ("Split", (6, 7), [], {"num_outputs": 2}),
    ("Split", (6, 7), [], {"num_outputs": 3, "axis": 1}),
    ("Split", (6, 7), [ints(1, 4, 2)], {"axis": -1}),
    ("Squeeze", (3, 1, 4, 1), [ints(1)], {}),
    ("Squeeze", (3, 1, 4, 1), [ints(-1, 1)], {}),
    ("Transpose", (3, 4, 5), [], {"perm": [1, 0, 2]}),
    ("Transpose", (3, 4, 5), [], {}),
    ("Unsqueeze", (3, 4), [ints(1)], {}),
    ("Unsqueeze", (3, 4), [ints(-1, 0)], {}),
    ("Unsqueeze", (3, 4), [ints(3, -3)], {}),
]


def outputs_of(operator: str, inputs: list[Array | None], attributes: Attributes) -> list[str]:
    if operator != "Split":
        return ["y"]
    sizes = [len(given) for given in inputs if given is not None]
    return [f"y{i}" for i in range(attributes.get("num_outputs") or sizes[0])]


def graph_of(
    operator: str,
    shape: tuple[int, ...],
    inputs: list[Array | None],
    attributes: Attributes,
    *,
    opset: int = 18,
    domain: str = "",
) -> StepGraph:
    names = ["" if given is None else f"c{i}" for i, given in enumerate(inputs)]
    outputs = outputs_of(operator, inputs, attributes)
    node = helper.make_node(
        operator, [INPUT, *names], outputs, "the_node", domain=domain, **attributes
    )
    constants = [
        numpy_helper.from_array(given, name)
        for name, given in zip(names, inputs, strict=True)
        if given is not None
    ]
    graph = helper.make_graph(
        [node],
        "one",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        constants,
    )
    opsets = [helper.make_opsetid("", opset)]
    if domain:
        opsets.append(helper.make_opsetid(domain, 1))
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    rows = tuple((name, ()) for name in outputs)
    return StepGraph("one.onnx", model.SerializeToString(), shape[1:], rows, (), 1)


def program_of(graph: StepGraph) -> Program:
    return Program(graph, torch.device("cpu"), torch.float32)


def name_of(case: object) -> str:
    return case if isinstance(case, str) else "-"


@pytest.mark.parametrize(("operator", "shape", "inputs", "attributes"), CASES, ids=name_of)
def test_an_operator_does_what_the_reference_does(
    operator: str, shape: tuple[int, ...], inputs: list[Array | None], attributes: Attributes
) -> None:
    graph = graph_of(operator, shape, inputs, attributes)
    x = random(*shape)
    expected = ort.InferenceSession(graph.onnx, providers=["CPUExecutionProvider"]).run(
        None, {INPUT: x}
    )
    given, _ = program_of(graph)(torch.from_numpy(x), ())
    assert len(given) == len(expected)
    for one, other in zip(given, expected, strict=True):
        assert tuple(one.shape) == other.shape
        np.testing.assert_allclose(one.numpy(), other, atol=1e-5)


SCALES = np.array([0.01, 0.02, 0.04, 0.03], np.float32)
ZEROS = np.zeros(4, np.int8)

# Inputs after x and attributes, the same on both ways.
QUANTISED: list[tuple[list[Array], Attributes]] = [
    ([number(0.02), np.array(0, np.int8)], {}),
    ([SCALES, ZEROS], {}),
    ([SCALES, ZEROS], {"axis": -2}),
    ([SCALES[:3], ZEROS[:3]], {"axis": 0}),
]

# From float32 to another type and back: each way's operator and attributes, and the inputs after x.
WAYS: list[tuple[str, str, list[Array], Attributes, Attributes]] = [
    ("Cast", "Cast", [], {"to": TensorProto.FLOAT16}, {"to": TensorProto.FLOAT}),
    ("Cast", "Cast", [], {"to": TensorProto.BFLOAT16}, {"to": TensorProto.FLOAT}),
    *[
        ("QuantizeLinear", "DequantizeLinear", inputs, attributes, attributes)
        for inputs, attributes in QUANTISED
    ],
]


@pytest.mark.parametrize(("there", "back", "inputs", "how", "how_back"), WAYS)
def test_going_to_another_type_and_back_gives_what_the_reference_gives(
    there: str, back: str, inputs: list[Array], how: Attributes, how_back: Attributes
) -> None:
    graph = graph_of(there, (3, 4, 5), [*inputs], how)
    model = onnx.load_model_from_string(graph.onnx)
    node = model.graph.node[0]
    node.output[0] = "other"
    model.graph.node.append(
        helper.make_node(back, ["other", *list(node.input)[1:]], ["y"], **how_back)
    )
    x = random(3, 4, 5) * 2.0  # some is beyond the range
    (expected,) = ort.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    ).run(None, {INPUT: x})
    (given,), _ = program_of(replace(graph, onnx=model.SerializeToString()))(
        torch.from_numpy(x), ()
    )
    np.testing.assert_array_equal(given.numpy(), expected)
    assert np.abs(given.numpy() - x).max() > 0


def test_every_operator_is_compared() -> None:
    ways = {operator for there, back, *_ in WAYS for operator in (there, back)}
    assert ways | {operator for operator, *_ in CASES} == set(OPERATORS)


def test_what_the_exporter_and_variants_may_use_is_known() -> None:
    used = {
        node.op_type
        for precision in PRECISIONS
        for node in onnx.load_model_from_string(variant_graph(precision).onnx).graph.node
    }
    of_cells = {"Sigmoid", "Tanh"}  # see tests/recognizers/clip/test_serving.py
    assert set(OPERATORS) == export.OPERATORS | used | of_cells


@pytest.mark.parametrize(
    ("operator", "inputs", "attributes", "why"),
    [
        ("Erf", [], {}, "known are Add, "),
        ("Cast", [], {"to": TensorProto.INT64}, "it makes type 7, known are 1, 10, 16"),
        ("QuantizeLinear", [number(0.1), np.array(3, np.int8)], {}, "around zero"),
        ("QuantizeLinear", [number(0.1)], {}, "around zero"),
        ("QuantizeLinear", [number(0.1), np.array(0, np.uint8)], {}, "around zero"),
        ("Slice", [ints(3), ints(0), ints(1), ints(-1)], {}, "steps"),
        ("Pad", [ints(0, 1, 0, 1)], {"mode": "reflect"}, "'reflect'"),
        ("Conv", [random(2, 4, 1)], {"auto_pad": "SAME_UPPER"}, "SAME_UPPER"),
        ("Squeeze", [], {}, "no axes"),
        ("Reshape", [number(2.0)], {}, "expected integers"),
        ("Clip", [random(2)], {}, "2 numbers"),
        ("Unsqueeze", [], {}, "missing"),
        ("Concat", [random(3, 4)], {"axis": "last"}, "expected a int"),
    ],
    ids=name_of,
)
def test_what_cannot_be_run_is_named_with_its_file(
    operator: str, inputs: list[Array | None], attributes: Attributes, why: str
) -> None:
    with pytest.raises(ModelError) as caught:
        program_of(graph_of(operator, (3, 4), inputs, attributes))
    assert f"one.onnx: {operator} 'the_node'" in str(caught.value)
    assert why in str(caught.value)


def test_an_operator_of_another_domain_is_not_taken_for_ours() -> None:
    with pytest.raises(ModelError, match=r"com\.microsoft\.Relu 'the_node'"):
        program_of(graph_of("Relu", (3, 4), [], {}, domain="com.microsoft"))


def test_a_shape_that_depends_on_the_tick_is_refused() -> None:
    graph = graph_of("Reshape", (3, 4), [ints(4, 3)], {})
    model = onnx.load_model_from_string(graph.onnx)
    model.graph.node[0].input[1] = INPUT
    changed = StepGraph(graph.name, model.SerializeToString(), graph.row, graph.outputs, (), 1)
    with pytest.raises(ModelError, match="'x', is not a constant"):
        program_of(changed)


@pytest.mark.parametrize("opset", [11, 26])
def test_a_set_of_operators_that_may_mean_something_else_is_refused(opset: int) -> None:
    with pytest.raises(ModelError, match=rf"one\.onnx: is of the operator set \[{opset}\]"):
        program_of(graph_of("Relu", (3, 4), [], {}, opset=opset))

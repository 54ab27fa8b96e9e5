"""A file becomes a list of calls, or is refused with what is wrong with it."""

from dataclasses import replace
from typing import Any

import onnx
import pytest
import torch
from onnx import ModelProto
from torch import Tensor
from torch.overrides import TorchFunctionMode

from engine.errors import ModelError
from engine.step_graph import StepGraph
from plugins.backends.torch_cuda.program import Program, check
from tests.contract.test_backends import GRAPH


def changed(model: ModelProto) -> StepGraph:
    return replace(GRAPH, name="changed.onnx", onnx=model.SerializeToString())


def parsed() -> ModelProto:
    return onnx.load_model_from_string(GRAPH.onnx)


def test_the_shipped_model_can_be_run() -> None:
    check(GRAPH)


def test_a_tick_changes_nothing_that_it_is_given() -> None:
    program = Program(GRAPH, torch.device("cpu"), torch.float32)
    torch.manual_seed(0)
    x = torch.randn(2, *GRAPH.row)
    states = [torch.randn(2, *row) for _, row in GRAPH.states]
    before = [tensor.clone() for tensor in (x, *states)]
    program(x, states)
    assert all(torch.equal(one, other) for one, other in zip((x, *states), before, strict=True))


class Selections(TorchFunctionMode):
    """Counts how often one entry is taken out of a tensor: the file does that with constants."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.count += func is Tensor.select
        return func(*args, **(kwargs or {}))


def test_what_is_constant_is_computed_once() -> None:
    with Selections() as beforehand:
        program = Program(GRAPH, torch.device("cpu"), torch.float32)
    with Selections() as in_the_tick:
        program(torch.zeros(1, *GRAPH.row), [torch.zeros(1, *row) for _, row in GRAPH.states])
    assert beforehand.count > 0
    assert in_the_tick.count == 0


def test_a_file_that_is_cut_off_is_refused() -> None:
    with pytest.raises(ModelError, match=r"cut\.onnx: is no ONNX file"):
        check(replace(GRAPH, name="cut.onnx", onnx=GRAPH.onnx[:5000]))


def test_weights_in_another_file_are_refused() -> None:
    model = parsed()
    weights = next(t for t in model.graph.initializer if len(t.dims) > 1)
    weights.ClearField("raw_data")
    weights.data_location = onnx.TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "elsewhere.bin"
    with pytest.raises(ModelError, match=r"changed\.onnx: its weights cannot be read"):
        check(changed(model))


def test_a_file_with_other_inputs_is_refused() -> None:
    with pytest.raises(ModelError, match="expected the inputs"):
        check(replace(GRAPH, states=GRAPH.states[:-1]))


def test_a_file_without_a_promised_output_is_refused() -> None:
    with pytest.raises(ModelError, match="missing_logits"):
        check(replace(GRAPH, outputs=(*GRAPH.outputs, ("missing_logits", (3,)))))


def test_outputs_of_another_shape_are_refused() -> None:
    (name, row), *others = GRAPH.outputs
    wrong = ((name, (*row, 1)), *others)
    with pytest.raises(ModelError, match=f"'{name}' should come as"):
        check(replace(GRAPH, outputs=wrong))


def test_inputs_that_do_not_fit_the_weights_are_refused() -> None:
    with pytest.raises(ModelError, match="cannot be run by torch-cuda"):
        check(replace(GRAPH, row=(GRAPH.row[0] + 1, GRAPH.row[1])))

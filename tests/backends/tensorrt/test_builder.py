"""NVIDIA's own parser and builder on the processor. Nothing here runs a kernel."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.errors import ModelError
from engine.step_graph import NEXT, StepGraph
from plugins.backends.tensorrt.builder import OPTIONS, StepNetwork, build_plan
from plugins.backends.tensorrt.layout import ACTIVE, Layout
from plugins.backends.tensorrt.shim import TensorRt
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from tests.backends.tensorrt import needs

GRAPH = read_model(SHIPPED_MODEL).graph


@pytest.fixture(scope="module")
def trt() -> TensorRt:
    return needs.builder()


@pytest.mark.parametrize("streams", [1, 64])
def test_the_shipped_model_is_built(trt: TensorRt, streams: int) -> None:
    weights = len(GRAPH.onnx) // 2  # the rest of the file is the graph itself
    assert len(build_plan(trt, GRAPH, streams)) > weights


@pytest.mark.parametrize("streams", [1, 64])
def test_its_tensors_are_those_of_the_layout(trt: TensorRt, streams: int) -> None:
    network = StepNetwork(trt, GRAPH, streams).network
    layout = Layout(GRAPH, streams)
    inputs = [network.get_input(index) for index in range(network.num_inputs)]
    outputs = [network.get_output(index) for index in range(network.num_outputs)]
    assert {t.name: tuple(t.shape) for t in inputs} == {
        "x": (streams, *GRAPH.row),
        ACTIVE: (streams,),
        **{name: (streams, *row) for name, row in GRAPH.states},
    }
    assert {t.name: tuple(t.shape) for t in outputs} == {
        **{name: (streams, *row) for name, row in GRAPH.outputs},
        **{NEXT + name: (streams, *row) for name, row in GRAPH.states},
    }
    assert {t.name for t in inputs if t.dtype == trt.api.bool} == {ACTIVE}
    assert all(t.dtype == trt.api.float32 for t in (*inputs, *outputs) if t.name != ACTIVE)
    assert set(layout.inputs) == {t.name for t in inputs}
    assert set(layout.results) == {t.name for t in outputs}


def test_what_an_idle_row_remembers_goes_through(trt: TensorRt) -> None:
    """Each next state comes from a selection between the step's and the state before."""
    network = StepNetwork(trt, GRAPH, 8).network
    layers = [network.get_layer(index) for index in range(network.num_layers)]
    selections = {
        layer.get_output(0).name: layer
        for layer in layers
        if layer.type == trt.api.LayerType.SELECT
    }
    for name, row in GRAPH.states:
        condition, stepped, before = (selections[NEXT + name].get_input(i) for i in range(3))
        assert tuple(condition.shape) == (8, *[1] * len(row))
        assert condition.dtype == trt.api.bool
        assert tuple(stepped.shape) == (8, *row)
        assert stepped.name == f"stepped_{name}"
        assert before.name == name


def test_types_are_strong_and_options_are_what_the_key_says(trt: TensorRt) -> None:
    made = StepNetwork(trt, GRAPH, 1)
    config, options = made.config(), dict(OPTIONS)
    strong = trt.api.NetworkDefinitionCreationFlag.STRONGLY_TYPED
    assert options["typing"] == "strong"
    assert made.network.get_flag(strong)
    assert options["tf32"] == "off"
    assert not config.get_flag(trt.api.BuilderFlag.TF32)
    assert options["max_aux_streams"] == str(config.max_aux_streams) == "0"
    assert options["shapes"] == "fixed"
    assert config.num_optimization_profiles == 0


def test_what_is_no_graph_is_refused_with_nvidias_words(trt: TensorRt) -> None:
    with pytest.raises(ModelError, match=r"broken\.onnx.*cannot read it.*ONNX"):
        build_plan(trt, replace(GRAPH, name="broken.onnx", onnx=b"no graph"), 1)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        (lambda graph: {"row": (graph.row[0] + 1, graph.row[1])}, "x DataType.FLOAT"),
        (lambda graph: {"outputs": graph.outputs[1:]}, "class_logits"),
        (lambda graph: {"states": graph.states[1:]}, "state_0"),
        (lambda graph: {"states": (*graph.states, ("state_9", (4,)))}, "state_9"),
    ],
)
def test_a_graph_that_is_not_as_described_is_refused(
    trt: TensorRt, changed: Callable[[StepGraph], dict[str, object]], word: str
) -> None:
    other = replace(GRAPH, **changed(GRAPH))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="not what its description says") as told:
        StepNetwork(trt, other, 1)
    assert word in str(told.value)

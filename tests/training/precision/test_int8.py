"""What is multiplied in eight bits, and in which steps."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from engine.poses import F32
from plugins.recognizers.graph.relations import CHANNELS, relations
from tests.recognizers.graph.models import TAKEN
from tests.training.network.nets import SMALL
from tests.training.precision.networks import people, small_model
from training.precision.int8 import in_int8, quantised_inputs
from training.precision.ranges import ranges


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    return small_model(tmp_path_factory.mktemp("int8"))


@pytest.fixture(scope="module")
def made(model: onnx.ModelProto) -> onnx.ModelProto:
    return in_int8(model, dict.fromkeys(quantised_inputs(model), 2.54))


def constants(
    model: onnx.ModelProto,
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    return {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}


def quantised(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Layers whose input and weights both come out of quantisation."""
    back = {n.output[0] for n in model.graph.node if n.op_type == "DequantizeLinear"}
    return [node for node in model.graph.node if {*node.input[:2]} <= back]


def test_the_trunk_is_quantised_and_nothing_else(made: onnx.ModelProto) -> None:
    weights = {node.input[1].removesuffix("_again") for node in quantised(made)}
    assert "network.trunk.past" in weights
    elsewhere = ("network.stem", "network.joints", "network.parts", "network.merge", "network.head")
    assert not any(name.startswith(elsewhere) for name in weights)
    assert len(quantised(made)) == 1 + len(SMALL.trunk_dilations)
    pairs = [node for node in made.graph.node if node.op_type == "DequantizeLinear"]
    used = {name for node in quantised(made) for name in node.input[:2]}
    assert {node.output[0] for node in pairs} == used


def test_every_zero_is_zero(made: onnx.ModelProto) -> None:
    """TensorRT takes nothing else."""
    held = constants(made)
    nodes = [n for n in made.graph.node if n.op_type in ("QuantizeLinear", "DequantizeLinear")]
    assert len(nodes) > 8
    for node in nodes:
        zero = held[node.input[2]]
        assert zero.dtype == np.int8
        assert not zero.any()


def test_what_flows_has_one_scale_and_weights_one_a_channel(made: onnx.ModelProto) -> None:
    held = constants(made)
    for node in made.graph.node:
        if node.op_type == "QuantizeLinear":
            assert held[node.input[1]] == pytest.approx(0.02)
    for node in quantised(made):
        name = node.input[1].removesuffix("_again")
        shape = held[f"{name}_int8"].shape
        channels = shape[1:] if len(shape) == 2 else ()
        assert held[f"{name}_scale"].shape == held[f"{name}_zero"].shape == channels


def test_weights_are_those_of_the_original_to_half_a_step(
    model: onnx.ModelProto, made: onnx.ModelProto
) -> None:
    before, held = constants(model), constants(made)
    compared = 0
    for node in made.graph.node:
        name = node.input[0].removesuffix("_int8")
        if node.op_type == "DequantizeLinear" and name in before:
            assert all(a.i == before[name].ndim - 1 for a in node.attribute)
            steps = np.asarray(held[node.input[1]], np.float32)
            in_steps = np.asarray(before[name], np.float32) / steps
            assert np.abs(in_steps - held[node.input[0]].astype(np.float32)).max() <= 0.5 + 1e-3
            compared += 1
    assert compared >= 2


def test_ranges_are_the_largest_that_has_flown(model: onnx.ModelProto) -> None:
    sequences = [features(seed) for seed in (0, 1)]
    both = ranges(model, sequences)
    each = [ranges(model, [one]) for one in sequences]
    assert set(both) == set(quantised_inputs(model))
    assert both == {name: max(one[name] for one in each) for name in both}
    assert each[0] != each[1]


def test_ranges_depend_on_what_is_remembered(model: onnx.ModelProto) -> None:
    whole = features(0)
    alone = [whole[tick : tick + 1] for tick in range(len(whole))]
    assert ranges(model, [whole]) != ranges(model, alone)


def features(seed: int) -> F32:
    (sequence,) = people(1, 30, seed).sequences
    return relations(sequence)[:, [CHANNELS.index(name) for name in TAKEN]]

"""What is multiplied in 16 bits, and what is not."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from engine.errors import ModelError
from engine.step_graph import NEXT, STATE
from tests.training.precision.networks import small_model, types
from training.precision.half import Half, in_half

TYPES: dict[Half, int] = {"fp16": TensorProto.FLOAT16, "bf16": TensorProto.BFLOAT16}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    return small_model(tmp_path_factory.mktemp("half"))


@pytest.fixture(params=TYPES)
def to(request: pytest.FixtureRequest) -> Half:
    wanted: Half = request.param
    return wanted


def multiplied_in(model: onnx.ModelProto) -> dict[str, int]:
    """Weights to the type that they are multiplied in."""
    told = types(model)
    return {
        node.input[1]: told[node.output[0]]
        for node in model.graph.node
        if node.op_type in ("Conv", "Gemm", "MatMul")
    }


def test_all_but_the_first_and_last_layers_multiply_in_it(model: onnx.ModelProto, to: Half) -> None:
    found = multiplied_in(in_half(model, to))
    kept = {name for name, type_ in found.items() if type_ == TensorProto.FLOAT}
    assert {".".join(name.split(".")[:2]) for name in kept} == {
        "network.stem",
        "network.embedding",
        "network.heads",
    }
    assert len(found) == len(multiplied_in(model)) > 2 * len(kept)
    assert set(found.values()) == {TensorProto.FLOAT, TYPES[to]}


def test_states_are_put_before_their_ticks_in_float32(model: onnx.ModelProto, to: Half) -> None:
    made = in_half(model, to)
    told = types(made)
    users = [node for node in made.graph.node if any(n.startswith(STATE) for n in node.input)]
    assert {node.op_type for node in users} == {"Concat", "Gather"}
    makers = [node for node in made.graph.node if any(n.startswith(NEXT) for n in node.output)]
    for node in (*users, *makers):
        assert told[node.output[0]] == TensorProto.FLOAT


def test_nothing_is_cast_twice(model: onnx.ModelProto, to: Half) -> None:
    casts = [node for node in in_half(model, to).graph.node if node.op_type == "Cast"]
    assert len({(node.input[0], node.attribute[0].i) for node in casts}) == len(casts)
    made = {node.output[0] for node in casts}
    assert not any(node.input[0] in made for node in casts)


def test_weights_are_rounded_to_the_nearest(model: onnx.ModelProto, to: Half) -> None:
    before = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    rounded = {
        t.name: np.asarray(onnx.numpy_helper.to_array(t), np.float32)
        for t in in_half(model, to).graph.initializer
        if t.data_type == TYPES[to]
    }
    ours = {name: value for name, value in rounded.items() if name.rsplit("_", 1)[0] in before}
    assert len(ours) > 5
    for name, value in ours.items():
        np.testing.assert_allclose(value, before[name.rsplit("_", 1)[0]], rtol=2**-8, atol=1e-6)


def test_an_output_in_16_bits_is_given_in_float32(model: onnx.ModelProto, to: Half) -> None:
    """Not so in our own networks, whose last layers are kept."""
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    (head,) = (node for node in changed.graph.node if "class_logits" in node.output)
    for tensor in changed.graph.initializer:
        if tensor.name == head.input[1]:
            tensor.name = head.input[1] = "network.other.weight"
    told = types(in_half(changed, to))
    assert told["class_logits"] == TensorProto.FLOAT
    assert told["class_logits_half"] == TYPES[to]


def test_the_original_is_left_as_it_was(model: onnx.ModelProto, to: Half) -> None:
    before = model.SerializeToString(deterministic=True)
    in_half(model, to)
    assert model.SerializeToString(deterministic=True) == before


def test_a_network_that_is_none_of_ours_is_refused(to: Half) -> None:
    with pytest.raises(ModelError, match=r"foreign\.onnx: expected a network exported by"):
        in_half(onnx.ModelProto(), to, "foreign.onnx")

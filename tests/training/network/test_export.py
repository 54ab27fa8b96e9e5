"""The exported file is the network, plain, self-describing and the same each time."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from engine.step_graph import STREAMS
from plugins.recognizers.graph.metadata import METADATA_KEY, decode
from tests.training.network.nets import clip, metadata_of, small_network
from training.network.export import OPERATORS, export_step, export_window
from training.network.network import StepNetwork


@pytest.fixture(scope="module")
def network() -> StepNetwork:
    return small_network()


@pytest.fixture(scope="module")
def exported(network: StepNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    export_step(network, metadata_of(network), path)
    return path


def test_the_file_steps_like_the_network_and_its_clip(network: StepNetwork, exported: Path) -> None:
    session = ort.InferenceSession(exported)
    x = clip(1, ticks=network.config.receptive_field + 30)
    expected = network(x)
    torch_state = network.initial_state(1)
    names = [node.name for node in session.get_inputs()]
    state = [tensor.numpy() for tensor in torch_state]
    for t in range(x.shape[2]):
        feeds = dict(zip(names, [x[:, :, t].numpy(), *state], strict=True))
        results = session.run(None, feeds)
        logits, state = results[:3], results[3:]
        outputs, torch_state = network.step(x[:, :, t], torch_state)
        for given, stepped, whole in zip(logits, outputs, expected, strict=True):
            np.testing.assert_allclose(given, stepped.numpy(), atol=2e-5)
            np.testing.assert_allclose(given, whole[:, t].numpy(), atol=2e-5)


def test_states_are_paired_by_name_and_shape(network: StepNetwork, exported: Path) -> None:
    graph = onnx.load(exported).graph
    shapes = {
        value.name: [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*graph.input, *graph.output)
    }
    state = network.initial_state(1)
    for index, tensor in enumerate(state):
        assert (
            shapes[f"state_{index}"]
            == shapes[f"next_state_{index}"]
            == [
                STREAMS,
                *tensor.shape[1:],
            ]
        )
    assert shapes["x"] == [STREAMS, 6, 22]
    assert shapes["class_logits"] == [STREAMS, 33]
    assert shapes["group_logits"] == [STREAMS, 7]
    assert shapes["bounds_logits"] == [STREAMS, 2]
    assert len(shapes) == 4 + 2 * len(state)


def test_the_metadata_comes_back(network: StepNetwork, exported: Path) -> None:
    properties = {p.key: p.value for p in onnx.load(exported).metadata_props}
    assert list(properties) == [METADATA_KEY]
    assert decode(properties, "model") == metadata_of(network)


def test_the_file_is_plain_and_tells_nothing_of_the_machine(exported: Path) -> None:
    model = onnx.load(exported)
    assert {node.op_type for node in model.graph.node} <= OPERATORS
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 18)]
    assert not any(node.metadata_props or node.doc_string for node in model.graph.node)
    assert b".py" not in exported.read_bytes()
    assert str(Path.cwd()).encode() not in exported.read_bytes()


def test_the_same_weights_give_the_same_bytes(
    network: StepNetwork, exported: Path, tmp_path: Path
) -> None:
    export_step(network, metadata_of(network), tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == exported.read_bytes()


@pytest.mark.parametrize("streams", [1, 2, 9])
def test_a_step_takes_any_number_of_streams(
    network: StepNetwork, exported: Path, streams: int
) -> None:
    session = ort.InferenceSession(exported)
    x = clip(streams)
    state = network.initial_state(streams)
    for tick in range(20):
        feeds = {"x": x[:, :, tick].numpy()}
        feeds |= {f"state_{i}": tensor.numpy() for i, tensor in enumerate(state)}
        outputs, state = network.step(x[:, :, tick], state)
        served = session.run(["class_logits"], feeds)[0]
        np.testing.assert_allclose(served, outputs.class_logits.numpy(), atol=2e-5)


def test_the_window_form_gives_the_last_tick_of_the_clip(
    network: StepNetwork, tmp_path: Path
) -> None:
    export_window(network, tmp_path / "window.onnx")
    session = ort.InferenceSession(tmp_path / "window.onnx")
    x = clip(1, ticks=network.config.receptive_field)
    logits = session.run(None, {"x": x.numpy()})
    for given, whole in zip(logits, network(x), strict=True):
        np.testing.assert_allclose(given, whole[:, -1].numpy(), atol=2e-5)


def test_metadata_of_another_network_is_refused(network: StepNetwork, tmp_path: Path) -> None:
    metadata = metadata_of(network, receptive_field=7)
    with pytest.raises(ValueError, match="metadata says"):
        export_step(network, metadata, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_exporting_does_not_change_the_network(network: StepNetwork, exported: Path) -> None:
    fresh = small_network()
    for name, tensor in fresh.state_dict().items():
        assert torch.equal(network.state_dict()[name], tensor), name

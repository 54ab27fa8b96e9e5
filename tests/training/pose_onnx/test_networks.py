"""The networks of the wheel, converted: equal to the original, for any batch, without ballast."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from engine.errors import ModelError
from engine.poses import F32
from plugins.backends.tensorrt.shim import TensorRt, uncollected
from plugins.pose.direct.network_files import modules_folder
from tests.backends.tensorrt import needs
from tests.training.pose_onnx.wheel import graph, places, whole
from training.pose_onnx.check import check
from training.pose_onnx.convert import INPUT, converted
from training.pose_onnx.networks import NETWORKS, Unit
from training.pose_onnx.pictures import pictures

BODY = "pose_landmark_full"


def run(content: bytes, shown: F32) -> list[F32]:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return [np.asarray(output) for output in session.run(None, {INPUT: shown})]


def tensors(name: str) -> dict[str, str]:
    return {output: graph(name).tensors[place].name for output, place in places(name).items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_says_what_the_original_says(name: str) -> None:
    network = NETWORKS[name]
    found = check(network, modules_folder() / network.file, whole(name), tensors(name))
    assert {one.output for one in found} == set(places(name))
    assert all(one.part <= 1e-4 for one in found if one.output != "segmentation")
    # The same arithmetic in another order, and not the same program twice.
    assert any(one.largest > 0.0 for one in found)
    assert all(one.largest < 0.01 for one in found if one.unit is Unit.PX)


def test_a_network_that_is_a_little_wrong_is_refused() -> None:
    network = NETWORKS["hand_recrop"]
    model = onnx.load_model_from_string(whole(network.name))
    kernel = next(c for c in model.graph.initializer if len(c.dims) == 4)
    wrong = 1.01 * onnx.numpy_helper.to_array(kernel)
    kernel.CopyFrom(onnx.numpy_helper.from_array(wrong.astype(np.float32), kernel.name))
    original = modules_folder() / network.file
    with pytest.raises(ModelError, match=r"differs: expected 1e-04 at most, got points \(px\) by"):
        check(network, original, model.SerializeToString(), tensors(network.name))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_row_of_a_batch_is_what_it_is_alone(name: str) -> None:
    shown = pictures(NETWORKS[name])[1:]
    together = run(whole(name), shown)
    for row, picture in enumerate(shown):
        for alone, batched in zip(run(whole(name), picture[np.newaxis]), together, strict=True):
            np.testing.assert_allclose(batched[row], alone[0], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_shapes_are_those_of_the_original_with_a_free_batch(name: str) -> None:
    model = onnx.load_model_from_string(whole(name))
    side_px = NETWORKS[name].side_px
    (entered,) = model.graph.input
    assert (entered.name, shape(entered)) == (INPUT, ["batch", side_px, side_px, 3])
    for output, place in zip(model.graph.output, graph(name).outputs, strict=True):
        assert shape(output) == ["batch", *graph(name).tensors[place].shape[1:]]
    assert [output.name for output in model.graph.output] == [*places(name)]


def shape(value: onnx.ValueInfoProto) -> list[str | int]:
    return [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_network_gives_the_same_bytes(name: str) -> None:
    assert converted(graph(name), places(name), {}) == whole(name)


def test_what_only_other_outputs_need_is_left_out() -> None:
    kept = {name: places(BODY)[name] for name in ("landmarks", "flag", "heatmap")}
    pruned = converted(graph(BODY), kept, {})
    shown = pictures(NETWORKS[BODY])[2:]
    everything = dict(zip(places(BODY), run(whole(BODY), shown), strict=True))
    for name, output in zip(kept, run(pruned, shown), strict=True):
        np.testing.assert_allclose(output, everything[name], rtol=1e-5, atol=1e-4)
    before, after = (
        Counter(node.op_type for node in onnx.load_model_from_string(content).graph.node)
        for content in (whole(BODY), pruned)
    )
    # The two steps up to the 256 pixels of the segmentation go, the three to the heatmap stay.
    assert (before["Resize"], after["Resize"]) == (5, 3)
    assert before["Conv"] > after["Conv"]
    assert len(pruned) < len(whole(BODY))


def test_pictures_show_a_person_to_those_who_look_for_one() -> None:
    shown = pictures(NETWORKS[BODY])
    *_, flag = run(converted(graph(BODY), {"flag": places(BODY)["flag"]}, {}), shown)
    assert flag.ravel()[2] > 0.99
    assert shown.min() >= 0.0
    assert shown.max() <= 1.0
    detecting = NETWORKS["pose_detection"]
    assert pictures(detecting).min() < -0.9
    _, logits = run(whole(detecting.name), pictures(detecting))
    assert (logits.max(axis=(1, 2)) > 0.0).tolist() == [False, False, True]


@pytest.fixture(scope="module")
def trt() -> TensorRt:
    return needs.builder()


@pytest.mark.parametrize("name", NETWORKS)
def test_tensorrt_reads_and_builds_it_for_one_or_two(trt: TensorRt, name: str) -> None:
    """Both hands are a batch of two. Nothing runs: that needs a GPU."""
    with uncollected():
        log = trt.log()
        builder = trt.api.Builder(log)
        network = builder.create_network(trt.network_flags)
        parser = trt.api.OnnxParser(network, log)
        assert parser.parse(whole(name)), parser.get_error(0).desc()
        row = tuple(network.get_input(0).shape)[1:]
        profile, config = builder.create_optimization_profile(), builder.create_builder_config()
        profile.set_shape(INPUT, (1, *row), (2, *row), (2, *row))
        config.add_optimization_profile(profile)
        plan = builder.build_serialized_network(network, config)
        assert plan is not None, log.complaints
        outputs = [network.get_output(index) for index in range(network.num_outputs)]
        assert [output.name for output in outputs] == [*places(name)]
        assert not log.complaints

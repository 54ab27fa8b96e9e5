"""Each rule on a network of that operator, beside OpenVINO on the same file."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import openvino
import pytest

from engine.errors import ModelError
from engine.poses import F32
from tests.training.pose_onnx.makers import (
    RELU,
    RELU6,
    SAME,
    VALID,
    Maker,
    addition,
    averaging,
    concatenation,
    connecting,
    convolution,
    deepness,
    depthwise,
    in_half,
    logistic,
    padding,
    pooling,
    reshaping,
    resizing,
    slicing,
    slopes,
)
from tests.training.pose_onnx.tiny import Tiny, weights
from training.pose_onnx.convert import INPUT, converted
from training.pose_onnx.flatbuffer import read_graph
from training.pose_onnx.operators import RULES


def run_onnx(content: bytes, shown: F32) -> F32:
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {INPUT: shown})
    return np.asarray(output)


def converted_tiny(path: Path) -> bytes:
    """With its first output."""
    graph = read_graph(path)
    return converted(graph, {"output": graph.outputs[0]}, {})


KNOWN: dict[str, Maker] = {
    "conv, odd padding": convolution(6, 3, stride=2),
    "conv, even window": convolution(5, 2),
    "conv, large step": convolution(7, 1, stride=3),
    "conv, no padding": convolution(7, 3, stride=2, padding=VALID),
    "conv, relu6": convolution(6, 3, activation=RELU6),
    "depthwise": depthwise(6, 5, 2),
    "depthwise, odd": depthwise(7, 3, 1),
    "pool": pooling(6, 2, 2, VALID),
    "pool, odd padding": pooling(5, 2, 2, SAME),
    "add": addition(1, 4, 5, 3),
    "add, spread": addition(1, 1, 1, 3),
    "concatenate rows": concatenation(1),
    "concatenate channels": concatenation(3),
    "concatenate, counted from behind": concatenation(-1),
    "pad": padding,
    "resize": resizing(8, 15),
    "depth to space": deepness,
    "slice": slicing([0, 1, 0, 1], [1, 3, 5, 3]),
    "prelu": slopes(1, 1, 3),
    "logistic": logistic,
    "reshape": reshaping(1, 40, 3),
    "reshape, flat": reshaping(1, 120),
    "mean": averaging(1, 2),
    "fully connected": connecting,
    "half precision": in_half,
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_rule_gives_what_openvino_gives(name: str, tmp_path: Path) -> None:
    tiny = Tiny()
    path = tiny.write(tmp_path / "tiny.tflite", KNOWN[name](tiny))
    original = openvino.Core().compile_model(
        str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": "1"}
    )
    shown = weights(2, *original.input(0).shape[1:], seed=2)
    expected = np.concatenate([original(row[np.newaxis])[0] for row in shown])
    np.testing.assert_allclose(run_onnx(converted_tiny(path), shown), expected, atol=1e-5)


def test_every_rule_is_tried(tmp_path: Path) -> None:
    tried = set()
    for make in KNOWN.values():
        tiny = Tiny()
        graph = read_graph(tiny.write(tmp_path / "tiny.tflite", make(tiny)))
        tried |= {operator.kind for operator in graph.operators}
    assert tried - {"DEQUANTIZE"} == set(RULES)


STRANGE: dict[str, tuple[Maker, str]] = {
    "another activation": (convolution(6, 3, activation=RELU), "activation: expected NONE or"),
    "holes in a window": (convolution(6, 3, dilation=2), "dilationHFactor: expected 1, got 2"),
    "two for each channel": (depthwise(6, 3, 1, multiplier=2), "depthMultiplier: expected 1"),
    "shapes that differ": (addition(3), "shapes"),
    "the batch joined": (concatenation(0), "axis: expected none of the batch, got 0"),
    "no whole factor": (resizing(6, 7), "factors: expected whole numbers, got ['3/2', '7/5']"),
    "corners that meet": (resizing(8, 10, alignCorners=True), "alignCorners: expected False"),
    "corners of pixels": (resizing(8, 10, halfPixelCenters=False), "halfPixelCenters"),
    "every second": (slicing([0, 0, 0, 0], [1, 4, 5, 3], step=2), "what is sliced"),
    "ends left open": (slicing([0] * 4, [1, 4, 5, 3], endMask=1), "endMask: expected 0, got 1"),
    "slopes by place": (slopes(4, 5, 3), "slopes: expected one for each channel"),
    "a batch out of rows": (reshaping(4, 30), "expected a batch of 1"),
    "another picture": (reshaping(1, 5, 4, 6), "what comes out: expected no picture"),
    "mean of channels": (averaging(3), "axes: expected those of a picture, got [3]"),
    "mean as picture": (averaging(1, 2, keep=True), "keepDims: expected False, got True"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_no_network_of_mediapipe_has_is_refused(name: str, tmp_path: Path) -> None:
    make, message = STRANGE[name]
    tiny = Tiny()
    path = tiny.write(tmp_path / "tiny.tflite", make(tiny))
    with pytest.raises(ModelError) as error:
        converted_tiny(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}: ")


def test_an_unknown_operator_is_named_unless_nothing_needs_it(tmp_path: Path) -> None:
    tiny = Tiny()
    bent = tiny.operator("TANH", [tiny.picture(1, 4, 5, 3)], tiny.flowing(1, 4, 5, 3))
    plain = tiny.operator("LOGISTIC", [0], tiny.flowing(1, 4, 5, 3))
    with pytest.raises(ModelError, match=r"tiny\.tflite: operator TANH is not known: expected"):
        converted_tiny(tiny.write(tmp_path / "tiny.tflite", bent, plain))
    assert converted_tiny(tiny.write(tmp_path / "tiny.tflite", plain, bent))


def test_an_input_that_was_left_out_is_refused(tmp_path: Path) -> None:
    tiny = Tiny()
    inputs = [tiny.picture(1, 6, 6, 3), tiny.constant(weights(4, 3, 3, 3)), -1]
    place = tiny.operator("CONV_2D", inputs, tiny.flowing(1, 6, 6, 4), "Conv2DOptions")
    with pytest.raises(ModelError, match="inputs: expected 3"):
        converted_tiny(tiny.write(tmp_path / "tiny.tflite", place))


def test_weights_that_flow_are_refused(tmp_path: Path) -> None:
    tiny = Tiny()
    inputs = [tiny.picture(1, 6, 6, 3), tiny.flowing(4, 3, 3, 3), tiny.constant(weights(4))]
    place = tiny.operator("CONV_2D", inputs, tiny.flowing(1, 6, 6, 4), "Conv2DOptions")
    with pytest.raises(ModelError, match="expected a constant"):
        converted_tiny(tiny.write(tmp_path / "tiny.tflite", place))


def test_what_flows_is_never_unpacked(tmp_path: Path) -> None:
    tiny = Tiny()
    place = tiny.operator("DEQUANTIZE", [tiny.picture(1, 4, 5, 3)], tiny.flowing(1, 4, 5, 3))
    with pytest.raises(ModelError, match=r"expected a constant .* got what flows"):
        converted_tiny(tiny.write(tmp_path / "tiny.tflite", place))


def test_the_batch_must_be_one_and_the_input_a_picture(tmp_path: Path) -> None:
    for shape, message in (((2, 4, 5, 3), "a batch of 1, got 2"), ((1, 4), "one picture as input")):
        tiny = Tiny()
        place = tiny.operator("LOGISTIC", [tiny.picture(*shape)], tiny.flowing(*shape))
        with pytest.raises(ModelError, match=message):
            converted_tiny(tiny.write(tmp_path / "tiny.tflite", place))


def test_a_file_has_no_more_than_its_outputs_need(tmp_path: Path) -> None:
    tiny = Tiny()
    left_out = depthwise(6, 5, 2)(tiny)
    kept = tiny.operator("LOGISTIC", [0], tiny.flowing(1, 6, 6, 3))
    path = tiny.write(tmp_path / "tiny.tflite", kept, left_out)
    model = onnx.load_model_from_string(converted_tiny(path))
    assert [node.op_type for node in model.graph.node] == ["Transpose", "Sigmoid", "Transpose"]
    assert not model.graph.initializer

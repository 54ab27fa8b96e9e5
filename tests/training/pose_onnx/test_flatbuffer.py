"""What is read from files, and what is said about files that cannot be."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated as schema

from engine.errors import ModelError
from plugins.pose.direct.network_files import modules_folder
from tests.training.pose_onnx.tiny import Tiny, weights
from training.pose_onnx.flatbuffer import read_graph
from training.pose_onnx.networks import NETWORKS

RECROP = modules_folder() / NETWORKS["hand_recrop"].file


def test_a_network_of_the_wheel() -> None:
    graph = read_graph(RECROP)
    (entered,) = graph.inputs
    assert graph.tensors[entered].shape == (1, 256, 256, 3)
    assert [graph.tensors[place].shape for place in graph.outputs] == [(1, 1, 1, 4)]
    assert {operator.kind for operator in graph.operators} >= {"CONV_2D", "PRELU"}
    assert len(graph.digest) == 64


def test_data_and_options_are_those_of_the_file(tmp_path: Path) -> None:
    tiny, full = Tiny(), weights(2, 3)
    place = tiny.constant(full)
    made = tiny.operator(
        "CONCATENATION", [place], tiny.flowing(2, 3), "ConcatenationOptions", axis=1
    )
    graph = read_graph(tiny.write(tmp_path / "tiny.tflite", made))
    data = graph.tensors[place].data
    assert data is not None
    np.testing.assert_array_equal(data, full)
    assert graph.tensors[made].data is None
    assert graph.operators[0].options["axis"] == 1
    assert (graph.operators[0].inputs, graph.operators[0].outputs) == ((place,), (made,))


def sparsity(segments: Any, indices: Any, blocks: Any = None) -> Any:
    """Of a matrix of two compressed rows."""
    made, rows, columns = (
        schema.SparsityParametersT(),
        schema.DimensionMetadataT(),
        schema.DimensionMetadataT(),
    )
    rows.format, rows.denseSize = schema.DimensionType.DENSE, 2
    columns.format = schema.DimensionType.SPARSE_CSR
    columns.arraySegmentsType = schema.SparseIndexVector.Uint16Vector
    columns.arraySegments = schema.Uint16VectorT()
    columns.arraySegments.values = segments
    columns.arrayIndicesType = schema.SparseIndexVector.Uint8Vector
    columns.arrayIndices = schema.Uint8VectorT()
    columns.arrayIndices.values = indices
    made.traversalOrder, made.blockMap, made.dimMetadata = [0, 1], blocks, [rows, columns]
    return made


def sparse(path: Path, **parts: Any) -> Path:
    tiny = Tiny()
    values = np.array([1.0, 2.0, 3.0], np.float16)
    place = tiny.constant(values, sparsity(**parts), shape=(2, 4))
    return tiny.write(path, place)


def test_sparse_data_is_made_dense(tmp_path: Path) -> None:
    graph = read_graph(sparse(tmp_path / "sparse.tflite", segments=[0, 1, 3], indices=[2, 0, 3]))
    data = graph.tensors[graph.outputs[0]].data
    assert data is not None
    np.testing.assert_array_equal(data, [[0, 0, 1, 0], [2, 0, 0, 3]])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"segments": [0, 1, 3], "indices": [2, 0, 9]}, "truncated or damaged"),
        ({"segments": [0, 1, 3], "indices": [2, 0, 3], "blocks": [1]}, "got blocks"),
    ],
)
def test_sparse_data_that_makes_no_sense_is_refused(
    parts: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=message):
        read_graph(sparse(tmp_path / "sparse.tflite", **parts))


def test_weights_of_eight_bits_are_refused(tmp_path: Path) -> None:
    tiny = Tiny()
    place = tiny.constant(np.ones((2, 2), np.int8))
    with pytest.raises(ModelError, match=r"type of 'tensor0': expected FLOAT32, .* got INT8"):
        read_graph(tiny.write(tmp_path / "tiny.tflite", place))


def test_an_operator_that_is_not_tensorflows_is_refused() -> None:
    folder = modules_folder() / "face_landmark" / "face_landmark_with_attention.tflite"
    with pytest.raises(ModelError, match=r"operators: expected TensorFlow Lite's own, got [A-Z]"):
        read_graph(folder)


def test_a_tensor_that_is_not_there_is_refused(tmp_path: Path) -> None:
    tiny = Tiny()
    tiny.operator("LOGISTIC", [7], tiny.picture(1, 2, 2, 1))
    with pytest.raises(ModelError, match=r"damaged \(1 tensors, but one in \[7\] is used\)"):
        read_graph(tiny.write(tmp_path / "tiny.tflite", 0))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.tflite: the network cannot be read: No such"):
        read_graph(tmp_path / "none.tflite")


@pytest.mark.parametrize("content", [b"", b"TFL3", b"no network at all"])
def test_another_kind_of_file_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.tflite"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"other\.tflite: expected a \.tflite file"):
        read_graph(path)


@pytest.mark.parametrize("part", [0.001, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_named(part: float, tmp_path: Path) -> None:
    path, content = tmp_path / "cut.tflite", RECROP.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(ModelError, match=r"cut\.tflite: is truncated or damaged .* reinstall"):
        read_graph(path)

"""Model files that cannot be served are refused with what to do about it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import onnx
import pytest
from onnx import TensorProto, helper

from engine.errors import ModelError
from plugins.recognizers.graph.metadata import METADATA_KEY, ModelMetadata, decode
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.model_metadata import encode
from tests.recognizers.graph.models import export_random, random_network
from tests.training.network.nets import metadata_of

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "model.onnx"
    export_random(path)
    return path


@pytest.fixture
def metadata() -> ModelMetadata:
    return metadata_of(random_network())


def foreign(path: Path) -> None:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [value], [out])
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)


def test_metadata_survives_json(metadata: ModelMetadata) -> None:
    assert decode({METADATA_KEY: encode(metadata)}, "m") == metadata
    assert encode(metadata) == encode(decode({METADATA_KEY: encode(metadata)}, "m"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.onnx: the model cannot be read"):
        read_model(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("content", [b"", b"no network at all", b"\x08\x09" * 100])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"is no network that can be run|no recogniser"):
        read_model(path)


def test_a_cut_file_is_refused(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with pytest.raises(ModelError, match="is no network that can be run"):
        read_model(path)


def test_a_foreign_network_is_refused(tmp_path: Path) -> None:
    foreign(tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="no recogniser of this project"):
        read_model(tmp_path / "model.onnx")


def test_a_network_that_is_not_what_it_says_is_refused(
    tmp_path: Path, good: Path, metadata: ModelMetadata
) -> None:
    model = onnx.load(good)
    fewer = replace(metadata, channels=metadata.channels[:-1])
    helper.set_model_props(model, {METADATA_KEY: encode(fewer)})
    onnx.save(model, tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="does not fit its metadata"):
        read_model(tmp_path / "model.onnx")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema_version": 1}', '{"schema_version": "x"}']
)
def test_damaged_metadata_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="damaged"):
        decode({METADATA_KEY: text}, "m")


def test_a_newer_version_is_told_apart_from_damage() -> None:
    with pytest.raises(ModelError, match=r"version 2.*update the engine"):
        decode({METADATA_KEY: '{"schema_version": 2, "colour": "red"}'}, "m")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: replace(m, skeleton="coco17"), "skeleton 'coco17'"),
        (lambda m: replace(m, joints=m.joints[::-1]), "other joints"),
        (lambda m: replace(m, channels=(*m.channels, "smell")), "smell"),
        (lambda m: replace(m, labels=(*m.labels[:-1], 77)), "not distinct iMiGUE ids"),
        (lambda m: replace(m, labels=(*m.labels[:-1], 1)), "not distinct iMiGUE ids"),
        (lambda m: replace(m, group_of=m.group_of[1:]), "group of each class"),
        (lambda m: replace(m, group_of=(99, *m.group_of[1:])), "a group that it does not have"),
        (lambda m: replace(m, operating_points={"yawn": {}}), "yawn"),
        (lambda m: replace(m, temperature=0.0), "damaged.*temperature"),
    ],
)
def test_models_for_something_else_are_refused(
    metadata: ModelMetadata, change: Callable[[ModelMetadata], ModelMetadata], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        decode({METADATA_KEY: encode(change(metadata))}, "m")

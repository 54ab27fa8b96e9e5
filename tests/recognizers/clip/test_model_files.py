"""Files of clip models that cannot be served are refused with what to do about it."""

from pathlib import Path
from typing import Any

import msgspec
import onnx
import pytest
from onnx import helper

from engine.config import ClassDecoderConfig
from engine.errors import ModelError
from plugins.recognizers.clip.metadata import (
    METADATA_KEY,
    Activation,
    ClassName,
    ClipMetadata,
    ServedBy,
    decode,
)
from plugins.recognizers.clip.model_file import read_clip_model
from plugins.recognizers.model_metadata import encode
from tests.recognizers.clip.models import export_clip_model, metadata_of
from tests.recognizers.graph.models import export_random

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_clip_model(tmp_path_factory.mktemp("files") / "m.onnx", ServedBy.STEPS)


def test_metadata_survives_the_file(good: Path) -> None:
    file = read_clip_model(good)
    assert replace(file.metadata, cost_ms=0.0) == metadata_of(ServedBy.STEPS)
    assert file.metadata.cost_ms > 0
    assert file.graph.receptive_field == file.metadata.window


@pytest.mark.parametrize("content", [b"", b"no network at all", b"\x08\x09" * 100])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"is no network that can be run|no recogniser"):
        read_clip_model(path)


def test_a_cut_file_is_refused(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with pytest.raises(ModelError, match="is no network that can be run"):
        read_clip_model(path)


def test_a_model_of_the_other_recogniser_is_refused(tmp_path: Path) -> None:
    export_random(tmp_path / "graph.onnx")
    with pytest.raises(ModelError, match=r"no 'fidget\.clip_model' metadata.*of this kind"):
        read_clip_model(tmp_path / "graph.onnx")


@pytest.mark.parametrize(
    "changes",
    [
        {"window": 13, "served_by": ServedBy.WINDOW},
        {"background": False, "operating_points": {}},
        {"served_by": ServedBy.WINDOW},
    ],
)
def test_a_network_that_is_not_what_it_says_is_refused(
    tmp_path: Path, good: Path, changes: dict[str, Any]
) -> None:
    model = onnx.load(good)
    told = replace(metadata_of(ServedBy.STEPS), **changes)
    helper.set_model_props(model, {METADATA_KEY: encode(told)})
    onnx.save(model, tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="does not fit its metadata"):
        read_clip_model(tmp_path / "model.onnx")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema_version": 1}', '{"schema_version": "x"}']
)
def test_damaged_metadata_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="damaged"):
        decode({METADATA_KEY: text}, "m")


def test_a_newer_version_is_told_apart_from_damage() -> None:
    with pytest.raises(ModelError, match=r"version 2.*update the engine"):
        decode({METADATA_KEY: '{"schema_version": 2, "colour": "red"}'}, "m")


def named(number: int, slug: str) -> ClassName:
    return ClassName(id=number, slug=slug, name=slug)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"joints": ("nose",)}, "other joints"),
        ({"labels": (named(1, "touch_jaw"),)}, "id of 1000 or more"),
        ({"labels": (named(1000, "Pen click"),)}, "small letters"),
        ({"labels": (named(1000, "pen"), named(1001, "pen"))}, "twice"),
        ({"labels": ()}, "damaged"),
        ({"stride": 2}, "stride of 2"),
        ({"delay": 12}, "rests on 12 ticks only"),
        ({"activation": Activation.SIGMOID}, "no output for none"),
        ({"operating_points": {"yawn": ClassDecoderConfig()}}, "yawn"),
        ({"temperature": 0.0}, "damaged.*temperature"),
        ({"window": 0}, "damaged.*window"),
        ({"window": 10**9}, "damaged.*window"),
    ],
)
def test_models_for_something_else_are_refused(changes: dict[str, Any], message: str) -> None:
    told: ClipMetadata = replace(metadata_of(ServedBy.STEPS), **{"operating_points": {}, **changes})
    with pytest.raises(ModelError, match=message):
        decode({METADATA_KEY: encode(told)}, "m")

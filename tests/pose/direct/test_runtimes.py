"""Which runtime is taken, and what it says where it cannot be."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine.errors import ModelError
from plugins.pose.direct import network_files, runtimes
from plugins.pose.direct.litert_network import LiteRtNetwork
from plugins.pose.direct.network_files import (
    FACE,
    HAND_PLACER,
    NETWORKS,
    PERSON_DETECTOR,
    NetworkFile,
)
from plugins.pose.direct.openvino_network import OpenVinoNetwork
from plugins.pose.direct.runtime import Network
from plugins.pose.direct.runtimes import Precision, RuntimeName, loader
from tests.pose.direct.portrait import portrait

OPENVINO, LITERT = "openvino", "ai_edge_litert"


def only(monkeypatch: pytest.MonkeyPatch, *installed: str) -> None:
    def find(name: str) -> ModuleSpec | None:
        return ModuleSpec(name, None) if name in installed else None

    monkeypatch.setattr(runtimes, "find_spec", find)


def with_capabilities(monkeypatch: pytest.MonkeyPatch, *capabilities: str) -> None:
    only(monkeypatch, OPENVINO)
    core = SimpleNamespace(get_property=lambda device, name: list(capabilities))
    monkeypatch.setitem(sys.modules, "openvino", SimpleNamespace(Core=lambda: core))


@pytest.mark.parametrize(
    ("wanted", "installed", "expected"),
    [
        ("auto", (OPENVINO, LITERT), OpenVinoNetwork),
        ("auto", (LITERT,), LiteRtNetwork),
        ("auto", (OPENVINO,), OpenVinoNetwork),
        ("litert", (OPENVINO, LITERT), LiteRtNetwork),
        ("openvino", (OPENVINO, LITERT), OpenVinoNetwork),
    ],
)
def test_the_quicker_runtime_that_is_there_is_taken(
    monkeypatch: pytest.MonkeyPatch,
    wanted: RuntimeName,
    installed: tuple[str, ...],
    expected: type[Network],
) -> None:
    only(monkeypatch, *installed)
    networks = loader(wanted, "f32")(HAND_PLACER, 2, 1)
    assert [type(network) for network in networks] == [expected] * 2


@pytest.mark.parametrize(
    ("wanted", "installed", "advice"),
    [
        ("auto", (), r"pip install openvino or .*fidget\[litert\].*mediapipe"),
        ("openvino", (LITERT,), "pip install openvino"),
        ("litert", (OPENVINO,), r"fidget\[litert\]"),
    ],
)
def test_a_missing_runtime_is_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, wanted: RuntimeName, installed: tuple[str, ...], advice: str
) -> None:
    only(monkeypatch, *installed)
    with pytest.raises(ModelError, match=advice):
        loader(wanted, "f32")


def test_bf16_is_refused_where_the_processor_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with_capabilities(monkeypatch, "FP32", "INT8")
    with pytest.raises(ModelError, match=r"bf16.*BF16 among FP32, INT8.*precision f32"):
        loader("openvino", "bf16")
    loader("openvino", "f32")


def test_bf16_is_refused_on_litert() -> None:
    with pytest.raises(ModelError, match=r"LiteRT.*f32 only.*bf16"):
        loader("litert", "bf16")


@pytest.mark.parametrize(
    ("precision", "expected"), [("f32", ["f32"] * 3), ("bf16", ["f32", "f32", "bf16"])]
)
def test_the_person_detector_and_the_face_are_always_in_f32(
    monkeypatch: pytest.MonkeyPatch, precision: Precision, expected: list[str]
) -> None:
    with_capabilities(monkeypatch, "FP32", "BF16")
    asked: list[str] = []
    monkeypatch.setattr(
        "plugins.pose.direct.openvino_network.opened",
        lambda network, precision, count, threads: asked.append(precision),
    )
    load = loader("openvino", precision)
    for network in (PERSON_DETECTOR, FACE, HAND_PLACER):
        load(network, 1, 1)
    assert asked == expected


def test_neither_runtime_is_imported_before_a_network_is_loaded() -> None:
    code = (
        "import sys; from plugins.pose.direct.runtimes import loader; loader('auto', 'f32');"
        "assert not {'openvino', 'ai_edge_litert', 'cv2', 'mediapipe'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("name", "module"), [("openvino", "openvino"), ("litert", "ai_edge_litert.interpreter")]
)
def test_a_runtime_that_is_there_but_cannot_be_imported_is_named(
    monkeypatch: pytest.MonkeyPatch, name: RuntimeName, module: str
) -> None:
    only(monkeypatch, OPENVINO, LITERT)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelError, match=rf"hand_recrop\.tflite.*{module}"):
        loader(name, "f32")(HAND_PLACER, 1, 1)


def test_so_it_is_when_it_is_asked_for_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, OPENVINO)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ModelError, match=r"OpenVINO.*import of openvino"):
        loader("openvino", "bf16")


@pytest.mark.parametrize("name", ["openvino", "litert"])
def test_a_file_that_is_no_network_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: RuntimeName
) -> None:
    path = tmp_path / "modules" / HAND_PLACER.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no network at all")
    spec = ModuleSpec("mediapipe", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(network_files, "find_spec", lambda name: spec)
    with pytest.raises(ModelError, match=r"hand_recrop\.tflite.*cannot load"):
        loader(name, "f32")(HAND_PLACER, 1, 1)


# How far the two may be apart in each output: landmarks in pixels of the crop, logits, scores.
TOLERANCES = {
    "person detector": (0.02, 0.005),
    "palm detector": (0.02, 0.005),
    "body": (0.01, 1e-4, 0.005),
    "hand placer": (0.01,),
    "hand": (0.01, 1e-4),
    "light hand": (0.01, 1e-4),
    "face": (0.01, 0.01),
}


@pytest.fixture(params=NETWORKS, ids=lambda network: network.name)
def network(request: pytest.FixtureRequest) -> NetworkFile:
    made: NetworkFile = request.param
    return made


def test_both_runtimes_say_the_same_of_a_portrait(network: NetworkFile) -> None:
    answers, side = [], network.side_px
    names: tuple[RuntimeName, ...] = ("openvino", "litert")
    for name in names:
        (made,) = loader(name, "f32")(network, 1, 1)
        assert made.picture.shape == (side, side, 3)
        assert made.picture.dtype == np.uint8
        made.picture[:] = portrait()[20 : 20 + side, 140 : 140 + side]
        first = [output.copy() for output in made.run()]
        made.picture[:] = 0
        blank = [output.copy() for output in made.run()]
        assert np.abs(first[0] - blank[0]).max() > 1.0
        answers.append(first)
    for one, other, tolerance in zip(*answers, TOLERANCES[network.name], strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype == np.float32
        assert one.ndim == 1
        np.testing.assert_allclose(one, other, atol=tolerance, rtol=1e-4)


@pytest.mark.parametrize("name", ["openvino", "litert"])
def test_two_of_a_kind_do_not_share_their_picture_or_their_answer(name: RuntimeName) -> None:
    one, other = loader(name, "f32")(HAND_PLACER, 2, 1)
    one.picture[:] = portrait()[20:276, 140:396]
    first = one.run()[0].copy()
    other.picture[:] = 0
    assert np.abs(other.run()[0] - first).max() > 1.0
    np.testing.assert_array_equal(one.run()[0], first)
    assert one.picture.any()


def test_two_threads_say_the_same_as_one() -> None:
    answers = []
    for threads in (1, 2):
        (made,) = loader("openvino", "f32")(HAND_PLACER, 1, threads)
        made.picture[:] = portrait()[20:276, 140:396]
        answers.append(made.run()[0].copy())
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-3)

"""The backend without a GPU: what it refuses, what it builds and keeps, and how it fails."""

import logging
from pathlib import Path

import msgspec
import pytest

from engine.errors import DeviceError
from engine.step_graph import RUNGS
from plugins.backends.tensorrt import backend as module
from plugins.backends.tensorrt import shim
from plugins.backends.tensorrt.backend import TensorRtBackend, TensorRtConfig, engine_key
from plugins.backends.tensorrt.builder import OPTIONS
from plugins.backends.tensorrt.cuda import CudaRuntime, Device
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from tests.backends.tensorrt import needs
from tests.fakes.cuda import GPU, FakeCuda

GRAPH = read_model(SHIPPED_MODEL).graph


@pytest.fixture
def cuda() -> FakeCuda:
    return FakeCuda()


@pytest.fixture
def backend(tmp_path: Path, cuda: FakeCuda) -> TensorRtBackend:
    return backend_on(cuda, tmp_path)


def backend_on(cuda: FakeCuda, folder: Path) -> TensorRtBackend:
    return TensorRtBackend(TensorRtConfig(cache_dir=str(folder / "engines")), lambda: cuda)


def refusal() -> str:
    return TensorRtBackend(TensorRtConfig()).refusal()


def test_it_is_refused_without_tensorrt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "PACKAGES", ("no_such_package",))
    assert refusal() == "TensorRT is not installed: pip install 'fidget[tensorrt]'"


def test_it_is_refused_without_the_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "PACKAGES", ("json",))
    monkeypatch.setattr(module, "_BINDING", "no_such_package.runtime")
    assert refusal() == "cuda-bindings is not installed: pip install 'fidget[tensorrt]'"


def test_it_is_refused_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "PACKAGES", ("json",))
    monkeypatch.setattr(module, "_BINDING", "json.decoder")
    monkeypatch.setattr("plugins.backends.nvidia.DRIVER", "libno_such_driver.so")
    assert refusal() == "no NVIDIA driver was found (libno_such_driver.so cannot be loaded)"


@pytest.mark.parametrize(
    ("streams", "rung"), [(1, 1), (2, 8), (8, 8), (9, 64), (1024, 1024), (1025, 2048), (5000, 5120)]
)
def test_streams_get_the_smallest_rung_with_room(streams: int, rung: int) -> None:
    assert TensorRtBackend(TensorRtConfig()).rung(streams) == rung


def test_rungs_may_be_chosen_in_any_order() -> None:
    chosen = TensorRtBackend(TensorRtConfig(rungs=(32, 4)))
    assert [chosen.rung(streams) for streams in (1, 4, 5, 33)] == [4, 4, 32, 64]
    assert TensorRtConfig().rungs == RUNGS


@pytest.mark.parametrize("options", [{"rungs": []}, {"rungs": [0]}, {"rungs": 8}, {"rung": [8]}])
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError, match="rung"):
        msgspec.convert(options, TensorRtConfig)


def test_engines_lie_where_the_user_says(tmp_path: Path) -> None:
    named = TensorRtBackend(TensorRtConfig(cache_dir=str(tmp_path)))
    assert named.cache().folder == tmp_path
    assert TensorRtBackend(TensorRtConfig()).cache().folder.name == "engines"


def test_the_key_tells_all_that_an_engine_depends_on() -> None:
    trt = needs.builder()
    key = engine_key(trt, GPU, GRAPH, 8)
    assert (key.model, key.streams) == (GRAPH.digest, 8)
    assert (key.gpu, key.compute_capability, key.multiprocessors) == ("Card A", "9.0", 132)
    assert (key.runtime, key.runtime_version) == ("tensorrt_rtx", trt.version)
    assert (key.cuda_runtime, key.driver) == (GPU.runtime, GPU.driver)
    assert key.options == OPTIONS
    assert ("x", (8, *GRAPH.row)) in key.shapes
    assert ("next_state_0", (8, *dict(GRAPH.states)["state_0"])) in key.shapes


def test_building_fills_the_cache_once(backend: TensorRtBackend, cuda: FakeCuda) -> None:
    needs.builder()
    first = backend.build(GRAPH, 1)
    again = backend.build(GRAPH, 1)
    assert (first.built, first.unkept) == (True, "")
    assert first.refused.startswith("missing")
    assert (again.built, again.plan) == (False, first.plan)
    assert [entry.key for entry in backend.cache().entries()] == [first.key]
    assert cuda.closed == 2


def test_an_engine_of_another_gpu_is_not_used(backend: TensorRtBackend, tmp_path: Path) -> None:
    needs.builder()
    backend.build(GRAPH, 1)
    other = FakeCuda(Device("Card B", "8.6", 84, GPU.runtime, GPU.driver))
    built = backend_on(other, tmp_path).build(GRAPH, 1)
    assert built.built
    assert built.refused == (
        "foreign GPU: the engine at hand was built for Card A, needed is Card B"
    )


def test_an_engine_that_does_not_load_is_told_and_the_gpu_let_go(
    backend: TensorRtBackend, cuda: FakeCuda
) -> None:
    """The real runtime, on a machine where it cannot run an engine."""
    needs.builder()
    if not needs.REFUSAL:
        pytest.skip("A GPU IS HERE: an engine that does not load was not tested")
    with pytest.raises(DeviceError, match="does not run this engine on this GPU"):
        backend.open(GRAPH, 1)
    assert cuda.closed == 1


def test_a_kept_engine_that_does_not_load_is_built_anew_once(
    backend: TensorRtBackend, caplog: pytest.LogCaptureFixture
) -> None:
    needs.builder()
    if not needs.REFUSAL:
        pytest.skip("A GPU IS HERE: an engine that does not load was not tested")
    backend.build(GRAPH, 1)
    with caplog.at_level(logging.INFO), pytest.raises(DeviceError):
        backend.open(GRAPH, 1)
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if "building it anew" in line]) == 1
    assert len([line for line in told if "built an engine" in line]) == 1
    assert not backend.build(GRAPH, 1).built


def test_without_a_gpu_nothing_is_built(tmp_path: Path) -> None:
    pytest.importorskip("cuda.bindings.runtime", reason="NO CUDA BINDING: it was not asked")
    if not needs.REFUSAL:
        pytest.skip("A GPU IS HERE: what happens without one was not tested")
    alone = TensorRtBackend(TensorRtConfig(cache_dir=str(tmp_path)), CudaRuntime)
    for call in (alone.build, alone.open):
        with pytest.raises(DeviceError, match="NVIDIA's driver"):
            call(GRAPH, 1)
    assert list(tmp_path.iterdir()) == []

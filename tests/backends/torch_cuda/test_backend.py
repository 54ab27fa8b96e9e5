"""The plugin says why it cannot be used, without importing what may be broken."""

import ctypes
import subprocess
import sys
from importlib.util import find_spec

import pytest

from engine import registry
from engine.errors import ConfigError, DeviceError
from plugins.backends.torch_cuda import backend as module
from plugins.backends.torch_cuda.backend import TorchCudaBackend, TorchCudaConfig
from tests.contract.test_backends import GRAPH


@pytest.fixture
def made() -> TorchCudaBackend:
    return TorchCudaBackend(TorchCudaConfig())


@pytest.fixture
def all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "version", lambda _: "2.11.0+cu130")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())


def no_driver(name: str) -> object:
    raise OSError(f"{name}: cannot open shared object file")


@pytest.mark.usefixtures("all_there")
def test_with_packages_and_driver_it_may_be_tried(made: TorchCudaBackend) -> None:
    assert made.refusal() == ""


@pytest.mark.usefixtures("all_there")
@pytest.mark.parametrize("package", ["torch", "onnx"])
def test_a_missing_package_is_named_with_the_command(
    made: TorchCudaBackend, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda n: None if n == package else find_spec(n))
    assert made.refusal() == f"{package} is not installed: pip install 'fidget[torch-cuda]'"


@pytest.mark.usefixtures("all_there")
def test_a_build_without_cuda_is_named(
    made: TorchCudaBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "version", lambda _: "2.13.0+cpu")
    assert "2.13.0+cpu is built without CUDA" in made.refusal()


@pytest.mark.usefixtures("all_there")
def test_a_missing_driver_is_named(made: TorchCudaBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", no_driver)
    assert "no NVIDIA driver" in made.refusal()
    with pytest.raises(DeviceError, match=r"default\.onnx: no NVIDIA driver"):
        made.open(GRAPH, 1)


def test_to_ask_imports_neither_torch_nor_onnx() -> None:
    code = (
        "import sys; from engine import registry; "
        "from plugins.backends.torch_cuda.backend import TorchCudaBackend as B; "
        "B(B.Config()).refusal(); "
        "print([name for name in ('torch', 'onnx') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ConfigError, match="int8"):
        registry.create("backends", "torch-cuda", {"precision": "int8"})

"""The CUDA calls: alike in the stand-in and the real binding, and really there. No GPU ran them."""

import ctypes
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import DeviceError, EngineError
from plugins.backends.nvidia import DRIVER
from plugins.backends.tensorrt import cuda as module
from plugins.backends.tensorrt.cuda import Cuda, CudaRuntime
from tests.fakes.cuda import FakeCuda

NO_BINDING = (
    "NO CUDA BINDING: the CUDA calls were not compared with it; pip install 'fidget[tensorrt]'"
)
CALLS = [name for name in vars(Cuda) if not name.startswith("_")]


@pytest.fixture
def binding() -> Any:
    return pytest.importorskip("cuda.bindings.runtime", reason=NO_BINDING)


@pytest.fixture
def without_driver(binding: Any) -> CudaRuntime:
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return CudaRuntime()
    pytest.skip("A DRIVER IS HERE: what happens without one was not tested")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", [CudaRuntime, FakeCuda])
def test_both_have_the_call_as_declared(kind: type, call: str) -> None:
    assert inspect.signature(getattr(kind, call)) == inspect.signature(getattr(Cuda, call))


def test_every_call_exists_in_the_real_binding(binding: Any) -> None:
    used = set(re.findall(r"\brt\.(\w+(?:\.\w+)?)", Path(str(module.__file__)).read_text()))
    assert len(used) > 25
    for path in sorted(used):
        owner = binding
        for name in path.split("."):
            assert hasattr(owner, name), f"cuda.bindings.runtime has no {path}"
            owner = getattr(owner, name)


AT_SET_UP: dict[str, Callable[[CudaRuntime], object]] = {
    "device": lambda cuda: cuda.device(),
    "stream": lambda cuda: cuda.stream(),
    "pinned": lambda cuda: cuda.pinned(8),
    "memory": lambda cuda: cuda.memory(8),
    "begin_capture": lambda cuda: cuda.begin_capture(1),
    "end_capture": lambda cuda: cuda.end_capture(1),
    "event": lambda cuda: cuda.event(),
}
AT_WORK: dict[str, Callable[[CudaRuntime], object]] = {
    "upload": lambda cuda: cuda.upload(np.zeros(8, np.uint8), 4096, 1),
    "download": lambda cuda: cuda.download(4096, np.zeros(8, np.uint8), 1),
    "zero": lambda cuda: cuda.zero(4096, 8, 1),
    "synchronize": lambda cuda: cuda.synchronize(1),
    "launch": lambda cuda: cuda.launch(1, 1),
    "record": lambda cuda: cuda.record(1, 1),
    "happened": lambda cuda: cuda.happened(1),
}


def test_every_call_but_close_is_tried() -> None:
    assert {*AT_SET_UP, *AT_WORK, "close"} == set(CALLS)


@pytest.mark.parametrize("call", [*AT_SET_UP, *AT_WORK])
def test_without_a_driver_the_real_binding_takes_the_arguments_and_says_what_is_missing(
    without_driver: CudaRuntime, call: str
) -> None:
    with pytest.raises(DeviceError, match=r"cudaErrorInsufficientDriver.*NVIDIA's driver") as told:
        (AT_SET_UP | AT_WORK)[call](without_driver)
    assert isinstance(told.value, EngineError) == (call in AT_WORK)


def test_closing_what_never_had_anything_is_quiet(without_driver: CudaRuntime) -> None:
    without_driver.close()
    without_driver.close()


def test_an_unknown_driver_version_is_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_DRIVER_VERSION", tmp_path / "version")
    assert module._own_version() == ""
    (tmp_path / "version").write_text("580.65.06\n")
    assert module._own_version() == " (580.65.06)"


@pytest.mark.parametrize(("number", "words"), [(13000, "13.0"), (12080, "12.8"), (0, "0.0")])
def test_versions_of_cuda_are_read(number: int, words: str) -> None:
    assert module._version(number) == words

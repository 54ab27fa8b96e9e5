import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import DeviceError
from plugins.backends.tensorrt import shim
from plugins.backends.tensorrt.shim import TensorRt
from tests.backends.tensorrt import needs

ROOT = Path(__file__).resolve().parents[3]


def test_a_package_that_is_missing_is_told_with_what_to_do() -> None:
    with pytest.raises(DeviceError, match=r"not installed.*pip install 'fidget\[tensorrt\]'"):
        shim.load(("no_such_package",))


def test_a_package_that_breaks_while_it_is_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bindings_alone.py").write_text("raise ImportError('libnvinfer.so.11 is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DeviceError, match=r"bindings_alone cannot be imported: libnvinfer"):
        shim.load(("bindings_alone",))


def test_what_cannot_be_imported_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_one.py").write_text("raise OSError('no library')")
    (tmp_path / "whole_one.py").write_text("__version__ = '1.2'")
    monkeypatch.syspath_prepend(tmp_path)
    loaded = shim.load(("broken_one", "whole_one"))
    assert (loaded.package, loaded.version) == ("whole_one", "1.2")


def test_looking_for_packages_imports_none() -> None:
    look = (
        "import sys; from plugins.backends.tensorrt.backend import *\n"
        "TensorRtBackend(TensorRtConfig()).refusal()\n"
        "print([name for name in ('tensorrt', 'tensorrt_rtx', 'cuda.bindings.runtime') "
        "if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("package", "version", "flags"),
    [
        ("tensorrt", "10.9.0.34", 1),
        ("tensorrt", "11.4.0.106", 0),
        ("tensorrt_rtx", "1.7.1.116", 0),
        ("tensorrt_rtx", "10.0.0", 0),
    ],
)
def test_only_version_10_is_told_to_keep_types(package: str, version: str, flags: int) -> None:
    api = needs.builder().api
    assert TensorRt(package, version, api).network_flags == flags


def test_complaints_are_kept_and_the_last_is_told() -> None:
    trt = needs.builder()
    log = trt.log()
    assert shim.last_complaint(log) == "it gave no reason"
    runtime = trt.api.Runtime(log)
    runtime.deserialize_cuda_engine(b"no plan")
    assert log.complaints
    assert shim.last_complaint(log) == log.complaints[-1]


def test_what_does_not_fit_is_told_before_it_is_loaded() -> None:
    trt = needs.builder()
    misfit = trt.misfit(trt.api.Runtime(trt.log()), b"no plan")
    assert misfit.startswith(f"tensorrt_rtx {trt.version} does not run this engine on this GPU")

"""What `nvidia-smi` says is read, and its absence is no error."""

import subprocess

import pytest

from benchmarks.gpu import device


def answer(monkeypatch: pytest.MonkeyPatch, said: str, code: int = 0) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], code, stdout=said)

    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("subprocess.run", run)


def test_the_first_device_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "NVIDIA H100 80GB HBM3, 580.65.06, 81559 MiB, 1980 MHz, 700.00 W\n"
    answer(monkeypatch, line * 2)
    described = device.described()
    assert described is not None
    assert (described["name"], described["power.limit"]) == ("NVIDIA H100 80GB HBM3", "700.00 W")


def test_memory_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "1523 MiB\n")
    assert device.memory_mb() == 1523.0


@pytest.mark.parametrize(
    ("said", "code"), [("", 0), ("[N/A]\n", 0), ("NVIDIA-SMI has failed\n", 9)]
)
def test_what_it_does_not_know_is_none(
    monkeypatch: pytest.MonkeyPatch, said: str, code: int
) -> None:
    answer(monkeypatch, said, code)
    assert (device.described(), device.memory_mb()) == (None, None)


def test_without_it_there_is_no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert (device.described(), device.memory_mb()) == (None, None)

"""The whole report: of a backend that pretends to be an accelerator, and of none at all."""

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import __main__ as command
from benchmarks.gpu.gpu import gpu
from benchmarks.gpu.options import FAILOVER, PARTS, STEPS, STREAMS, GpuOptions
from benchmarks.gpu.tables import show
from benchmarks.report import Result
from engine.clock import SystemClock
from tests.fakes.clock import FakeClock
from tests.serving.faulty import HERE

SMALL = GpuOptions(
    parts=(STEPS, STREAMS, FAILOVER),
    backends=(HERE,),
    sizes=(1, 8),
    steps=40,
    paced_s=0.05,
    hosted_steps=20,
    streams=4,
    streams_s=0.4,
    kills=1,
    killed_sizes=(1,),
)


@pytest.fixture(scope="module")
def result() -> Result:
    """Of all but the tests that need a GPU: how they are counted is in `test_suite`."""
    return gpu(SMALL, SystemClock())


def test_steps_are_measured_and_compared(result: Result) -> None:
    assert result["could_not_run"] == []
    steps = result["backends"][HERE]["steps"]
    assert list(steps) == ["1", "8"]
    for figures in steps.values():
        assert figures["back_to_back"]["count"] == 40
        assert figures["hosted"]["count"] == 20
        assert figures["hosted"]["p50"] > 0 and figures["back_to_back"]["p50"] > 0
        assert figures["60 Hz"]["took"]["count"] == 3
        assert figures["parity"]["kept"]
        assert figures["open_s"] > 0 and figures["open_again_s"] > 0


def test_streams_run_through_the_recogniser_in_real_time(result: Result) -> None:
    streams = result["backends"][HERE]["streams"]
    assert (streams["streams"], streams["rate_hz"]) == (4, 25.0)
    assert streams["tick"]["took"]["count"] == streams["network"]["count"] == 10
    assert streams["tick"]["took"]["p50"] > streams["network"]["p50"] > 0
    assert streams["changed_meanwhile"] == []


def test_the_processor_takes_over_from_a_killed_process(result: Result) -> None:
    killed = result["backends"][HERE]["failover"]["1"]
    assert killed["kills"] == len(killed["served_again_after_s"]) == 1
    assert 0 < killed["kill_to_tick_of_the_processor_ms"][0] < 30_000
    assert killed["ticks_without_outputs"] == 0
    assert killed["largest_difference"] < 1e-3
    assert "SIGKILL" in killed["reasons"][0]


def test_it_is_shown_with_its_targets(result: Result) -> None:
    console = Console(file=io.StringIO(), width=140)
    show(result, console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    for expected in ("4 streams at 25 Hz", "hosted", "p99 of a step of one stream", "≤ 0.3"):
        assert expected in text


def test_what_is_wrong_with_a_backend_is_a_gap_and_no_figure() -> None:
    options = GpuOptions(backends=("onnxruntime", "nobody"), parts=(STEPS,))
    found = gpu(options, FakeClock())
    assert (found["backends"], found["targets"]) == ({}, [])
    processor, nobody = (gap["why"] for gap in found["could_not_run"])
    assert processor == "it runs on the processor"
    assert "no backends plugin called 'nobody'" in nobody


def test_without_time_nothing_is_begun() -> None:
    found = gpu(GpuOptions(backends=(HERE,), within_s=5.0), FakeClock())
    assert found["backends"] == {}
    assert {gap["why"] for gap in found["could_not_run"]} == {"no time was left of 5 s"}
    assert len(found["could_not_run"]) == len(PARTS)


def test_without_a_device_it_says_what_it_could_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("plugins.backends.tensorrt.backend.driver_trouble", lambda: "no driver")
    monkeypatch.setattr("plugins.backends.torch_cuda.backend.driver_trouble", lambda: "no driver")
    monkeypatch.setattr("benchmarks.gpu.device.described", lambda: None)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "gpu", "--json", str(tmp_path / "gpu.json")])
    command.main()
    told = capsys.readouterr()
    assert '"backends": {}' in (tmp_path / "gpu.json").read_text()
    assert '"device": null' in told.out
    for part in ("tensorrt: opening", "torch-cuda: streams through", "the tests that are marked"):
        assert f"could not run: {part}" in told.err

"""The whole benchmark, with as little work as it can do."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmarks import __main__ as command
from benchmarks.engines.contenders import contenders, processor_backends
from benchmarks.engines.continual_form import refusal
from benchmarks.engines.engines import EngineOptions, engines
from benchmarks.engines.frame_path import frame_paths
from benchmarks.engines.plot import draw_cost
from benchmarks.engines.subject import Subject, subject
from benchmarks.engines.tables import show
from benchmarks.engines.targets import targets
from benchmarks.report import Result
from engine.clock import SystemClock
from tests.fakes.network_camera import encode_jpegs

NAMES = ["onnxruntime", "openvino", "torch", *([] if refusal() else ["continual-inference"])]


@pytest.fixture(scope="module")
def network() -> Iterator[Subject]:
    with subject(None) as made:
        yield made


@pytest.fixture(scope="module")
def result() -> Result:
    return engines(
        EngineOptions(parts=("steps", "paced"), sizes=(1, 64), steps=20, seconds=0.001, paced=10)
    )


def test_every_contender_runs_ticks_of_all_sizes(network: Subject) -> None:
    backends, _ = processor_backends()
    for streams, alone in ((1, ["window", "recogniser"]), (9, [])):
        with contenders(network, backends, streams) as made:
            assert [contender.name for contender in made] == NAMES + alone
            for contender in made:
                contender.tick()


def test_the_report_has_every_part(result: Result) -> None:
    assert list(result["steps"]["64"]) == NAMES
    assert result["steps"]["1"]["window"]["count"] == 20
    assert "window to onnxruntime" in result["ratios"]["1"]
    assert list(result["paced"]) == ["back to back", "30 Hz", "60 Hz"]
    assert result["paced"]["30 Hz"]["took"]["count"] == 10
    assert ("continual-inference" in result["left_out"]) == bool(refusal())


def test_it_is_shown_as_tables(result: Result) -> None:
    console = Console(file=io.StringIO(), width=140)
    show(result, console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    p50 = result["steps"]["64"]["openvino"]["p50"]
    for expected in ("openvino", f"{p50:.3f}", "times cheaper than the window", "60 Hz"):
        assert expected in text


def test_it_is_drawn(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "new" / "cost.png"
    draw_cost(result["steps"], path, "a machine")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_targets_are_told_met_or_not_and_only_if_measured() -> None:
    steps = {"1": {"onnxruntime": {"p99": 1.5}}}
    ratios = {"1": {"window to onnxruntime": {"wall": 41.6}}}
    told = [(target["got"], target["met"]) for target in targets(steps, ratios)]
    assert told == [(1.5, False), (41.6, True)]


def test_both_paths_see_the_same_frames_at_each_pace() -> None:
    jpegs = encode_jpegs([np.zeros((64, 64, 3), np.uint8)])
    paces = frame_paths(jpegs, frames=3, rounds=1, deadline_ms=60_000.0, clock=SystemClock())
    assert list(paces) == ["back to back", "30 Hz", "60 Hz"]
    for pace, paths in paces.items():
        assert list(paths) == ["fidget", "mediapipe holistic"]
        for figures in paths.values():
            seen = figures["stages"]["end to end"]["count"]
            assert figures["frames"] == 3 == seen + figures["left_out"]
            assert figures["missed"]["ratio"] == pytest.approx(figures["left_out"] / 3, abs=1e-4)
            assert pace != "back to back" or seen == 3
        assert set(paths["fidget"]["stages"]) == {"decode", "pose", "recognise", "end to end"}


@pytest.mark.parametrize("arguments", [[], ["--json", "OUT"], ["engines", "--plot", "PLOT"]])
def test_it_is_what_runs_without_a_name(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[EngineOptions] = []

    def run(options: EngineOptions) -> Result:
        asked.append(options)
        return {"left_out": {"nothing": "as told"}}

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("benchmarks.engines.command.engines", run)
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    command.main()
    assert asked == [EngineOptions()]
    assert '"benchmark": "engines"' in capsys.readouterr().out
    written = Path("OUT") if "OUT" in arguments else Path("build/benchmarks/engines.json")
    assert written.is_file()

"""Which backend runs the network, as the command line and the configuration choose it."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import run_stream
from engine.commands.serving import other_backends, run_graph_of
from engine.config import PluginConfig
from engine.engine_cache import CachedPlan
from engine.errors import ModelError, PluginError
from engine.runtime.edges import GIVEN_UP, RECOGNISE
from engine.serving.limits import ServingLimits
from engine.serving.plain import PlainRunner
from engine.serving.served import ServedGraph
from engine.step_graph import StepGraph
from engine.wire.recording import open_recording
from plugins.backends.onnxruntime_cpu import OnnxRuntimeBackend, OnnxRuntimeConfig
from plugins.recognizers.graph.model_file import read_model
from plugins.recognizers.graph.recognizer import SHIPPED_MODEL
from tests.fakes.engines import like
from tests.fakes.plugins import installed_plugin
from tests.serving.stalling import Stalling

GRAPH = read_model(SHIPPED_MODEL).graph
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "sample.mcap"


class Absent(OnnxRuntimeBackend):
    def __init__(self, config: OnnxRuntimeConfig) -> None:
        super().__init__(config)

    def refusal(self) -> str:
        return "the moon is not full"


class Device(Absent):
    accelerator = True


def test_a_backend_of_the_processor_runs_in_this_process() -> None:
    runner = run_graph_of(PluginConfig(use="onnxruntime"), live=True)(GRAPH)
    try:
        assert isinstance(runner, PlainRunner)
        assert runner.backend.name == "onnxruntime"
    finally:
        runner.close()


def test_one_that_cannot_be_used_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        installed_plugin(monkeypatch, "backends", "absent", Absent),
        pytest.raises(ModelError, match="'absent' cannot be used: the moon is not full"),
    ):
        run_graph_of(PluginConfig(use="absent"), live=True)


def test_an_unknown_one_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PluginError, match="expected one of"):
        run_graph_of(PluginConfig(use="nope"), live=True)


@pytest.mark.parametrize("use", ["auto", "device"])
def test_auto_and_accelerators_are_served_by_the_processor_meanwhile(
    use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed_plugin(monkeypatch, "backends", "device", Device):
        runner = run_graph_of(PluginConfig(use=use), live=True)(GRAPH)
    try:
        assert isinstance(runner, ServedGraph)
        assert runner.backend.name == "onnxruntime"
    finally:
        runner.close()


class Slow(Stalling):
    """Its first step takes longer than a live one may."""

    Config = OnnxRuntimeConfig
    made: ClassVar[list["Slow"]] = []

    def __init__(self, config: OnnxRuntimeConfig) -> None:
        super().__init__({0}, patience_s=0.6)
        self.made.append(self)


@pytest.mark.parametrize("live", [True, False])
def test_a_step_may_take_long_only_where_nobody_waits_for_it(
    live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed_plugin(monkeypatch, "backends", "slow", Slow):
        runner = run_graph_of(PluginConfig(use="slow"), live=live)(GRAPH)
    try:
        runner.reserve(1)
        outputs = runner.step(np.zeros((1, *GRAPH.row), np.float32), np.ones(1, np.bool_))
        assert all(np.isfinite(output).all() for output in outputs)
        assert (Slow.made[-1].engines[0].aborts > 0) == live
    finally:
        runner.close()


class Stuck(Stalling):
    """No step ever ends by itself."""

    Config = OnnxRuntimeConfig

    def __init__(self, config: OnnxRuntimeConfig) -> None:
        super().__init__(set(range(1000)))


def test_a_session_whose_processor_is_stuck_ends_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = ServingLimits(bound_ms=10.0)
    monkeypatch.setattr("engine.commands.serving.ServingLimits", lambda: limits)
    with installed_plugin(monkeypatch, "backends", "stuck", Stuck):
        code = run_stream.main(
            ["run", "--source", str(SAMPLE), "--backend", "stuck", "--no-publish"]
        )
    assert code == ModelError.exit_code
    assert "9 times in a row" in capsys.readouterr().err


class StallsTwice(Stalling):
    """Two ticks are not done in time, nor when they are tried again."""

    Config = OnnxRuntimeConfig

    def __init__(self, config: OnnxRuntimeConfig) -> None:
        super().__init__({40, 41, 60, 61})


def test_ticks_that_were_given_up_are_counted_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = ServingLimits(bound_ms=50.0)
    monkeypatch.setattr("engine.commands.serving.ServingLimits", lambda: limits)
    path = tmp_path / "session.mcap"
    told = ["--backend", "own", "--no-publish", "--duration", "3", "--record", str(path)]
    with installed_plugin(monkeypatch, "backends", "own", StallsTwice):
        assert run_stream.main(["run", "--source", str(SAMPLE), *told]) == 0
    recording = open_recording(path)
    given_up = [d for d in recording.decisions() if (d.edge, d.cause) == (RECOGNISE, GIVEN_UP)]
    assert len(given_up) >= 2
    drops = [wired.message.body.drops for wired in recording.messages(("health",))]
    assert drops[-1][RECOGNISE] == {GIVEN_UP: len(given_up)}


def test_auto_asks_all_but_the_reference() -> None:
    assert "onnxruntime" not in [spec.use for spec in other_backends()]


def test_doctor_tells_every_backend_and_what_auto_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_stream.main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "the reference" in told
    assert all(spec.use in told for spec in other_backends())
    assert "`auto` takes" in told


def test_doctor_says_that_a_recogniser_without_a_network_needs_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "geometric.toml"
    config.write_text('[recognizer]\nuse = "geometric"\n')
    assert run_stream.main(["doctor", "--config", str(config)]) == 0
    assert "needs no backend" in capsys.readouterr().out


def test_health_names_the_backend_and_why_it_serves(recording: Path) -> None:
    healths = [wired.message.body for wired in open_recording(recording).messages(("health",))]
    told = {(health.backend, health.backend_reason) for health in healths}
    assert told == {("onnxruntime", "as configured")}


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[type["Built"]]:
    """A backend `built` beside the reference, and no other."""
    Built.built.clear()
    monkeypatch.setattr("engine.registry.names", lambda kind: ["built", "onnxruntime"])
    with installed_plugin(monkeypatch, "backends", "built", Built):
        yield Built


class Built(Absent):
    """Has engines to build, and keeps count."""

    built: ClassVar[list[int]] = []

    def refusal(self) -> str:
        return ""

    def build(self, graph: StepGraph, streams: int) -> CachedPlan:
        self.built.append(streams)
        return CachedPlan(like(streams=streams), b"plan", built=True, refused="none was there")


def test_engines_are_built_for_every_rung_that_may_be_needed(
    built: type[Built], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_stream.main(["build-engines", "--streams", "64"]) == 0
    told = capsys.readouterr().out
    assert built.built == [1, 8, 64]
    assert "built: 8 streams: built in" in told
    assert "onnxruntime: needs no building" in told


def test_a_named_backend_that_cannot_be_used_is_a_failure(
    built: type[Built], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(built, "refusal", lambda self: "the moon is not full")
    assert run_stream.main(["build-engines", "--backend", "built"]) == 5
    assert "built: cannot be used: the moon is not full" in capsys.readouterr().out


def test_one_without_anything_to_build_must_be_usable_too(
    built: type[Built], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(OnnxRuntimeBackend, "refusal", lambda self: "it is Sunday")
    assert run_stream.main(["build-engines"]) == 5
    assert "onnxruntime: cannot be used: it is Sunday" in capsys.readouterr().out

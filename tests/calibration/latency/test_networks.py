from pathlib import Path

import pytest

from calibration.latency.networks import Candidate, Search, chosen, settled
from engine import registry
from engine.clock import SystemClock
from engine.config import Config, PluginConfig
from engine.errors import ModelError
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import Verdict
from tests.fakes.variants import GOOD, variant_file

SEARCH = Search(1, 2, SystemClock())


def candidate(use: str, p50_ms: float | None, **options: int) -> Candidate:
    spec = BackendSpec(use, dict(options))
    accepted = p50_ms is not None
    return Candidate(spec, Verdict(spec.name, accepted, "because", p50_ms, p50_ms))


def test_the_fastest_is_taken_with_its_options_if_it_is_worth_it() -> None:
    own = candidate("onnxruntime", 1.0)
    threads = candidate("onnxruntime", 0.5, threads=2)
    taken, reason = chosen([own, threads, candidate("openvino", 0.9), candidate("x", None)])
    assert taken is threads
    assert "onnxruntime threads=2 0.50 ms" in reason
    config = settled(Config(), taken)
    assert config.backend == PluginConfig(use="onnxruntime", options={"threads": 2})


def test_what_is_hardly_faster_is_not() -> None:
    own = candidate("onnxruntime", 1.0)
    assert chosen([own, candidate("openvino", 0.9)])[0] is own


@pytest.fixture
def two_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = registry.names

    def names(kind: str) -> list[str]:
        return ["onnxruntime", "tensorrt"] if kind == "backends" else installed(kind)

    monkeypatch.setattr(registry, "names", names)


@pytest.mark.usefixtures("two_backends")
def test_every_backend_is_tried_with_every_choice() -> None:
    found = SEARCH.candidates(Config())
    assert [one.verdict.name for one in found] == [
        "onnxruntime",
        "onnxruntime threads=2",
        "tensorrt",
    ]
    for one in found[:2]:
        assert one.verdict.accepted
        assert one.verdict.step_ms_p50 is not None
        assert 0 < one.verdict.step_ms_p50 <= (one.verdict.step_ms_p99 or 0)
    own = found[2].spec.make()
    assert found[2].verdict.accepted or found[2].verdict.reason
    assert own.accelerator


def test_a_recogniser_without_a_network_has_none() -> None:
    config = Config(recognizer=PluginConfig(use="geometric"))
    assert SEARCH.candidates(config) == []


def test_a_network_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    options = {"model": str(tmp_path / "none.onnx")}
    with pytest.raises(ModelError, match=r"none\.onnx"):
        SEARCH.candidates(Config(recognizer=PluginConfig(use="graph", options=options)))


@pytest.mark.usefixtures("two_backends")
def test_variants_are_tried_as_well_and_those_that_auto_would_refuse_are_not(
    tmp_path: Path,
) -> None:
    good = str(variant_file(tmp_path, "fp16", GOOD))
    unjudged = str(variant_file(tmp_path, "int8"))
    found = SEARCH.candidates(Config(), (good, unjudged))
    assert [one.verdict.name for one in found] == [
        "onnxruntime",
        "onnxruntime threads=2",
        "tensorrt",
        "onnxruntime fp16",
        "onnxruntime threads=2 fp16",
        "tensorrt fp16",
        f"int8: {Path(unjudged).name}",
    ]
    assert found[3].verdict.accepted
    assert found[3].model == good
    assert found[-1].verdict.reason == "it has no parity report"
    assert settled(Config(), found[3]).recognizer.options == {"model": good}

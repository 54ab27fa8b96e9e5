from pathlib import Path

import pytest

from calibration.latency.networks import Candidate, candidates, chosen, with_backend
from engine import registry
from engine.clock import SystemClock
from engine.config import Config, PluginConfig
from engine.serving.backend_spec import BackendSpec
from engine.serving.choice import Verdict


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
    config = with_backend(Config(), taken.spec)
    assert config.backend == PluginConfig(use="onnxruntime", options={"threads": 2})


def test_what_is_hardly_faster_is_not() -> None:
    own = candidate("onnxruntime", 1.0)
    assert chosen([own, candidate("openvino", 0.9)])[0] is own


def test_every_backend_is_tried_with_every_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = registry.names

    def names(kind: str) -> list[str]:
        return ["onnxruntime", "tensorrt"] if kind == "backends" else installed(kind)

    monkeypatch.setattr(registry, "names", names)
    found = candidates(Config(), 1, 2, SystemClock())
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
    assert candidates(config, 1, 2, SystemClock()) == []


def test_a_network_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    from engine.errors import ModelError

    options = {"model": str(tmp_path / "none.onnx")}
    with pytest.raises(ModelError, match=r"none\.onnx"):
        candidates(
            Config(recognizer=PluginConfig(use="graph", options=options)), 1, 2, SystemClock()
        )

"""A model in another precision, from the configuration to what a session says about itself."""

from pathlib import Path

import pytest

import run_stream
from engine.variant import Parity, Precision
from engine.wire.recording import open_recording
from tests.fakes.variants import GOOD, variant_file


def configured(folder: Path, precision: Precision, parity: Parity | None) -> str:
    model = variant_file(folder, precision, parity).as_posix()
    config = folder / "config.toml"
    config.write_text(f'[recognizer]\nuse = "graph"\n[recognizer.options]\nmodel = "{model}"\n')
    return str(config)


def run(*words: str) -> int:
    return run_stream.main(
        ["run", "--source", "pattern", "--duration", "1", "--no-publish", *words]
    )


def test_session_and_health_say_the_precision(tmp_path: Path) -> None:
    config, out = configured(tmp_path, "fp16", GOOD), tmp_path / "out.mcap"
    assert run("--config", config, "--record", str(out)) == 0
    messages = open_recording(out).messages(("health", "session"))
    told = {(wired.topic, wired.message.body.precision) for wired in messages}
    assert told == {("health.", "fp16"), ("session.", "fp16")}


def test_they_say_nothing_of_float32(recording: Path) -> None:
    for wired in open_recording(recording).messages(("health", "session")):
        assert wired.message.body.precision == ""
        assert b"precision" not in wired.payload


def test_auto_does_not_serve_one_that_nobody_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--config", configured(tmp_path, "int8", None), "--backend", "auto") == 4
    told = " ".join(capsys.readouterr().err.split())
    assert "`auto` does not serve this int8 variant, as it has no parity report" in told
    assert "name a backend, or use the model that it was made from" in told


def test_a_named_backend_serves_it_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(tmp_path, "int8", None)
    assert run("--config", config, "--backend", "onnxruntime") == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "this int8 variant is served although it has no parity report" in told


@pytest.mark.parametrize(
    ("parity", "report", "auto"),
    [
        (GOOD, "events agree by 0.995", "`auto` takes"),
        (None, "nobody has judged it", "`auto` does not serve it: it has no parity report"),
    ],
)
def test_doctor_tells_the_report(
    parity: Parity | None,
    report: str,
    auto: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_stream.main(["doctor", "--config", configured(tmp_path, "int8", parity)]) == 0
    told = capsys.readouterr().out
    assert "int8, made from" in told
    assert report in told
    assert auto in told

"""From a data set to a live model, by the command line."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

import run_stream
from engine.wire.recording import open_recording
from plugins.recognizers.clip.metadata import ServedBy
from plugins.recognizers.clip.model_file import read_clip_model
from plugins.recognizers.clip.recognizer import ClipRecognizer
from tests.fakes.plugins import installed_plugin
from tests.training.program import call
from training.clips.load_run import load_clip_run
from training.clips.online import opened
from training.labels import CLASS_COUNT

SHORT = ("--epochs", "1", "--set", "threads=1", "--set", "form.window=12", "--set", "form.delay=4")
LIVE = (*SHORT, "--set", "live=true")
SIZES = {
    "lstm": "sizes.hidden=16",
    "st-gcn": "sizes.widths=[4,8]",
    "us-vae-causal": "sizes.hidden=8",
}


def run_of(data: Path, model: str, options: Sequence[str] = LIVE) -> Path:
    folder = data.parent / f"{model}-{len(options)}"
    words: list[str | Path] = ["--data", data, "--run", folder, "--set", SIZES[model], *options]
    assert call("train", "--model", model, "--no-finish", *words) == 0
    return folder


@pytest.fixture(scope="module")
def lstm(data: Path) -> Path:
    return run_of(data, "lstm")


def test_a_run_for_live_use_has_a_class_for_nothing_and_its_windows(lstm: Path) -> None:
    model, config = load_clip_run(lstm)
    assert config.live
    assert config.sizes["classes"] == CLASS_COUNT
    assert config.form.window == 12
    assert model.description.name == "lstm"


def test_a_model_that_steps_is_exported_and_its_cost_is_told(
    lstm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lstm.onnx"
    assert call("export", "--run", lstm, "--out", path) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "by steps over 0.48 s, told 0.16 s later" in told
    assert "do not exist" in told
    assert "by the people held out (nll" in told
    assert "the general ones hold" in told  # one person for 20 s: nothing happens five times
    metadata = read_clip_model(path).metadata
    assert (metadata.served_by, metadata.window, metadata.delay) == (ServedBy.STEPS, 12, 4)
    assert (metadata.background, len(metadata.labels)) == (True, 32)
    assert metadata.synthetic
    assert metadata.temperature != 1.0
    assert metadata.metrics["held_out_nll"] <= metadata.metrics["held_out_nll_uncalibrated"]
    assert metadata.cost_ms > 0
    assert metadata.provenance.parameters > 1000


def test_a_model_of_clips_only_is_exported_with_a_window_and_its_stride(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "st-gcn.onnx"
    run = run_of(data, "st-gcn", (*LIVE, "--set", "validation_share=0"))
    assert call("export", "--run", run, "--out", path) == 0
    metadata = read_clip_model(path).metadata
    assert (metadata.served_by, metadata.stride) == (ServedBy.WINDOW, 5)
    assert metadata.delay == 4 + 2
    assert metadata.operating_points == {}
    assert metadata.temperature == 1.0
    assert "temperature 1, as nobody was held out" in " ".join(capsys.readouterr().err.split())
    model = opened(path)
    try:
        model.warm_up()
        scores = model.step(np.zeros((1, 75, 4), np.float32))
        assert np.isnan(scores).all()
    finally:
        model.close()


def test_it_is_judged_by_events_of_whole_videos(
    lstm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("evaluate", "--run", lstm, "--online") == 0
    told = capsys.readouterr()
    assert "one to one" in told.err
    assert "kit" in told.out
    figures = msgspec.json.decode((lstm / "metrics.online.json").read_bytes())
    assert figures["units"] == 1
    assert {"micro_f1", "kit_f1"} <= set(figures["events"]["0.3"])
    assert (lstm / "model.onnx").is_file()


def test_it_is_served_from_the_command_line_and_replays_exactly(
    lstm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, model = tmp_path / "live.mcap", tmp_path / "m.onnx"
    assert call("export", "--run", lstm, "--out", model) == 0
    with installed_plugin(monkeypatch, "recognizers", "clip", ClipRecognizer):
        words = ["--recognizer", "clip", "--set", f"recognizer.options.model={model}"]
        words += ["--source", str(run_stream.SAMPLE), "--duration", "2", "--no-publish"]
        assert run_stream.main(["run", *words, "--record", str(path)]) == 0
        assert open_recording(path).header.recognizer.startswith("clip@")
        assert run_stream.main(["replay", str(path), "--verify"]) == 0


def test_what_cannot_be_served_live_is_refused_with_the_way_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model, options, why in (
        ("lstm", SHORT, "train it with `--set live=true`"),
        ("us-vae-causal", LIVE, "names no gesture"),
    ):
        run = run_of(data, model, options)
        assert call("export", "--run", run, "--out", tmp_path / "m.onnx") == 2
        assert why in capsys.readouterr().err
    assert not (tmp_path / "m.onnx").exists()


def test_windows_for_live_use_are_no_clips_to_compare_by(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("compare", "--data", data, "--models", "lstm", "--set", "live=true") == 2
    assert "live" in capsys.readouterr().err

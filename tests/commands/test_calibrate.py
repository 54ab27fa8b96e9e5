from pathlib import Path

import msgspec
import numpy as np
import pytest

import run_stream
from engine.labels import BY_SLUG, own_label
from engine.person import PersonCalibration
from engine.poses import F32, Bools
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter, open_raw
from tests.fakes.models import BlindModel
from tests.fakes.plugins import installed_plugin
from tests.fakes.samples import upright


class HalfBlindModel(BlindModel):
    """Never supported by the view in one of two classes."""

    labels = (BY_SLUG["touch_jaw"], BY_SLUG["touch_neck"])

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        return np.tile(np.array([np.nan, 0.0], np.float32), (len(x), 1))


@pytest.fixture(scope="module")
def sitting(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of half a minute of sitting still."""
    path = tmp_path_factory.mktemp("sitting") / "sitting.mcap"
    writer = RecordingWriter(
        path, open_recording(recording).header, overwrite=False, opener=open_raw
    )
    for k in range(301):
        writer.write_pose(upright(k / 10, seq=k), 0)
    writer.finish({})
    return path


def calibrate(source: Path, out: Path, recognizer: type, monkeypatch: pytest.MonkeyPatch) -> int:
    config = out.parent / "fidget.toml"
    config.write_text("[recognizer]\nuse = 'fake'\n")
    with installed_plugin(monkeypatch, "recognizers", "fake", recognizer):
        inputs = ["--source", str(source), "--config", str(config)]
        return run_stream.main(["calibrate", "person", *inputs, "--out", str(out)])


def test_too_short_a_sitting_is_refused(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "me.json"
    arguments = ["calibrate", "person", "--source", str(recording), "--out", str(out)]
    assert run_stream.main(arguments) == 2
    assert "expected at least 20 s" in capsys.readouterr().err
    assert not out.exists()


def test_a_class_that_was_hardly_visible_is_left_out_and_named(
    sitting: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "me.json"
    assert calibrate(sitting, out, HalfBlindModel, monkeypatch) == 0
    rates = msgspec.json.decode(out.read_bytes(), type=PersonCalibration).rates_per_min
    assert list(rates) == ["touch_neck"]
    told = capsys.readouterr()
    assert "visible for less than 10 s: touch_jaw (0 s)" in told.out + told.err


def test_a_view_that_supports_no_class_is_refused_and_nothing_is_written(
    sitting: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "me.json"
    assert calibrate(sitting, out, BlindModel, monkeypatch) == 2
    assert "expected a view that supports a class for at least 10 s" in capsys.readouterr().err
    assert not out.exists()


class TaughtModel(HalfBlindModel):
    """Knows a gesture of its own beside one of iMiGUE's."""

    labels = (own_label(1000, "pen_click"), BY_SLUG["touch_neck"])

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        return np.full((len(x), 2), 0.9, np.float32)


def test_a_gesture_of_the_recognisers_own_gets_no_rate(
    sitting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "me.json"
    assert calibrate(sitting, out, TaughtModel, monkeypatch) == 0
    rates = msgspec.json.decode(out.read_bytes(), type=PersonCalibration).rates_per_min
    assert list(rates) == ["touch_neck"]
    assert rates["touch_neck"] > 0

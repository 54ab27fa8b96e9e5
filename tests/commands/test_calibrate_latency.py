"""The command with a pose network that is slow at its best."""

import time
from contextlib import nullcontext
from pathlib import Path

import pytest

import run_stream
from calibration.latency import command, rehearsal
from engine.config import QualityConfig
from engine.frames import Frame
from engine.latency_profile import read_profile
from engine.poses import PoseSample
from tests.fakes.plugins import installed_plugin
from tests.fakes.pose import UprightPose


class SlowAtItsBest(UprightPose):
    """Three frames a second at most, unless it may leave something out."""

    efforts = ("full", "less")

    def step(self, frame: Frame, seq: int) -> PoseSample:
        if self.effort == 0:
            time.sleep(0.3)
        return super().step(frame, seq)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "SETTLE_S", 0.2)
    monkeypatch.setattr(command, "every_core_busy", nullcontext)
    monkeypatch.setattr(command, "_LONGER", 1.0)


def calibrate(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """With a deadline that no machine misses, so that only the rate decides."""
    config = folder / "fidget.toml"
    config.write_text(
        "[recognizer]\nuse = 'geometric'\n[emotion]\nenabled = false\n", encoding="utf-8"
    )
    out = ["--out", str(folder / "latency.json")]
    with installed_plugin(monkeypatch, "pose", "slow", SlowAtItsBest):
        given = ["--config", str(config), "--pose", "slow", "--deadline-ms", "60000"]
        return run_stream.main(["calibrate", "latency", *given, *out, *arguments])


def test_it_takes_the_best_quality_that_is_good_enough_and_run_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--source", "pattern", "--fps", "16", "--seconds", "2.2"]
    assert calibrate(tmp_path, monkeypatch, *arguments) == 0
    told = capsys.readouterr().err
    assert "Taken: less" in told
    assert "Promised: 99 % of the messages within 60000 ms" in told
    profile = read_profile(str(tmp_path / "latency.json"))
    assert profile.conditions.quality == QualityConfig(effort="less")
    assert profile.quiet.poses_hz >= 15.5
    assert len(profile.seeds_ms) == 2  # less, and less with half the frames
    with installed_plugin(monkeypatch, "pose", "slow", SlowAtItsBest):
        config = [
            "--config",
            str(tmp_path / "fidget.toml"),
            "--pose",
            "slow",
            "--source",
            "pattern",
        ]
        latency = ["--latency", str(tmp_path / "latency.json")]
        command_line = ["run", *config, *latency, "--no-publish", "--duration", "1"]
        assert run_stream.main(command_line) == 0
    assert "Promised: 99 % published within 60000 ms" in capsys.readouterr().out


def test_when_nothing_is_good_enough_it_says_what_comes_nearest_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--source", "pattern", "--fps", "500", "--seconds", "2.2"]
    assert calibrate(tmp_path, monkeypatch, *arguments) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "no quality gives 500 poses a second" in told
    assert "What came nearest is 'less'" in told
    assert not (tmp_path / "latency.json").exists()


@pytest.mark.parametrize(
    ("source", "why"),
    [("auto", "name the source"), (str(run_stream.SAMPLE), "expected a camera or a URL")],
)
def test_a_source_of_which_nothing_is_late_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    source: str,
    why: str,
) -> None:
    assert calibrate(tmp_path, monkeypatch, "--source", source) == 2
    assert why in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "none" / "latency.json")
    assert calibrate(tmp_path, monkeypatch, "--source", "pattern", "--out", out) == 2
    assert "does not exist" in capsys.readouterr().err


def test_too_short_a_look_at_the_source_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate(tmp_path, monkeypatch, "--source", "pattern", "--seconds", "0.3") == 2
    assert "watch for longer with --seconds" in " ".join(capsys.readouterr().err.split())

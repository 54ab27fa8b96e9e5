import json
from pathlib import Path

import pytest

import run_stream
from engine.frames import Frame
from engine.poses import PoseSample
from tests.fakes import video_files
from tests.fakes.models import BlindModel
from tests.fakes.plugins import installed_plugin
from tests.fakes.pose import UprightPose


def analyze(out: Path, *inputs: Path) -> int:
    return run_stream.main(["analyze", *map(str, inputs), "--out", str(out)])


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.mp4"
    path.write_bytes(b"this is not a video" * 100)
    return path


def test_nothing_is_written_for_what_cannot_be_read(
    tmp_path: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert analyze(out, bad) == 3
    assert str(bad) in capsys.readouterr().err.replace("\n", "")
    assert list(out.iterdir()) == []


def test_two_inputs_of_one_name_are_refused_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(tmp_path / "out", tmp_path / "a" / "x.mp4", tmp_path / "b" / "x.mp4") == 2
    assert "2 inputs would write the files of 'x.mp4'" in capsys.readouterr().err


def test_a_bad_file_does_not_stop_the_rest(
    tmp_path: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = video_files.constant_rate(tmp_path / "good.mp4")
    out = tmp_path / "out"
    assert analyze(out, bad, tmp_path / "missing.mp4", good) == 3
    summary = json.loads((out / "good.mp4.summary.json").read_text())
    assert summary["frames"] == 30
    assert summary["frames_with_pose"] == 0
    assert sum(summary["frames_without_pose"].values()) == 30
    assert summary["error"] is None
    assert summary["abstained_s"] == {}
    assert summary["latency_ms"]["pose"]["count"] == 30
    assert (out / "good.mp4.events.jsonl").read_text() == ""
    rows = (out / "good.mp4.emotion.csv").read_text().splitlines()
    assert rows[0] == "t_s,p_positive,p_negative,p_unknown,valid,reason"
    assert all(",false,no_person" in row for row in rows[1:])


def test_a_truncated_file_gives_what_it_holds_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = video_files.constant_rate(tmp_path / "cut.mkv", 60)
    video_files.cut_short(whole, 0.5)
    out = tmp_path / "out"
    assert analyze(out, whole) == 3
    summary = json.loads((out / "cut.mkv.summary.json").read_text())
    assert 0 < summary["frames"] < 60
    assert summary["error"]["trouble"] == "truncated"


def test_a_bad_recording_does_not_stop_the_rest_either(tmp_path: Path) -> None:
    recording = tmp_path / "bad.mcap"
    recording.write_bytes(b"no recording")
    good = video_files.constant_rate(tmp_path / "good.mp4")
    assert analyze(tmp_path / "out", recording, good) == 2
    assert (tmp_path / "out" / "good.mp4.summary.json").exists()


def test_a_plugin_that_raises_keeps_what_was_found_and_the_other_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BreaksOnce(UprightPose):
        broken = False

        def step(self, frame: Frame, seq: int) -> PoseSample:
            if frame.index == 10 and not BreaksOnce.broken:
                BreaksOnce.broken = True
                raise RuntimeError("once")
            return super().step(frame, seq)

    first = video_files.constant_rate(tmp_path / "a.mp4")
    second = video_files.constant_rate(tmp_path / "b.mp4")
    out = tmp_path / "out"
    with installed_plugin(monkeypatch, "pose", "breaks", BreaksOnce):
        code = run_stream.main(
            ["analyze", str(first), str(second), "--out", str(out), "--pose", "breaks"]
        )
    assert code == 1
    summary = json.loads((out / "a.mp4.summary.json").read_text())
    assert summary["frames"] == 10
    assert "stage 'pose' failed: RuntimeError: once" in summary["error"]["message"]
    assert json.loads((out / "b.mp4.summary.json").read_text())["frames"] == 30


def test_the_summary_says_how_long_a_class_was_not_supported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = video_files.constant_rate(tmp_path / "a.mp4")
    config = tmp_path / "fidget.toml"
    config.write_text("[recognizer]\nuse = 'blind'\n[pose]\nuse = 'upright'\n")
    with (
        installed_plugin(monkeypatch, "pose", "upright", UprightPose),
        installed_plugin(monkeypatch, "recognizers", "blind", BlindModel),
    ):
        code = run_stream.main(
            ["analyze", str(video), "--out", str(tmp_path / "out"), "--config", str(config)]
        )
    assert code == 0
    summary = json.loads((tmp_path / "out" / "a.mp4.summary.json").read_text())
    assert summary["frames_with_pose"] == 30
    assert summary["abstained_s"] == {"touch_jaw": 1.2}  # 30 frames at 25 Hz
    assert summary["events"] == {}


def test_a_live_source_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_stream.main(["analyze", "http://u:secret@127.0.0.1/x", "--out", str(tmp_path)])
    assert code == 2
    error = capsys.readouterr().err
    assert "no end" in error
    assert "secret" not in error


def test_an_output_folder_that_cannot_be_made_is_told_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert analyze(tmp_path / "file", video_files.constant_rate(tmp_path / "a.mp4")) == 2


@pytest.mark.clips
def test_nobody_in_view_gives_no_event(clips: Path, tmp_path: Path) -> None:
    name = "pyfeat_no_face.mp4"
    assert analyze(tmp_path, clips / "video" / name) == 0
    assert (tmp_path / f"{name}.events.jsonl").read_text() == ""


def test_the_summary_tells_what_was_configured_of_the_pose_stage(tmp_path: Path) -> None:
    config = tmp_path / "fidget.toml"
    config.write_text('[pose]\nuse = "direct"\n[pose.options]\nworkers = 1\n', encoding="utf-8")
    short = video_files.constant_rate(tmp_path / "short.mp4")
    arguments = ["--config", str(config), "--out", str(tmp_path / "out"), str(short)]
    assert run_stream.main(["analyze", *arguments]) == 0
    summary = json.loads((tmp_path / "out" / "short.mp4.summary.json").read_text())
    assert (summary["pose"], summary["pose_options"]) == ("direct", {"workers": 1})

import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import run_stream
from engine.poses import PoseSample
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter
from tests.fakes.plugins import installed_plugin
from tests.fakes.pose import UprightPose

ROOT = Path(run_stream.__file__).resolve().parent


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """A live session on the pattern source in its own process, already publishing poses."""
    path = tmp_path / "live.mcap"
    process = subprocess.Popen(
        [
            *(sys.executable, str(ROOT / "run_stream.py"), "run", "--source", "pattern"),
            *("--no-publish", "--record", str(path)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "emotion" in line:
            break
    yield process, path
    process.kill()
    process.wait(10)
    process.stdout.close()


def test_a_session_is_recorded_whole(recording: Path) -> None:
    survey = open_recording(recording).survey
    assert survey.ended
    assert survey.exact
    assert survey.pose_inputs == survey.messages["pose"] > 5
    assert survey.messages["emotion"] >= 2
    assert survey.messages["health"] >= 2
    assert survey.messages["session"] == 2


def test_the_first_and_last_message_of_a_session_say_so(recording: Path) -> None:
    messages = list(open_recording(recording).messages(("session",)))
    bodies = [wired.message.body for wired in messages]
    assert [body.state for body in bodies] == ["started", "ended"]
    assert bodies[-1].exit_code == 0
    assert set(bodies[0].covered) & set(bodies[0].not_covered) == set()
    assert "press_lips" in bodies[0].not_covered


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_in_order_with_130(
    running: tuple["subprocess.Popen[str]", Path], number: signal.Signals
) -> None:
    process, path = running
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 130, output
    assert "Traceback" not in output
    recording = open_recording(path)
    assert recording.survey.ended
    last = [wired.message.body for wired in recording.messages(("session",))][-1]
    assert (last.state, last.exit_code) == ("ended", 130)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_a_readable_recording(
    running: tuple["subprocess.Popen[str]", Path], capsys: pytest.CaptureFixture[str]
) -> None:
    process, path = running
    while not open_recording(path).survey.pose_inputs:  # the first chunk takes a second
        assert process.poll() is None
    process.kill()
    process.wait(10)
    survey = open_recording(path).survey
    assert not survey.ended
    assert survey.pose_inputs > 0
    assert run_stream.main(["replay", str(path), "--verify"]) == 0
    assert "identical" in capsys.readouterr().out


def test_a_port_in_use_is_exit_6(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = tmp_path / "fidget.toml"
        config.write_text(f'[feed]\nendpoint = "tcp://127.0.0.1:{taken.getsockname()[1]}"\n')
        assert run_stream.main(["run", "--source", "pattern", "--config", str(config)]) == 6
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--source", "987"], 3, "987"),
        (["--source", "no/such/file.mp4"], 3, "no/such/file.mp4"),
        (["--source", "no/such/recording.mcap"], 2, "cannot be read"),
        (["--source", "http://127.0.0.1:9/stream"], 3, "127.0.0.1:9"),
        (["--source", "pattern", "--pose", "nonsense"], 4, "expected one of"),
        (["--source", "pattern", "--person", "nobody.json"], 2, "nobody.json"),
        (["--source", "pattern", "--config", "none.toml"], 2, "none.toml"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence_and_its_code(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_stream.main(["run", "--no-publish", *arguments]) == code
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


def test_an_existing_recording_is_not_replaced_unasked(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = recording.read_bytes()
    code = run_stream.main(
        ["run", "--source", "pattern", "--no-publish", "--record", str(recording)]
    )
    assert code == 2
    assert str(recording) in capsys.readouterr().err
    assert recording.read_bytes() == before


@pytest.mark.parametrize("content", [b'{"kind": "fidget.person"}', b"ftypmp42"])
def test_what_is_no_recording_is_never_replaced(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "precious.json"
    path.write_bytes(content)
    arguments = ["run", "--source", "pattern", "--no-publish", "--overwrite", "--record", str(path)]
    assert run_stream.main(arguments) == 2
    assert path.read_bytes() == content


def test_a_recording_is_not_recorded_onto_itself(recording: Path) -> None:
    before = recording.read_bytes()
    arguments = ["--source", str(recording), "--overwrite", "--record", str(recording)]
    assert run_stream.main(["run", "--no-publish", *arguments]) == 2
    assert recording.read_bytes() == before


def test_a_full_disk_stops_the_recording_and_not_the_stream(
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written = RecordingWriter.write_pose

    def full(self: RecordingWriter, sample: PoseSample, log_ns: int, stream: str) -> None:
        if sample.seq == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        written(self, sample, log_ns, stream)

    monkeypatch.setattr(RecordingWriter, "write_pose", full)
    path = tmp_path / "full.mcap"
    code = run_stream.main(
        ["run", "--source", str(recording), "--no-publish", "--record", str(path)]
    )
    assert code == 2
    output = capsys.readouterr().out
    assert "the disk is full" in output
    samples = open_recording(recording).survey.pose_inputs
    assert f"{samples} frames, {samples} poses" in output
    assert not open_recording(path).survey.ended


def test_watch_says_when_nothing_comes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_stream.main(["watch", "tcp://127.0.0.1:9", "--duration", "0.1"]) == 3
    assert "tcp://127.0.0.1:9" in capsys.readouterr().err


def test_a_pose_plugin_that_raises_stops_the_run_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Exploding(UprightPose):
        def __init__(self, config: UprightPose.Config) -> None:
            super().__init__(config)
            self.fail_with = RuntimeError("the plugin broke")

    with installed_plugin(monkeypatch, "pose", "exploding", Exploding):
        code = run_stream.main(
            ["run", "--source", "pattern", "--no-publish", "--pose", "exploding"]
        )
    assert code == 1
    assert "stage 'pose' failed: RuntimeError: the plugin broke" in capsys.readouterr().err


def test_auto_without_a_camera_plays_the_sample_and_says_so(
    recording: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.commands.opening._CAMERAS_TRIED", 0)
    monkeypatch.setattr(run_stream, "SAMPLE", recording)
    assert run_stream.main(["--no-publish"]) == 0
    output = capsys.readouterr().out
    assert f"sample: {recording.name}" in output
    assert "capture to publish" in output

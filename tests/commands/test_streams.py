"""Sessions of several streams, as the configuration lists them."""

import threading
import time
from pathlib import Path

import pytest

import run_stream
from engine.messages import Health
from engine.wire.recording import open_recording

STREAM = '[streams.{name}]\nsource = "{source}"\n'


def listed(path: Path, source: Path, *names: str) -> Path:
    path.write_text("".join(STREAM.format(name=n, source=source.as_posix()) for n in names))
    return path


def run(config: Path, *more: str) -> int:
    return run_stream.main(["run", "--config", str(config), "--no-publish", *more])


@pytest.fixture(scope="module")
def together(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three streams of the same recording, recorded together."""
    folder = tmp_path_factory.mktemp("streams")
    config = listed(folder / "three.toml", recording, "desk", "door", "wall")
    assert run(config, "--record", str(folder / "three.mcap")) == 0
    return folder / "three.mcap"


def test_every_stream_is_recorded_under_its_name(together: Path, recording: Path) -> None:
    opened = open_recording(together)
    assert opened.survey.streams == ("desk", "door", "wall")
    one = open_recording(recording).survey.pose_inputs
    assert [len(list(opened.pose_inputs(name))) for name in opened.survey.streams] == [one] * 3
    joined = opened.joined()
    assert [joined[name].row for name in ("desk", "door", "wall")] == [0, 1, 2]
    assert joined["wall"].rooms == (3,)


def test_health_tells_each_stream(together: Path) -> None:
    bodies = [wired.message.body for wired in open_recording(together).messages(("health",))]
    told = [body.streams for body in bodies if isinstance(body, Health) and body.streams]
    assert set(told[0]) == {"desk", "door", "wall"}


def test_a_recording_of_several_streams_replays_byte_for_byte(
    together: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_stream.main(["replay", str(together), "--verify"]) == 0
    assert "messages identical" in capsys.readouterr().out


def test_one_stream_of_several_must_be_named(
    together: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert run_stream.main(["analyze", str(together), "--out", out]) == 2
    assert "name one of desk, door, wall" in capsys.readouterr().err


def test_source_and_streams_exclude_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "both.toml"
    config.write_text('[source]\nuse = "0"\n[streams.a]\nsource = "1"\n')
    assert run(config) == 2
    assert "either `[source]` or `[streams]`" in capsys.readouterr().err


def test_a_stream_without_a_source_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "none.toml"
    config.write_text("[streams.a]\n")
    assert run(config) == 2
    assert "streams.a" in capsys.readouterr().err


def test_a_name_that_no_topic_can_have_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "names.toml"
    config.write_text('[streams."a b"]\nsource = "0"\n')
    assert run(config) == 2
    assert "names.toml:1: streams: Expected `str` matching" in capsys.readouterr().err


def test_streams_come_and_go_with_the_file_while_it_runs(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = run_stream.SAMPLE
    config = listed(tmp_path / "live.toml", sample, "stays", "leaves")
    path = tmp_path / "changing.mcap"

    def edit_while_it_runs() -> None:
        while not path.exists():  # a busy machine takes long to begin
            time.sleep(0.05)
        time.sleep(1.5)
        config.write_text("[streams.oops]\nwrong = 1\n")
        time.sleep(1.5)
        listed(config, sample, "stays", "comes")

    threading.Thread(target=edit_while_it_runs, daemon=True).start()
    assert run(config, "--record", str(path), "--duration", "7") == 0
    output = capsys.readouterr()
    assert "stream 'leaves' was removed" in output.out
    assert "stream 'comes' was added" in output.out
    assert "the streams stay as they are" in output.err
    opened = open_recording(path)
    assert set(opened.survey.streams) == {"stays", "leaves", "comes"}
    counts = {name: len(list(opened.pose_inputs(name))) for name in opened.survey.streams}
    assert counts["stays"] > counts["comes"] > 25
    assert counts["stays"] > counts["leaves"]
    assert opened.joined()["comes"].row in (1, 2)  # that of the leaving one if it has gone
    assert run_stream.main(["replay", str(path), "--verify"]) == 0

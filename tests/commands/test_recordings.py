import csv
import json
import random
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
import pytest

import run_stream
from engine.clock import SystemClock
from engine.config import Config, PluginConfig
from engine.core.stream import Steps, StreamCore
from engine.errors import ModelError, ReplayMismatch
from engine.labels import own_label
from engine.poses import F32, Bools, PoseSample
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter, open_raw
from engine.wire.records import StreamJoined, person_json
from tests.fakes.emotion import person
from tests.fakes.models import RaisedHandModel
from tests.fakes.plugins import installed_plugin
from tests.fakes.pose import FacePose, UprightPose
from tests.fakes.samples import upright


def altered(recording: Path, to: Path) -> None:
    """A copy of `recording` in which one estimate has another number."""
    original = open_recording(recording)
    writer = RecordingWriter(to, original.header, overwrite=False, opener=open_raw)
    for sample in original.pose_inputs():
        writer.write_pose(sample, 0)
    estimates = 0
    for wired in original.messages(("gesture", "emotion")):
        payload = wired.payload
        estimates += wired.topic.startswith("emotion.")
        if estimates == 2:
            tree = msgspec.msgpack.decode(payload)
            tree["body"]["p_unknown"] = 0.123
            payload = msgspec.msgpack.encode(tree)
        writer.write_message(replace(wired, payload=payload), 0)
    writer.finish({})


def test_replay_verifies_byte_for_byte(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_stream.main(["replay", str(recording), "--verify"]) == 0
    assert "identical but for decided_ns" in capsys.readouterr().out


def test_the_first_difference_is_named_and_exit_7(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "altered.mcap"
    altered(recording, path)
    assert run_stream.main(["replay", str(path), "--verify"]) == ReplayMismatch.exit_code
    assert "body.p_unknown: expected 0.123" in capsys.readouterr().err


def test_ideal_gives_at_least_what_was_lived(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_stream.main(["replay", str(recording), "--as", "ideal"]) == 0
    samples = open_recording(recording).survey.pose_inputs
    assert f"{samples} samples" in capsys.readouterr().out


def test_a_cut_off_recording_is_replayed_up_to_its_end(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.mcap"
    whole = recording.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert run_stream.main(["replay", str(path), "--verify"]) == 0


def test_a_live_run_with_a_worker_delayed_at_random_replays_exactly(
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A live source faster than the recogniser: samples are dropped, and the replay knows which."""
    rng = random.Random(7)
    undelayed = StreamCore.steps

    def delayed(self: StreamCore, sample: PoseSample) -> Steps:
        if rng.random() < 0.5:
            threading.Event().wait(rng.uniform(0.0, 0.2))
        return undelayed(self, sample)

    with installed_plugin(monkeypatch, "pose", "upright", UprightPose), monkeypatch.context() as m:
        m.setattr(StreamCore, "steps", delayed)
        config = tmp_path / "fast.toml"
        config.write_text('[source]\nuse = "pattern"\n[source.options]\nlive = true\nfps = 200.0\n')
        path = tmp_path / "delayed.mcap"
        arguments = ["--config", str(config), "--pose", "upright"]
        code = run_stream.main(
            ["run", *arguments, "--no-publish", "--duration", "2", "--record", str(path)]
        )
    assert code == 0
    survey = open_recording(path).survey
    (dropped,) = survey.dropped.values()
    assert run_stream.main(["replay", str(path), "--verify"]) == 0
    lived = survey.pose_inputs - len(dropped)
    assert f"{lived} samples" in capsys.readouterr().out


def test_a_run_with_faces_is_recorded_replayed_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "faces.mcap"
    with installed_plugin(monkeypatch, "pose", "faces", FacePose):
        told = ["--source", "pattern", "--pose", "faces", "--duration", "2", "--no-publish"]
        assert run_stream.main(["run", *told, "--record", str(path)]) == 0
    (*_, last) = open_recording(path).pose_inputs()
    assert last.skeleton == "holistic97"
    assert last.joints[75:, 2].all()
    assert run_stream.main(["replay", str(path), "--verify"]) == 0
    assert "identical but for decided_ns" in capsys.readouterr().out
    assert run_stream.main(["export", str(path), "--to", "csv"]) == 0
    assert len((tmp_path / "faces.mcap.emotion.csv").read_text().splitlines()) > 2


@pytest.mark.parametrize("content", [b"", b"not a recording at all"])
def test_what_is_no_recording_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.mcap"
    path.write_bytes(content)
    assert run_stream.main(["replay", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_export_writes_tables_beside_the_recording_or_elsewhere(
    recording: Path, tmp_path: Path, form: str
) -> None:
    copy = tmp_path / "a.mcap"
    shutil.copy(recording, copy)
    assert run_stream.main(["export", str(copy), "--to", form]) == 0
    text = (tmp_path / f"a.mcap.emotion.{form}").read_text()
    rows = (
        list(csv.DictReader(text.splitlines()))
        if form == "csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert len(rows) == open_recording(copy).survey.messages["emotion"]
    assert (tmp_path / f"a.mcap.events.{form}").exists()


def test_a_recording_is_a_source_like_any_other(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run_stream.main(["analyze", str(recording), "--out", str(out)]) == 0
    summary = json.loads((out / f"{recording.name}.summary.json").read_text())
    assert summary["frames"] == open_recording(recording).survey.pose_inputs


def test_the_clock_of_a_recording_is_dated(recording: Path) -> None:
    header = open_recording(recording).header
    now = SystemClock().pair()
    offset_s = ((now.wall_ns - header.wall_ns) - (now.monotonic_ns - header.monotonic_ns)) / 1e9
    assert abs(offset_s) < 60


class Acquainted(RaisedHandModel):
    known: ClassVar[list[Any]] = []

    def __init__(self, _config: Any, known: Any, _run_graph: Any) -> None:
        super().__init__()
        self.known.append(known)


@pytest.mark.parametrize(("rooms", "is_told"), [((1,), True), ((2,), False)])
def test_a_recogniser_is_told_the_person_only_if_it_was_told_when_recorded(
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rooms: tuple[int, ...],
    is_told: bool,
) -> None:
    """One that several streams share is of no one person."""
    path = tmp_path / "persons.mcap"
    header = open_recording(recording).header
    config = msgspec.json.encode(Config(recognizer=PluginConfig(use="fake"))).decode()
    own = msgspec.structs.replace(person(), recognizer="fake@fake")
    writer = RecordingWriter(path, msgspec.structs.replace(header, config=config))
    joined = StreamJoined(
        stream=header.stream, at_ns=0, row=0, rooms=rooms, person=person_json(own)
    )
    writer.write_joined(joined, 0)
    writer.finish({})
    with installed_plugin(monkeypatch, "recognizers", "fake", Acquainted):
        assert run_stream.main(["replay", str(path)]) == 0
    assert Acquainted.known.pop() == (own if is_told else None)


class EveryFifthLate(RaisedHandModel):
    """Gives up every fifth tick, as on a machine that is too busy."""

    ticks = 0

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        self.ticks += 1
        scores = super().step(x, active)
        self.late = np.ones(len(x), np.bool_) if self.ticks % 5 == 0 else None
        return scores if self.late is None else np.full((len(x), 1), np.nan, np.float32)


@pytest.fixture
def raised_hand(recording: Path, tmp_path: Path) -> Path:
    """Two and a half seconds with a hand up."""
    path = tmp_path / "hand.mcap"
    writer = RecordingWriter(
        path, open_recording(recording).header, overwrite=False, opener=open_raw
    )
    for k in range(64):
        up = {"left_wrist": (0.45, 0.35)} if k > 10 else {}
        writer.write_pose(upright(k / 25, up, seq=k), 0)
    writer.finish({})
    return path


def test_a_replay_leaves_out_the_scores_that_were_not_there_in_time(
    raised_hand: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, config = tmp_path / "session.mcap", tmp_path / "fidget.toml"
    config.write_text("[recognizer]\nuse = 'fake'\n", encoding="utf-8")
    told = ["--config", str(config), "--no-publish", "--record", str(path)]
    with installed_plugin(monkeypatch, "recognizers", "fake", EveryFifthLate):
        assert run_stream.main(["run", "--source", str(raised_hand), *told]) == 0
    with installed_plugin(monkeypatch, "recognizers", "fake", RaisedHandModel):
        assert run_stream.main(["replay", str(path), "--verify"]) == 0
        assert "identical" in capsys.readouterr().out
        assert run_stream.main(["replay", str(path), "--verify", "--as", "ideal"]) == 7


class Breaking(RaisedHandModel):
    """Is not up to it from the 30th tick on, while a hand is up."""

    ticks = 0

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        self.ticks += 1
        if self.ticks > 30:
            raise ModelError("scripted failure")
        return super().step(x, active)


def test_a_session_that_failed_is_compared_up_to_there(
    raised_hand: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, config = tmp_path / "session.mcap", tmp_path / "fidget.toml"
    config.write_text("[recognizer]\nuse = 'fake'\n", encoding="utf-8")
    told = ["--config", str(config), "--no-publish", "--record", str(path)]
    with installed_plugin(monkeypatch, "recognizers", "fake", Breaking):
        assert run_stream.main(["run", "--source", str(raised_hand), *told]) == 4
    (*_, last) = open_recording(path).messages(("gesture",))
    assert last.message.body.end_reason == "shutdown"
    with installed_plugin(monkeypatch, "recognizers", "fake", RaisedHandModel):
        assert run_stream.main(["replay", str(path), "--verify"]) == 0
        assert "until the session failed with exit code 4" in capsys.readouterr().out
        altered(path, tmp_path / "altered.mcap")
        assert run_stream.main(["replay", str(tmp_path / "altered.mcap"), "--verify"]) == 7
        assert "p_unknown: expected 0.123" in capsys.readouterr().err


class PenModel(RaisedHandModel):
    """Knows one gesture, which is none of iMiGUE's, and sees it always."""

    labels = (own_label(1000, "pen_click"),)

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        return np.full((len(x), 1), 0.9, np.float32)


def test_a_gesture_that_is_none_of_imigues_is_recorded_replayed_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, config = tmp_path / "pen.mcap", tmp_path / "fidget.toml"
    config.write_text(
        "[recognizer]\nuse = 'pen'\n[decoder.classes.pen_click]\nonset = 0.7\noffset = 0.5\n"
    )
    with (
        installed_plugin(monkeypatch, "pose", "upright", UprightPose),
        installed_plugin(monkeypatch, "recognizers", "pen", PenModel),
    ):
        told = ["--source", "pattern", "--pose", "upright", "--duration", "2", "--no-publish"]
        arguments = [*told, "--config", str(config), "--record", str(path)]
        assert run_stream.main(["run", *arguments]) == 0
        assert run_stream.main(["replay", str(path), "--verify"]) == 0
    assert "identical but for decided_ns" in capsys.readouterr().out
    assert run_stream.main(["export", str(path), "--to", "csv"]) == 0
    with (tmp_path / "pen.mcap.events.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["label_id"], row["label"]) for row in rows} == {("1000", "pen_click")}


def test_settings_of_a_class_that_nobody_knows_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "fidget.toml"
    config.write_text("[recognizer]\nuse = 'pen'\n[decoder.classes.moonwalk]\nonset = 0.9\n")
    with installed_plugin(monkeypatch, "recognizers", "pen", PenModel):
        arguments = ["run", "--source", "pattern", "--no-publish", "--config", str(config)]
        assert run_stream.main(arguments) == 2
    error = capsys.readouterr().err
    assert "decoder.classes.moonwalk" in error
    assert "illustrative, pen_click" in error

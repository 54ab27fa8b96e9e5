"""Fitted emotion weights from the configuration to estimates, feed, recording and replay."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import run_stream
from engine.clock import SystemClock
from engine.commands.replay import Replay
from engine.config_file import load_config
from engine.core.evidence import LOG_ODDS, identity_of
from engine.emotion_weights import FittedWeights
from engine.messages import EmotionEstimate
from engine.wire.recording import open_recording
from engine.wire.recording_writer import RecordingWriter
from tests.fakes.models import RaisedHandModel
from tests.fakes.plugins import installed_plugin
from tests.fakes.samples import upright
from tests.fakes.weights import fitted

FITTED = fitted({"touch_jaw": 0.7, "touch_neck": 0.5})
RECOGNIZER = '[recognizer]\nuse = "raised"\n'


@pytest.fixture(scope="module", autouse=True)
def _plugin() -> Iterator[None]:
    with (
        pytest.MonkeyPatch.context() as patch,
        installed_plugin(patch, "recognizers", "raised", RaisedHandModel),
    ):
        yield


@pytest.fixture(scope="module")
def hand(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a half seconds, most of them with a hand at the jaw."""
    path = tmp_path_factory.mktemp("hand") / "hand.mcap"
    writer = RecordingWriter(path, open_recording(recording).header)
    for k in range(64):
        up = {"left_wrist": (0.45, 0.35)} if k > 10 else {}
        writer.write_pose(upright(k / 25, up, seq=k), 0)
    writer.finish({})
    return path


def written(folder: Path, weights: FittedWeights = FITTED, more: str = "") -> Path:
    """A configuration that names a file of weights."""
    file = folder / "weights.json"
    file.write_bytes(msgspec.json.encode(weights))
    config = folder / "fitted.toml"
    config.write_text(f'{RECOGNIZER}[emotion]\nweights = "{file.as_posix()}"\n{more}')
    return config


@pytest.fixture(scope="module")
def recorded(hand: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand watched with fitted weights; their file is gone afterwards."""
    folder = tmp_path_factory.mktemp("fitted")
    config, path = written(folder), folder / "fitted.mcap"
    told = ["run", "--source", str(hand), "--no-publish", "--deadline-ms", "60000"]
    assert run_stream.main([*told, "--config", str(config), "--record", str(path)]) == 0
    (folder / "weights.json").unlink()
    return path


def weights_in(bodies: Iterator[object]) -> dict[str, float]:
    """Weight of each class that is evidence of an estimate."""
    estimates = (body for body in bodies if isinstance(body, EmotionEstimate))
    return {item.label: item.weight for one in estimates for item in one.evidence}


def replayed(recording: Path, config: Path) -> dict[str, float]:
    """The same, replayed with other settings."""
    run = Replay(
        recording, mode="lived", speed=0.0, clock=SystemClock(),
        config=load_config(config),
    )  # fmt: skip
    (stream,) = run.streams
    return weights_in(wired.message.body for wired in run.messages(stream))


def test_estimates_session_and_header_say_which_weights_were_used(recorded: Path) -> None:
    opened = open_recording(recorded)
    told = weights_in(wired.message.body for wired in opened.messages(("emotion",)))
    assert told == {"touch_jaw": 0.7}
    sessions = [wired.message.body for wired in opened.messages(("session",))]
    assert {one.emotion_weights for one in sessions} == {FITTED.identity}
    assert msgspec.json.decode(opened.header.emotion_weights or "", type=FittedWeights) == FITTED


def test_a_replay_needs_no_file_of_weights(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_stream.main(["replay", str(recorded), "--verify"]) == 0
    assert "identical" in capsys.readouterr().out


def test_a_replay_takes_other_weights_if_told_to(recorded: Path, tmp_path: Path) -> None:
    other = written(tmp_path, fitted({"touch_jaw": -0.3}))
    assert replayed(recorded, other) == {"touch_jaw": -0.3}
    shipped = tmp_path / "shipped.toml"
    shipped.write_text(RECOGNIZER)
    assert replayed(recorded, shipped) == {"touch_jaw": LOG_ODDS["touch_jaw"]}
    assert run_stream.main(["replay", str(recorded), "--config", str(other)]) == 0


def test_other_settings_cannot_be_verified(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(tmp_path)
    assert run_stream.main(["replay", str(recorded), "--verify", "--config", str(config)]) == 2
    assert "leave out --config" in capsys.readouterr().err


def test_recorded_weights_of_another_version_are_told(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = msgspec.structs.replace(open_recording(recorded).header, emotion_weights='{"a": 1}')
    path = tmp_path / "strange.mcap"
    RecordingWriter(path, header).finish({})
    assert run_stream.main(["replay", str(path)]) == 2
    assert "the recorded emotion weights cannot be read by this version" in capsys.readouterr().err


def test_a_recording_with_the_shipped_table_says_so(recording: Path) -> None:
    opened = open_recording(recording)
    assert opened.header.emotion_weights is None
    names = {wired.message.body.emotion_weights for wired in opened.messages(("session",))}
    assert names == {identity_of(None)}
    assert identity_of(None).startswith("shipped@")


@pytest.mark.parametrize("command", ["run", "analyze"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "not a file of emotion weights"),
        (msgspec.json.encode(msgspec.structs.replace(FITTED, version=2)), "expected version 1"),
        (msgspec.json.encode(fitted({"touch_face": 0.1}, synthetic=True)), "simulated people"),
    ],
    ids=["damaged", "newer", "synthetic"],
)
def test_weights_that_cannot_be_used_end_the_command_before_it_begins(
    command: str,
    content: bytes,
    told: str,
    hand: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = written(tmp_path)
    (tmp_path / "weights.json").write_bytes(content)
    live = ["run", "--source", str(hand), "--no-publish"]
    offline = ["analyze", str(hand), "--out", str(tmp_path / "out")]
    words = live if command == "run" else offline
    assert run_stream.main([*words, "--config", str(config)]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert str(tmp_path / "weights.json") in error
    assert len(error.splitlines()) == 1


def analysed(hand: Path, folder: Path, config: Path, *more: str) -> object:
    """Which weights the summary of an analysis names."""
    words = ["analyze", str(hand), "--out", str(folder / "out"), "--config", str(config)]
    assert run_stream.main([*words, *more]) == 0
    return json.loads((folder / "out" / "hand.mcap.summary.json").read_text())["emotion_weights"]


def test_an_analysis_estimates_by_the_weights_that_it_names(hand: Path, tmp_path: Path) -> None:
    def last_row(folder: Path, config: Path) -> dict[str, str]:
        folder.mkdir(exist_ok=True)
        analysed(hand, folder, config)
        with (folder / "out" / "hand.mcap.emotion.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))[-1]

    shipped = tmp_path / "shipped.toml"
    shipped.write_text(RECOGNIZER)
    by_fit, by_table = last_row(tmp_path, written(tmp_path)), last_row(tmp_path / "t", shipped)
    # A touched jaw speaks for positive in the one, for negative in the other.
    assert float(by_fit["p_positive"]) > float(by_fit["p_negative"])
    assert float(by_table["p_positive"]) < float(by_table["p_negative"])


def test_a_synthetic_fit_is_used_when_asked_for_and_named_as_such(
    hand: Path, tmp_path: Path
) -> None:
    weights = fitted({"touch_face": 0.1}, synthetic=True)
    told = analysed(hand, tmp_path, written(tmp_path, weights, "allow_synthetic_weights = true\n"))
    assert told == weights.identity
    assert weights.identity.startswith("synthetic ")


def test_without_emotion_no_weights_are_read_or_named(hand: Path, tmp_path: Path) -> None:
    config = written(tmp_path)
    (tmp_path / "weights.json").unlink()
    assert analysed(hand, tmp_path, config, "--no-emotion") is None

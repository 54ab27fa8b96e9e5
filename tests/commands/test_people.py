"""Sessions in which several people of one camera are tracked."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

import run_stream
from calibration.saving import save
from engine import registry
from engine.calibration_file import sealed
from engine.clock import SystemClock
from engine.config_file import load_config
from engine.core.stream import Steps, StreamCore
from engine.errors import ConfigError
from engine.messages import Health
from engine.poses import PoseSample
from engine.wire.pose_codec import pose_sample
from engine.wire.recording import Recording, open_recording
from tests.fakes import video_files
from tests.fakes.crowd import Crowd, Visit, crowd
from tests.fakes.emotion import person
from tests.fakes.models import RaisedHandModel
from tests.fakes.plugins import installed_plugin
from tests.fakes.pose import UprightPose

FAKES = "[pose]\nuse = 'crowd'\n[recognizer]\nuse = 'hands'\n"
THREE = FAKES + "[people]\nmost = 3\n"
# Two at a time in the first two slots, one of them follows another; nobody comes third.
SCRIPT = (
    Visit(0, 1, up=((0.4, 1.0),)),
    Visit(1, 2, to_s=0.8, up=((0.3, 0.8),)),
    Visit(1, 3, from_s=0.9, up=((1.0, 1.5),), lost=((1.2, 1.28),)),
)


@contextmanager
def installed(plugin: type[Crowd]) -> Iterator[None]:
    """A scripted crowd and a recogniser that can be foreseen."""
    with (
        pytest.MonkeyPatch.context() as patch,
        installed_plugin(patch, "pose", "crowd", plugin),
        installed_plugin(patch, "recognizers", "hands", RaisedHandModel),
    ):
        yield


@pytest.fixture
def plugins() -> Iterator[None]:
    """With the script of this file."""
    with installed(crowd(*SCRIPT)):
        yield


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return video_files.write_video(path, [Fraction(i, 25) for i in range(45)])


def recorded(folder: Path, config: str, *more: str, code: int = 0) -> Recording:
    """What a run with this configuration records."""
    (folder / "fidget.toml").write_text(config, encoding="utf-8")
    path = folder / "session.mcap"
    told = ["--config", str(folder / "fidget.toml"), "--no-publish", "--record", str(path)]
    assert run_stream.main(["run", *told, *more]) == code
    return open_recording(path)


@pytest.fixture(scope="module")
def together(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Three people at most, watched and recorded."""
    with installed(crowd(*SCRIPT)):
        return recorded(tmp_path_factory.mktemp("people"), THREE, "--source", str(film))


def ends(recording: Recording, stream: str) -> list[str]:
    """Why the gestures of a stream ended."""
    return [
        wired.message.body.end_reason
        for wired in recording.messages(("gesture",))
        if wired.message.envelope.stream == stream and wired.message.body.state == "end"
    ]


def replays_exactly(recording: Recording) -> bool:
    return run_stream.main(["replay", str(recording.path), "--verify"]) == 0


@pytest.mark.usefixtures("plugins")
def test_each_person_has_a_stream_that_is_published_recorded_and_replayed(
    together: Recording,
) -> None:
    names = ("main", "main-2", "main-3")
    assert together.survey.streams == names
    assert [len(list(together.pose_inputs(name))) for name in names] == [45] * 3
    joined = together.joined()
    assert [joined[name].row for name in names] == [0, 1, 2]
    assert {joined[name].rooms for name in names} == {(3,)}
    assert [ends(together, name) for name in names] == [["released"], ["epoch", "shutdown"], []]
    assert replays_exactly(together)


def test_subscribers_are_told_who_it_is(together: Recording) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    for wired in together.messages(("pose",)):
        own = seen.setdefault(wired.message.envelope.stream, [])
        who = (wired.message.envelope.epoch, wired.message.body.person)
        if who not in own:
            own.append(who)
    assert seen == {
        "main": [(0, 1)],
        "main-2": [(0, 2), (0, 0), (1, 3)],
        "main-3": [(0, 0)],
    }


def test_health_counts_a_frame_once(together: Recording) -> None:
    *_, last = (wired.message.body for wired in together.messages(("health",)))
    assert isinstance(last, Health)
    assert last.frames_in == 45
    frames = {name: one.frames_in for name, one in last.streams.items()}
    assert frames == {"main": 45, "main-2": 0, "main-3": 0}


def test_recorded_samples_are_those_that_were_published(together: Recording) -> None:
    inputs = [(s.seq, s.epoch, s.person, s.valid) for s in together.pose_inputs("main-2")]
    published = []
    for wired in together.messages(("pose",)):
        envelope = wired.message.envelope
        if envelope.stream == "main-2":
            sample = pose_sample(wired.message.body, epoch=envelope.epoch, capture_ns=0)
            published.append((sample.seq, sample.epoch, sample.person, sample.valid))
    assert published == inputs


@pytest.mark.usefixtures("plugins")
def test_a_live_session_with_drops_replays_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(11)
    undelayed = StreamCore.steps

    def delayed(self: StreamCore, sample: PoseSample) -> Steps:
        if rng.random() < 0.3:
            threading.Event().wait(rng.uniform(0.0, 0.1))
        return undelayed(self, sample)

    live = "[source]\nuse = 'pattern'\n[source.options]\nlive = true\nfps = 150.0\n"
    with monkeypatch.context() as patch:
        patch.setattr(StreamCore, "steps", delayed)
        recording = recorded(tmp_path, THREE + live, "--duration", "1.5")
    assert set(recording.survey.dropped) == {"main", "main-2", "main-3"}
    assert {sample.epoch for sample in recording.pose_inputs("main-2")} == {0, 1}
    assert replays_exactly(recording)


@pytest.mark.usefixtures("plugins")
def test_many_cameras_with_several_people_each(film: Path, tmp_path: Path) -> None:
    entry = '[streams.{}]\nsource = "{}"\n'
    source = film.as_posix()
    config = THREE + entry.format("desk", source) + "people = 2\n" + entry.format("door", source)
    recording = recorded(tmp_path, config)
    names = ("desk", "desk-2", "door", "door-2", "door-3")
    assert recording.survey.streams == names
    assert [recording.joined()[name].row for name in names] == [0, 1, 2, 3, 4]
    assert ends(recording, "desk-2") == ends(recording, "door-2") == ["epoch", "shutdown"]
    assert replays_exactly(recording)


def test_a_plugin_that_breaks_ends_the_gestures_of_all(film: Path, tmp_path: Path) -> None:
    busy = (Visit(slot, slot + 1, up=((0.2, 9.0),)) for slot in range(2))
    with installed(crowd(*busy, fails_at_s=1.0)):
        recording = recorded(tmp_path, THREE, "--source", str(film), code=1)
        assert ends(recording, "main") == ends(recording, "main-2") == ["shutdown"]
        assert recording.survey.ended
        assert replays_exactly(recording)


@pytest.mark.usefixtures("plugins")
def test_a_recording_has_its_people_already(recording: Path, tmp_path: Path) -> None:
    again = recorded(tmp_path, THREE, "--source", str(recording))
    assert again.survey.streams == ("main",)


@pytest.mark.usefixtures("plugins")
def test_one_person_is_recorded_as_ever(film: Path, tmp_path: Path) -> None:
    recording = recorded(tmp_path, FAKES, "--source", str(film))
    assert recording.survey.streams == ("main",)
    (last, *_) = [wired.message.body for wired in recording.messages(("health",))]
    assert last.streams == {}


@pytest.mark.usefixtures("plugins")
def test_a_calibration_is_of_the_main_person(film: Path, tmp_path: Path) -> None:
    file = tmp_path / "anna.json"
    now_ns = SystemClock().pair().wall_ns
    own = replace(person(touch_jaw=2.0), recognizer="hands@fake", created_wall_ns=now_ns)
    save(file, sealed(own))
    recording = recorded(tmp_path, THREE, "--source", str(film), "--person", str(file))
    joined = recording.joined()
    assert [joined[name].person is not None for name in joined] == [True, False, False]
    assert recording.header.person is None
    assert replays_exactly(recording)


@pytest.mark.parametrize(("able", "told"), [((), "none is installed"), (("crowd",), "'crowd'")])
def test_a_plugin_that_tracks_one_person_is_refused_with_those_that_track_several(
    film: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    able: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setattr(registry, "names", lambda _: ["upright", "missing", *able])
    config = tmp_path / "fidget.toml"
    config.write_text(THREE, encoding="utf-8")
    with installed(Crowd), installed_plugin(monkeypatch, "pose", "upright", UprightPose):
        arguments = ["--config", str(config), "--pose", "upright", "--source", str(film)]
        assert run_stream.main(["run", "--no-publish", *arguments]) == 2
    error = capsys.readouterr().err
    assert "[people] most: the pose plugin 'upright' tracks one person, got 3" in error
    assert told in error


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[people]\nmost = 0\n", ":2: people.most: Expected `int` >= 1"),
        ("[people]\nmost = 9\n", ":2: people.most: Expected `int` <= 8"),
        ("[people]\nleast = 1\n", ":2: people.least: Object contains unknown field"),
        ('[streams.a]\nsource = "0"\npeople = 0\n', ":3: streams.a.people: Expected `int` >= 1"),
        (
            '[people]\nmost = 2\n[streams.a]\nsource = "0"\n[streams.a-2]\nsource = "1"\n',
            "streams: Expected another name: `a-2` would be a stream of `a` and of `a-2`",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "fidget.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert told in str(caught.value)

"""Files in which several people are tracked."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import run_stream
from tests.fakes import video_files
from tests.fakes.crowd import Visit, crowd
from tests.fakes.models import RaisedHandModel
from tests.fakes.plugins import installed_plugin

FAKES = "[pose]\nuse = 'crowd'\n[recognizer]\nuse = 'hands'\n"
ANNA = Visit(0, 1, up=((0.4, 1.0),))
BEN = Visit(1, 2, to_s=0.8, up=((0.3, 0.8),))
CARL = Visit(1, 3, from_s=0.92, up=((1.0, 1.5),), lost=((1.2, 1.28),))


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with (
        installed_plugin(monkeypatch, "pose", "crowd", crowd(ANNA, BEN, CARL)),
        installed_plugin(monkeypatch, "recognizers", "hands", RaisedHandModel),
    ):
        yield


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    return video_files.write_video(path, [Fraction(i, 25) for i in range(50)])


def analyze(folder: Path, config: str, *inputs: Path) -> int:
    (folder / "fidget.toml").write_text(FAKES + config, encoding="utf-8")
    told = ["--config", str(folder / "fidget.toml"), "--out", str(folder / "out")]
    return run_stream.main(["analyze", *map(str, inputs), *told])


def events(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "out" / f"{name}.events.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def summary(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / f"{name}.summary.json").read_text())
    return found


def test_every_slot_has_three_files_of_its_own(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(tmp_path, "[people]\nmost = 3\n", film) == 0
    kinds = ("emotion.csv", "events.jsonl", "summary.json")
    names = ("film.mp4", "film.mp4.2", "film.mp4.3")
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == sorted(f"{name}.{kind}" for name in names for kind in kinds)
    assert [event["stream"] for event in events(tmp_path, "film.mp4")] == ["main"]
    assert [event["stream"] for event in events(tmp_path, "film.mp4.2")] == ["main-2"] * 2
    assert events(tmp_path, "film.mp4.3") == []
    told = capsys.readouterr().err
    assert "film.mp4, main-2: 50 frames, 45 with a person" in told.replace("\n", " ")
    assert "main-3" not in told


def test_a_summary_says_whose_it_is_and_who_was_there(film: Path, tmp_path: Path) -> None:
    assert analyze(tmp_path, "[people]\nmost = 3\n", film) == 0
    second = summary(tmp_path, "film.mp4.2")
    assert second["stream"] == "main-2"
    assert second["persons"] == [
        {"person": 2, "t_start_s": 0.0, "t_end_s": 0.76},
        {"person": 3, "t_start_s": 0.92, "t_end_s": 1.96},
    ]
    assert (second["frames"], second["frames_with_pose"]) == (50, 45)
    assert second["frames_without_pose"] == {"no_person": 3, "person_lost": 2}
    assert summary(tmp_path, "film.mp4")["persons"][0]["person"] == 1
    assert summary(tmp_path, "film.mp4.3")["persons"] == []
    of_ben, of_carl = events(tmp_path, "film.mp4.2")
    assert of_ben["t_end_s"] <= 0.8
    assert of_carl["t_start_s"] >= 0.92


def test_the_main_person_has_what_they_have_alone(film: Path, tmp_path: Path) -> None:
    kinds = ("events.jsonl", "emotion.csv")
    found = []
    for most in (1, 3):
        assert analyze(tmp_path, f"[people]\nmost = {most}\n", film) == 0
        found.append([(tmp_path / "out" / f"film.mp4.{kind}").read_bytes() for kind in kinds])
        if most == 1:
            assert not (tmp_path / "out" / "film.mp4.2.events.jsonl").exists()
            assert "persons" not in summary(tmp_path, "film.mp4")
    assert found[0] == found[1]
    assert found[0][0]


def test_a_second_input_begins_with_nobody_of_the_first(film: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.mp4"
    again.write_bytes(film.read_bytes())
    assert analyze(tmp_path, "[people]\nmost = 2\n", film, again) == 0
    first, second = (summary(tmp_path, f"{name}.2") for name in ("film.mp4", "again.mp4"))
    assert second["persons"] == first["persons"]
    assert events(tmp_path, "again.mp4.2") == events(tmp_path, "film.mp4.2")


def test_a_recording_has_one_stream_also_where_several_could_be(
    recording: Path, tmp_path: Path
) -> None:
    assert analyze(tmp_path, "[people]\nmost = 2\n", recording) == 0
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_two_inputs_that_would_write_the_same_files_are_refused(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert analyze(tmp_path, "[people]\nmost = 2\n", film, tmp_path / "film.mp4.2") == 2
    assert "2 inputs would write the files of 'film.mp4.2'" in capsys.readouterr().err


def test_a_plugin_that_breaks_leaves_what_was_found_of_everybody(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = crowd(ANNA, Visit(1, 2, up=((0.3, 9.0),)), fails_at_s=1.2)
    with installed_plugin(monkeypatch, "pose", "crowd", plugin):
        assert analyze(tmp_path, "[people]\nmost = 2\n", film) == 1
    for name in ("film.mp4", "film.mp4.2"):
        assert len(events(tmp_path, name)) == 1
        assert "the plugin broke" in summary(tmp_path, name)["error"]["message"]

from pathlib import Path

import pytest

from engine.config import Config
from engine.config_file import load_config
from engine.errors import ConfigError

GOOD = """\
# A comment
[stream]
name = "desk-1"

[pose]
use = "mediapipe"
options = { anything = 1 }

[decoder]
onset = 0.7

[decoder.classes.touch_face]
onset = 0.5
offset = 0.3
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "fidget.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(write(folder, text))
    return str(caught.value).replace(str(folder), "")


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == Config()


def test_values_are_taken_over(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert config.stream.name == "desk-1"
    assert config.pose.options == {"anything": 1}
    assert config.decoder.onset == 0.7
    assert config.decoder.classes["touch_face"].offset == 0.3
    assert config.decoder.classes["touch_face"].min_duration_s is None
    assert config.emotion == Config().emotion


@pytest.mark.parametrize("text", ["\ufeff[stream]\nname = 'a'\n", "[stream]\r\nname = 'a'\r\n"])
def test_files_of_windows_editors_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fidget.toml"
    path.write_bytes(text.encode())
    assert load_config(path).stream.name == "a"


@pytest.mark.parametrize(
    ("text", "start", "allowed"),
    [
        ("\ncamera = 1\n", "/fidget.toml:2: camera: ", "stream, source, pose, recognizer"),
        ("[camera]\nindex = 1\n", "/fidget.toml:1: camera: ", "stream, source, pose"),
        ("[stream]\n\nnme = 'a'\n", "/fidget.toml:3: stream.nme: ", "name, deadline_ms"),
        ("stream.nme = 'a'\n", "/fidget.toml:1: stream.nme: ", "name, deadline_ms"),
        ("stream = { nme = 'a' }\n", "/fidget.toml:1: stream.nme: ", "name, deadline_ms"),
        ("['stream']\n'nme' = 'a'\n", "/fidget.toml:2: stream.nme: ", "name, deadline_ms"),
        ("[pose]\nuse = 'x'\nname = 1\n", "/fidget.toml:3: pose.name: ", "use, options"),
        (
            "[decoder.classes.touch_face]\nonset = 0.6\n\nonsett = 0.6\n",
            "/fidget.toml:4: decoder.classes.touch_face.onsett: ",
            "onset, offset, min_duration_s, merge_gap_s",
        ),
        (
            "[decoder.classes.akimbo]\nonset = 0.6\n[decoder.classes.touch_face]\nx = 1\n",
            "/fidget.toml:4: decoder.classes.touch_face.x: ",
            "onset, offset, min_duration_s, merge_gap_s",
        ),
    ],
)
def test_an_unknown_key_is_placed_and_the_allowed_ones_are_named(
    tmp_path: Path, text: str, start: str, allowed: str
) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(start)
    assert "unknown field" in message
    assert f"allowed are {allowed}" in message


@pytest.mark.parametrize(
    ("text", "start", "wanted"),
    [
        (
            "[stream]\ndeadline_ms = 'soon'\n",
            "/fidget.toml:2: stream.deadline_ms: ",
            ("`float`", "'soon'"),
        ),
        ("[stream]\nname = 'a b'\n", "/fidget.toml:2: stream.name: ", ("regex", "'a b'")),
        ("stream = 1\n", "/fidget.toml:1: stream: ", ("`object`", "it is 1")),
        ("[feed]\nsend_hwm = 0\n", "/fidget.toml:2: feed.send_hwm: ", (">= 1", "it is 0")),
        ("[feed]\nsend_hwm = 1.5\n", "/fidget.toml:2: feed.send_hwm: ", ("`int`", "1.5")),
        ("[feed]\ninsecure = 1\n", "/fidget.toml:2: feed.insecure: ", ("`bool`", "it is 1")),
        ("[emotion]\nmemory_s = 0\n", "/fidget.toml:2: emotion.memory_s: ", ("> 0", "it is 0")),
        ("[emotion]\nmemory_s = inf\n", "/fidget.toml:2: emotion.memory_s: ", ("<= ", "inf")),
        ("[emotion]\nmemory_s = nan\n", "/fidget.toml:2: emotion.memory_s: ", ("> 0", "nan")),
        (
            "[emotion]\nprior_positive = 1.0\n",
            "/fidget.toml:2: emotion.prior_positive: ",
            ("< 1", "1.0"),
        ),
        ("[decoder]\nonset = 1.5\n", "/fidget.toml:2: decoder.onset: ", ("<= 1", "1.5")),
        (
            "[decoder.classes.touch_face]\nonset = 'high'\n",
            "/fidget.toml:2: decoder.classes.touch_face.onset: ",
            ("`float | null`", "'high'"),
        ),
        (
            "[decoder.classes]\ntouch_face = 3\n",
            "/fidget.toml:2: decoder.classes.touch_face: ",
            ("`object`", "it is 3"),
        ),
        ("[pose.options]\nx = 1\n", "/fidget.toml:1: pose: ", ("missing", "`use`")),
    ],
)
def test_a_wrong_value_is_placed_and_named_with_what_is_allowed(
    tmp_path: Path, text: str, start: str, wanted: tuple[str, str]
) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(start)
    for part in wanted:
        assert part in message


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[decoder]\nonset = 0.3\noffset = 0.5\n", "/fidget.toml:3: decoder.offset: "),
        ("[decoder]\nonset = 0.3\n", "/fidget.toml:1: decoder.offset: "),
        (
            "[decoder.classes.touch_face]\noffset = 0.9\n",
            "/fidget.toml:1: decoder.classes.touch_face: ",
        ),
        (
            "[decoder.classes.touch_face]\nonset = 0.2\n",
            "/fidget.toml:1: decoder.classes.touch_face: ",
        ),
    ],
)
def test_an_offset_above_its_onset_is_refused(tmp_path: Path, text: str, start: str) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(start)
    assert "Expected `offset` <= `onset`, got offset" in message


@pytest.mark.parametrize(
    "data",
    [b"[stream\nname = 1", b"\x00\xff\xfe\x80", b"\x89PNG\r\n\x1a\n", b"a = 1\na = 2\n"],
)
def test_what_is_not_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fidget.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=r"fidget\.toml: not a TOML file"):
        load_config(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            load_config(path)

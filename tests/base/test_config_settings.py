"""Settings of a command line."""

import pytest

from engine.config import Config
from engine.config_settings import with_settings
from engine.errors import ConfigError


def test_values_are_set_by_their_dotted_keys() -> None:
    config = with_settings(
        Config(),
        [
            "recognizer.options.model=lstm.onnx",
            "decoder.classes.akimbo.onset=0.9",
            "emotion.enabled=false",
            "stream.deadline_ms=80",
        ],
    )
    assert config.recognizer.options == {"model": "lstm.onnx"}
    assert config.decoder.classes["akimbo"].onset == 0.9
    assert not config.emotion.enabled
    assert config.stream.deadline_ms == 80


def test_nothing_set_changes_nothing() -> None:
    assert with_settings(Config(), []) == Config()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("stream.nme=a", "nme"),
        ("camera=1", "camera"),
        ("stream.name.first=a", "'name' is a value"),
        ("decoder.onset=high", "decoder.onset"),
        ("decoder.onset=7", "decoder.onset"),
        ("decoder.offset=0.9", "`offset` <= `onset`"),
        ("decoder.onset", "expected KEY=VALUE"),
        ("=3", "expected KEY=VALUE"),
    ],
)
def test_what_cannot_be_set_is_told(setting: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        with_settings(Config(), [setting])

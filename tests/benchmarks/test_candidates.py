"""Which recognisers are compared."""

import pytest

from benchmarks.accuracy.candidates import candidates
from engine.config import Config, PluginConfig
from engine.errors import UsageError


def test_the_configured_recogniser_is_the_default() -> None:
    base = Config(recognizer=PluginConfig(use="geometric", options={"rest_window_s": 20.0}))
    (name, config), *others = candidates([], base).items()
    assert (name, others) == ("geometric", [])
    assert config.recognizer == base.recognizer
    assert not config.emotion.enabled


def test_options_are_added_to_those_of_the_same_plugin() -> None:
    base = Config(recognizer=PluginConfig(use="geometric", options={"rest_window_s": 20.0}))
    spec = "geometric:rest_ready_s=3.5,note=seed one"
    config = candidates([spec, "graph"], base)
    assert config[spec].recognizer.options == {
        "rest_window_s": 20.0,
        "rest_ready_s": 3.5,
        "note": "seed one",
    }
    assert config["graph"].recognizer == PluginConfig(use="graph")


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["geometric", "geometric"], "named twice"),
        (["geometric:fast"], "expected NAME:KEY=VALUE"),
        (["geometric:=3"], "expected NAME:KEY=VALUE"),
    ],
)
def test_what_cannot_be_read_is_told(specs: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        candidates(specs, Config())

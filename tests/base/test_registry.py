from importlib.metadata import EntryPoint
from typing import Any, Literal

import pytest
from msgspec import Struct

from engine import registry
from engine.errors import ConfigError, PluginError


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    level: int = 3
    name: str = "a"
    kind: Literal["near", "far"] = "near"


class Sink:
    Config = Options

    def __init__(self, *args: Any) -> None:
        self.args = args

    def put(self, topic: str, message: Any) -> None: ...
    def close(self) -> None: ...


class Source(Sink):
    live = True
    yields = "frames"

    def open(self, clock: Any) -> None: ...
    def read(self, timeout_s: float) -> None: ...
    def status(self) -> None: ...
    def drops(self) -> None: ...


class Recognizer(Sink):
    skeleton = "holistic75"
    labels = (1,)
    rate_hz = 25.0
    receptive_field = 1
    delay = 0
    model_hash = "0"
    precision = ""
    backend = ""
    late = None

    def warm_up(self) -> None: ...
    def reserve(self, streams: int) -> None: ...
    def step(self, x: Any) -> None: ...
    def reset(self) -> None: ...


class Incomplete:
    Config = Options

    def close(self) -> None: ...


class LooseConfig(Sink):
    Config = dict  # type: ignore[assignment]  # the mistake under test


HERE = __name__


def entry(name: str, attribute: str, kind: str = "sinks", module: str = HERE) -> EntryPoint:
    return EntryPoint(name, f"{module}:{attribute}", f"fidget.{kind}")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    entries: list[EntryPoint] = []
    monkeypatch.setattr(
        registry, "entry_points", lambda group: [e for e in entries if e.group == group]
    )
    return entries


def test_names_are_sorted_and_of_one_kind(installed: list[EntryPoint]) -> None:
    installed += [entry("b", "Sink"), entry("a", "Sink"), entry("c", "Source", "sources")]
    assert registry.names("sinks") == ["a", "b"]
    assert registry.names("pose") == []


def test_a_plugin_gets_its_checked_options_and_the_rest(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "Sink"))
    made = registry.create("sinks", "mine", {"level": 7}, "more")
    assert made.args == (Options(level=7), "more")


def test_a_source_gets_its_target_first(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "Source", "sources"))
    assert registry.create("sources", "mine", {}, "target").args == ("target", Options())


def test_an_unknown_plugin_is_refused_with_the_known_ones(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "Sink"))
    with pytest.raises(PluginError, match=r"no sinks plugin called 'other': expected .*'mine'"):
        registry.create("sinks", "other", {})


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (entry("mine", "Sink", module="fidget_no_such_module"), "ModuleNotFoundError"),
        (entry("mine", "NoSuchClass"), "AttributeError"),
    ],
)
def test_a_plugin_that_cannot_be_imported_says_why(
    installed: list[EntryPoint], broken: EntryPoint, reason: str
) -> None:
    installed.append(broken)
    with pytest.raises(PluginError) as caught:
        registry.create("sinks", "mine", {})
    assert f"sinks plugin 'mine' ({broken.value}) cannot be imported: {reason}" in str(caught.value)


def test_a_plugin_that_raises_while_imported_says_why(
    installed: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: EntryPoint) -> None:
        raise RuntimeError("no driver")

    monkeypatch.setattr(EntryPoint, "load", load)
    installed.append(entry("mine", "Sink"))
    with pytest.raises(PluginError, match="cannot be imported: RuntimeError: no driver"):
        registry.plugin_class("sinks", "mine")


def test_a_missing_member_is_named(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "Incomplete"))
    with pytest.raises(PluginError, match=r"sinks plugin 'mine' lacks put$"):
        registry.create("sinks", "mine", {})


def test_a_recogniser_without_operating_points_is_refused(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "Recognizer", "recognizers"))
    with pytest.raises(PluginError, match=r"recognizers plugin 'mine' lacks operating_points$"):
        registry.create("recognizers", "mine", {}, None)


def test_options_must_be_a_struct(installed: list[EntryPoint]) -> None:
    installed.append(entry("mine", "LooseConfig"))
    with pytest.raises(PluginError, match="Config must be a msgspec Struct"):
        registry.create("sinks", "mine", {})


def test_two_plugins_of_one_name_are_refused(installed: list[EntryPoint]) -> None:
    installed += [entry("mine", "Sink"), entry("mine", "Incomplete")]
    with pytest.raises(PluginError, match="two sinks plugins are called 'mine'"):
        registry.create("sinks", "mine", {})


def test_one_plugin_listed_twice_is_one_plugin(installed: list[EntryPoint]) -> None:
    installed += [entry("mine", "Sink"), entry("mine", "Sink")]
    assert registry.create("sinks", "mine", {}).args == (Options(),)
    assert registry.names("sinks") == ["mine"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"levl": 1}, r"'mine': unknown option 'levl': allowed are \['kind', 'level', 'name'\]"),
        ({"kind": "fra"}, r"'mine': option 'kind': expected one of \['far', 'near'\], got 'fra'"),
        ({"kind": "far", "level": "high"}, r"'mine': Expected `int`, got `str` - at `\$.level`"),
        ({"level": "high"}, r"'mine': Expected `int`, got `str` - at `\$.level`"),
        ({"name": None}, r"'mine': Expected `str`, got `null` - at `\$.name`"),
    ],
)
def test_bad_options_are_refused(
    installed: list[EntryPoint], options: dict[str, Any], message: str
) -> None:
    installed.append(entry("mine", "Sink"))
    with pytest.raises(ConfigError, match=message):
        registry.create("sinks", "mine", options)


def test_the_shipped_plugins_are_declared() -> None:
    assert {"webcam", "file", "url", "pattern", "recording"} <= set(registry.names("sources"))
    assert "mediapipe" in registry.names("pose")
    assert "geometric" in registry.names("recognizers")

"""Plugins by name: found by entry point, imported when asked for, checked before use.

A third party adds one by declaring an entry point in the group `fidget.<kind>`; nothing here
changes. Two plugins of the same name are an error, never a silent override.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec
from msgspec import Struct

from engine.errors import ConfigError, PluginError

_METHODS: dict[str, tuple[str, ...]] = {
    "sources": ("open", "read", "status", "drops", "close"),
    "pose": ("warm_up", "step", "set_effort", "reset", "close"),
    "recognizers": ("warm_up", "reserve", "step", "reset", "close"),
    "backends": ("refusal", "open"),
    "sinks": ("put", "close"),
}
# May depend on the options, so they are looked for once the plugin is made.
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "sources": ("live", "yields"),
    "pose": ("skeleton", "efforts", "live_effort"),
    "recognizers": (
        *("skeleton", "labels", "rate_hz", "receptive_field", "delay"),
        *("model_hash", "precision", "backend", "late", "operating_points"),
    ),
    "backends": ("accelerator",),
    "sinks": (),
}


def names(kind: str) -> list[str]:
    """Names of all plugins of one kind, sorted."""
    return sorted({entry.name for entry in _entries(kind)})


def create(kind: str, name: str, options: dict[str, Any], *args: Any) -> Any:
    """Make the plugin `name` of `kind`.

    Args:
        kind: `sources`, `pose`, `recognizers`, `backends` or `sinks`.
        name: Name of its entry point.
        options: Its options, checked against its `Config`.
        *args: What the contract's constructor takes beside the config; a source's target comes
            before it, everything else after.

    Raises:
        PluginError: It is unknown, cannot be imported, or lacks a member of its contract.
        ConfigError: An option is unknown or of the wrong type.
    """
    return make(kind, name, plugin_class(kind, name), options, *args)


def make(kind: str, name: str, plugin: Any, options: dict[str, Any], *args: Any) -> Any:
    """Make a plugin of its class, which `check` has passed.

    Raises:
        PluginError: It lacks an attribute of its contract.
        ConfigError: An option is unknown or of the wrong type.
    """
    config = _config(kind, name, plugin, options)
    made = plugin(*args, config) if kind == "sources" else plugin(config, *args)
    _require(kind, name, made, _ATTRIBUTES[kind])
    return made


def plugin_class(kind: str, name: str) -> Any:
    """The class of a plugin, imported and checked, not instantiated.

    Raises:
        PluginError: As for `create`.
    """
    found = [entry for entry in _entries(kind) if entry.name == name]
    if not found:
        raise PluginError(f"no {kind} plugin called '{name}': expected one of {names(kind)}")
    if len({entry.value for entry in found}) > 1:
        owners = ", ".join(entry.value for entry in found)
        raise PluginError(f"two {kind} plugins are called '{name}': {owners}. Remove one.")
    try:
        plugin = found[0].load()
    except Exception as error:
        raise PluginError(
            f"{kind} plugin '{name}' ({found[0].value}) cannot be imported: "
            f"{type(error).__name__}: {error}"
        ) from error
    check(kind, name, plugin)
    return plugin


def check(kind: str, name: str, plugin: Any) -> None:
    """Refuse a class that lacks a member of its contract.

    Raises:
        PluginError: Names the plugin and the missing part.
    """
    _require(kind, name, plugin, ("Config", *_METHODS[kind]))
    if not (isinstance(plugin.Config, type) and issubclass(plugin.Config, Struct)):
        raise PluginError(f"{kind} plugin '{name}': Config must be a msgspec Struct")


def _require(kind: str, name: str, owner: Any, members: tuple[str, ...]) -> None:
    missing = [member for member in members if not hasattr(owner, member)]
    if missing:
        raise PluginError(f"{kind} plugin '{name}' lacks {', '.join(missing)}")


def _entries(kind: str) -> list[EntryPoint]:
    return list(entry_points(group=f"fidget.{kind}"))


def _config(kind: str, name: str, plugin: Any, options: dict[str, Any]) -> Struct:
    allowed = {field.name for field in msgspec.structs.fields(plugin.Config)}
    unknown = sorted(set(options) - allowed)
    if unknown:
        raise ConfigError(
            f"{kind} plugin '{name}': unknown option '{unknown[0]}': allowed are {sorted(allowed)}"
        )
    try:
        config: Struct = msgspec.convert(options, plugin.Config)
    except msgspec.ValidationError as error:
        problem = _not_a_choice(plugin, options) or str(error)
        raise ConfigError(f"{kind} plugin '{name}': {problem}") from error
    return config


def _not_a_choice(plugin: Any, options: dict[str, Any]) -> str:
    """What is allowed instead of an option that is none of few; empty if all are."""
    told: Any = msgspec.inspect.type_info(plugin.Config)
    for field in told.fields:
        one_of = field.type.values if isinstance(field.type, msgspec.inspect.LiteralType) else ()
        given = options.get(field.name, field.default)
        if one_of and given not in one_of:
            return f"option '{field.name}': expected one of {list(one_of)}, got {given!r}"
    return ""

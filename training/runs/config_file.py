"""Typed configurations as JSON files, and changes to them by dotted keys."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from engine.errors import ConfigError

ConfigT = TypeVar("ConfigT", bound=msgspec.Struct)


def overridden(config: ConfigT, changes: dict[str, Any]) -> ConfigT:
    """`config` with dotted keys set, e.g. `{"augment.noise": 0}`.

    Raises:
        ConfigError: There is no such key, or a value is of the wrong type or out of range.
    """
    tree = msgspec.to_builtins(config)
    for key, value in changes.items():
        *path, last = key.split(".")
        section = tree
        for name in path:
            section = section.get(name) if isinstance(section, dict) else None
        if not isinstance(section, dict) or last not in section:
            raise ConfigError(f"{key}: there is no such key; {_allowed(section or tree)}")
        section[last] = value
    try:
        return msgspec.convert(tree, type(config))
    except msgspec.ValidationError as error:
        raise ConfigError(f"{', '.join(changes)}: {error}") from error


def read_config(path: Path, kind: type[ConfigT]) -> ConfigT:
    """The configuration of a run, or one written by hand.

    Args:
        path: JSON.
        kind: What it must be.

    Raises:
        ConfigError: It cannot be read, or does not fit.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def write_config(path: Path, config: msgspec.Struct) -> None:
    """Save it as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(config)) + b"\n")


def _allowed(section: dict[str, Any]) -> str:
    return f"expected one of {', '.join(sorted(section))}"

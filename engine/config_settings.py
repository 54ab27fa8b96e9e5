"""Single settings of a configuration, given as `KEY=VALUE` words of a command line."""

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.config import Config
from engine.config_file import RelationError, check_relations
from engine.errors import ConfigError


def parsed_changes(settings: Sequence[str]) -> dict[str, Any]:
    """Dotted keys and values; a value is JSON, or text if it is no JSON.

    Raises:
        ConfigError: A word is not `KEY=VALUE`.
    """
    changes = {}
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign or not key:
            raise ConfigError(f"expected KEY=VALUE, got '{setting}'")
        try:
            changes[key] = msgspec.json.decode(value)
        except msgspec.DecodeError:
            changes[key] = value
    return changes


def with_settings(config: Config, settings: Sequence[str]) -> Config:
    """A configuration with some keys set, as if they stood in its file.

    Args:
        config: The others.
        settings: `KEY=VALUE` words, such as `recognizer.options.model=lstm.onnx`.

    Raises:
        ConfigError: There is no such key, or a value is not allowed.
    """
    tree = msgspec.to_builtins(config)
    changes = parsed_changes(settings)
    for key, value in changes.items():
        *path, last = key.split(".")
        section = tree
        for name in path:
            section = section.setdefault(name, {})
            if not isinstance(section, dict):
                raise ConfigError(f"--set {key}: '{name}' is a value and has no keys")
        section[last] = value
    try:
        changed = msgspec.convert(tree, Config)
        check_relations(changed)
    except (msgspec.ValidationError, RelationError) as error:
        raise ConfigError(f"--set {' '.join(settings)}: {error}") from error
    return changed

"""Reads the configuration from a TOML file; what is wrong is named with its place."""

import sys
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from engine.config import (
    ClassDecoderConfig,
    Config,
    DecoderConfig,
    GovernorConfig,
    SourceConfig,
    StreamEntry,
)
from engine.config_place import located
from engine.errors import ConfigError
from engine.latency_profile import read_profile, with_profile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ENTRIES: dict[str, type[Struct]] = {"decoder.classes": ClassDecoderConfig, "streams": StreamEntry}


def load_config(path: Path | None, latency: str = "") -> Config:
    """Read a TOML file, and the latency profile whose settings hold where the file has none.

    Args:
        path: The file; None is an empty one.
        latency: The profile, in place of the one that the file names.

    Raises:
        ConfigError: Names file, line, key, what came and what is allowed.
        CalibrationError: The profile cannot be used.
    """
    tree, config = ({}, Config()) if path is None else _read(path)
    named = latency or config.latency.file
    if not named:
        return config
    settled = with_profile({**tree, "latency": {"file": named}}, read_profile(named))
    return msgspec.convert(settled, Config)


def _read(path: Path) -> tuple[dict[str, Any], Config]:
    try:
        # Windows editors put a byte order mark before UTF-8.
        text = path.read_text(encoding="utf-8-sig")
        tree = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    try:
        config = msgspec.convert(tree, Config)
        check_relations(config)
    except (msgspec.ValidationError, RelationError) as error:
        problem = located(path, text, tree, str(error), Config(), _ENTRIES)
        raise ConfigError(problem) from error
    return tree, config


class RelationError(ValueError):
    """Each value is allowed, but not together; worded as msgspec words its errors."""


def check_relations(config: Config) -> None:
    """Refuse values that are each allowed, but not together.

    Raises:
        RelationError: They are not.
    """
    _check_slack(config.governor)
    _check_decoder(config.decoder)
    _check_streams(config)
    _check_slots(config)


def _check_slack(governor: GovernorConfig) -> None:
    if governor.return_slack <= governor.climb_slack:
        raise RelationError(
            f"Expected `return_slack` > `climb_slack`, got return_slack {governor.return_slack:g}"
            f" and climb_slack {governor.climb_slack:g} - at `$.governor.return_slack`"
        )


def _check_decoder(decoder: DecoderConfig) -> None:
    _check_hysteresis(decoder.onset, decoder.offset, "$.decoder.offset")
    for slug, own in decoder.classes.items():
        onset = decoder.onset if own.onset is None else own.onset
        offset = decoder.offset if own.offset is None else own.offset
        _check_hysteresis(onset, offset, f"$.decoder.classes.{slug}")


def _check_streams(config: Config) -> None:
    if config.streams and config.source != SourceConfig():
        raise RelationError(
            "Expected either `[source]` or `[streams]`: each stream names its own source"
            " - at `$.source`"
        )


def _check_slots(config: Config) -> None:
    owners: dict[str, str] = {}
    for camera in config.of_streams():
        name = camera.stream.name
        for slot in camera.slots:
            other = owners.setdefault(slot, name)
            if other != name:
                raise RelationError(
                    f"Expected another name: `{slot}` would be a stream of `{other}` and of "
                    f"`{name}`, of which up to {camera.people.most} people are tracked"
                    " - at `$.streams`"
                )


def _check_hysteresis(onset: float, offset: float, place: str) -> None:
    if offset > onset:
        raise RelationError(
            f"Expected `offset` <= `onset`, got offset {offset:g} and onset {onset:g}"
            f" - at `{place}`"
        )

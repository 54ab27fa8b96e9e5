"""The recognisers that are compared, each in its own words: `NAME` or `NAME:KEY=VALUE,…`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.config import Config, EmotionConfig, PluginConfig
from engine.errors import UsageError


def candidates(specs: Sequence[str], base: Config) -> dict[str, Config]:
    """A configuration for each recogniser; the base's own if none is named.

    Args:
        specs: `NAME` takes the options of the base if it names the same plugin; options after a
            colon are added to them. Values are JSON or else text.
        base: Everything else.

    Raises:
        UsageError: A spec cannot be read, or two are the same.
    """
    chosen = list(specs) or [base.recognizer.use]
    if len(set(chosen)) != len(chosen):
        raise UsageError(f"the same recogniser is named twice: {', '.join(chosen)}")
    quiet = msgspec.structs.replace(base, emotion=EmotionConfig(enabled=False))
    return {spec: msgspec.structs.replace(quiet, recognizer=_plugin(spec, base)) for spec in chosen}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is compared, and where the figures go."""
    parser.add_argument(
        "--recognizer",
        action="append",
        default=[],
        metavar="NAME[:KEY=VALUE,…]",
        help="may be given several times; default is the configured one",
    )
    parser.add_argument("--config", type=Path, help="TOML; default is the engine's own")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")


def _plugin(spec: str, base: Config) -> PluginConfig:
    name, _, text = spec.partition(":")
    options = dict(base.recognizer.options) if name == base.recognizer.use else {}
    for pair in text.split(",") if text else ():
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise UsageError(f"recogniser '{spec}': expected NAME:KEY=VALUE,…, got '{pair}'")
        options[key] = _value(value)
    return PluginConfig(use=name, options=options)


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text

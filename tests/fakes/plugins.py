"""Plugins that exist for one test only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from engine import registry


@contextmanager
def installed_plugin(
    monkeypatch: pytest.MonkeyPatch, kind: str, name: str, plugin: Any
) -> Iterator[None]:
    """`plugin` is found under `name`, beside the shipped ones."""
    shipped = registry.plugin_class

    def find(asked_kind: str, asked: str) -> Any:
        return plugin if (asked_kind, asked) == (kind, name) else shipped(asked_kind, asked)

    with monkeypatch.context() as patch:
        patch.setattr(registry, "plugin_class", find)
        yield

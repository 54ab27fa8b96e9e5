"""A cache of engines, empty and not."""

from pathlib import Path

import pytest

from engine.engine_cache import EngineCache
from tests.fakes.engines import KEY, Builder


@pytest.fixture
def cache(tmp_path: Path) -> EngineCache:
    return EngineCache(tmp_path / "engines")


@pytest.fixture
def filled(cache: EngineCache) -> EngineCache:
    cache.get_or_build(KEY, Builder())
    return cache

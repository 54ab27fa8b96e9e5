"""Keys, plans and files of engines, for tests of the cache."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from engine.engine_cache import EngineCache
from engine.engine_key import EngineKey

KEY = EngineKey(
    model="a" * 64,
    streams=8,
    shapes=(("x", (8, 16, 22)), ("class_logits", (8, 33))),
    precision="as in the model",
    gpu="Card A",
    compute_capability="9.0",
    multiprocessors=132,
    runtime="compiler",
    runtime_version="1.2.3",
    cuda_runtime="13.0",
    driver="13.1 (580.1)",
    options=(("max_aux_streams", "0"), ("tf32", "off")),
    system="Linux x86_64",
)


PLAN = bytes(range(256)) * 40


def like(**changed: Any) -> EngineKey:
    """The key with some fields changed."""
    return replace(KEY, **changed)


class Builder:
    """Gives a plan and counts how often."""

    def __init__(self, plan: bytes = PLAN) -> None:
        self.plan = plan
        self.built = 0

    def __call__(self) -> bytes:
        self.built += 1
        return self.plan


def plan_of(cache: EngineCache, key: EngineKey = KEY) -> Path:
    """Where its plan lies."""
    return cache.folder / f"{key.digest}.plan"


def sidecar_of(cache: EngineCache, key: EngineKey = KEY) -> Path:
    """Where lies what is said about it."""
    return cache.folder / f"{key.digest}.json"

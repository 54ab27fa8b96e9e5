"""Recognisers whose scores a test can foresee."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from msgspec import Struct

from engine.backends import BackendStatus
from engine.config import ClassDecoderConfig
from engine.labels import BY_SLUG, Label
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75


class RaisedHandModel:
    """One class, `touch_jaw`; its score is the confidence of the left wrist."""

    class Config(Struct, frozen=True):
        pass

    skeleton = HOLISTIC_75.name
    labels: tuple[Label, ...] = (BY_SLUG["touch_jaw"],)
    rate_hz = 25.0
    receptive_field = 1
    delay = 0
    model_hash = "fake"
    precision = ""
    backend = BackendStatus()
    late: Bools | None = None
    operating_points: Mapping[str, ClassDecoderConfig] = MappingProxyType({})

    def __init__(self, *_: object) -> None:
        self.resets = 0
        self.on_step: Callable[[], None] = lambda: None

    def warm_up(self) -> None:
        pass

    def reserve(self, streams: int) -> None:
        pass

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        self.on_step()
        return np.asarray(x[:, [HOLISTIC_75.index("left_wrist")], 2], np.float32)

    def reset(self, stream: int | None = None) -> None:
        self.resets += 1

    def close(self) -> None:
        pass


class BlindModel(RaisedHandModel):
    """Abstains from its class at every tick."""

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        self.on_step()
        return np.full((len(x), 1), np.nan, np.float32)

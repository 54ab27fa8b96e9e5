"""A recogniser that knows nothing and remembers all it was shown."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from engine.backends import BackendStatus
from engine.config import ClassDecoderConfig
from engine.labels import LABELS, Label
from engine.poses import F32, Bools
from engine.skeletons import HOLISTIC_75, Skeleton


class Listener:
    """Keeps `StepModel`, for one stream; it abstains from everything.

    Args:
        joint_set: What it is shown.
    """

    labels: tuple[Label, ...] = (LABELS[0],)
    rate_hz = 25.0
    receptive_field = 1
    delay = 0
    model_hash = ""
    precision = ""
    backend = BackendStatus()
    late = None
    operating_points: Mapping[str, ClassDecoderConfig] = MappingProxyType({})

    def __init__(self, joint_set: Skeleton = HOLISTIC_75) -> None:
        self.skeleton = joint_set.name
        self._ticks: list[list[F32]] = [[]]

    @property
    def shown(self) -> int:
        """Ticks since the last reset."""
        return len(self._ticks[-1])

    def ended(self) -> list[F32]:
        """`(T, J, 4)` of each sequence that has ended with a reset; they are forgotten."""
        ended, self._ticks = self._ticks[:-1], self._ticks[-1:]
        return [np.stack(ticks) for ticks in ended]

    def warm_up(self) -> None:
        """Nothing to do."""

    def reserve(self, streams: int) -> None:
        """There is one stream."""

    def step(self, x: F32, active: Bools | None = None) -> F32:
        """Note the tick."""
        self._ticks[-1].append(x[0].copy())
        return np.full((1, len(self.labels)), np.nan, np.float32)

    def reset(self, stream: int | None = None) -> None:
        """Begin a new sequence."""
        if self._ticks[-1]:
            self._ticks.append([])

    def close(self) -> None:
        """Nothing to free."""

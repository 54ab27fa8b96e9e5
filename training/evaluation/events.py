"""Intervals of time, and the events that are compared: true ones and found ones."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Span(Protocol):
    """Anything that has a start and an end, in seconds."""

    @property
    def start_s(self) -> float:
        """First instant."""
        ...

    @property
    def end_s(self) -> float:
        """First instant after."""
        ...


@dataclass(frozen=True)
class Interval:
    """Something that happens from `start_s` to `end_s`, in seconds."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class TrueEvent:
    """What really happened.

    Attributes:
        class_index: Its class, see `training.labels`.
        start_s: First instant, in seconds from the start of the sequence.
        end_s: First instant after.
    """

    class_index: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class FoundEvent:
    """What the decoder made of the scores.

    Attributes:
        class_index: Its class.
        start_s: When it starts, as dated by the decoder.
        end_s: When it ends.
        decided_s: Instant of the tick at which its `start` message was sent.
        score: Mean score, 0..1.
    """

    class_index: int
    start_s: float
    end_s: float
    decided_s: float
    score: float


def events_from_ticks(
    classes: npt.ArrayLike, starts: npt.ArrayLike, ends: npt.ArrayLike, rate_hz: float
) -> tuple[TrueEvent, ...]:
    """True events given in ticks, in order of time.

    Args:
        classes: `(E,)` class indices.
        starts: `(E,)` first instants, in ticks.
        ends: `(E,)` first instants after, in ticks.
        rate_hz: Ticks a second.
    """
    rows = zip(
        np.asarray(classes, np.int64).tolist(),
        (np.asarray(starts, np.float64) / rate_hz).tolist(),
        (np.asarray(ends, np.float64) / rate_hz).tolist(),
        strict=True,
    )
    return tuple(sorted((TrueEvent(*row) for row in rows), key=lambda event: event.start_s))

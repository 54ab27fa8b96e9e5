"""The degrade ladder: what a live stream leaves out, level by level."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.config import Config
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import Governor

_HALF_RATE = "every second frame"


@dataclass(frozen=True)
class Quality:
    """One level.

    Attributes:
        name: For people.
        effort: Index into what the pose network may leave out.
        every: One of so many frames is used.
    """

    name: str
    effort: int
    every: int = 1


def qualities(efforts: tuple[str, ...]) -> tuple[Quality, ...]:
    """From full quality down: the pose network's efforts, then half the frames with the least.

    Args:
        efforts: See `PoseEstimator.efforts`.
    """
    least = len(efforts) - 1
    name = f"{efforts[least]}, {_HALF_RATE}" if least else _HALF_RATE
    return (*(Quality(name, i) for i, name in enumerate(efforts)), Quality(name, least, 2))


def governor_of(
    config: Config, efforts: tuple[str, ...], told: Callable[[Decision], None]
) -> Governor:
    """The governor of a live stream.

    Args:
        config: Of the stream.
        efforts: See `PoseEstimator.efforts`.
        told: See `Governor`.
    """
    names = [quality.name for quality in qualities(efforts)]
    return Governor(config.governor, config.stream.deadline_ms, names, told)

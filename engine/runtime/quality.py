"""The degrade ladder: what a live stream leaves out, level by level."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.config import Config, QualityConfig
from engine.core.pose_stage import PoseStage
from engine.errors import ConfigError
from engine.runtime.governor.decision import Decision
from engine.runtime.governor.governor import Governor


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


def qualities(
    efforts: tuple[str, ...], best: QualityConfig, proposed: int = 0
) -> tuple[Quality, ...]:
    """From the best down: the pose network's efforts, then half the frames with the least.

    Args:
        efforts: See `PoseEstimator.efforts`.
        best: Where to begin.
        proposed: Index of the effort to begin with if `best` does not say.

    Raises:
        ConfigError: The network has no such effort.
    """
    if best.effort not in ("", *efforts):
        raise ConfigError(
            f"[quality] effort: expected one of {', '.join(map(repr, efforts))}, got "
            f"'{best.effort}'"
        )
    first = efforts.index(best.effort) if best.effort else proposed
    steps = [(effort, best.every) for effort in range(first, len(efforts))]
    steps.append((len(efforts) - 1, 2 * best.every))
    return tuple(Quality(_named(efforts, *step), *step) for step in steps)


def _named(efforts: tuple[str, ...], effort: int, every: int) -> str:
    if every == 1:
        return efforts[effort]
    rate = "every second frame" if every == 2 else f"one of {every} frames"
    return f"{efforts[effort]}, {rate}" if effort else rate


@dataclass(frozen=True)
class Governed:
    """What keeps a live stream within its deadline.

    Attributes:
        governor: Decides on the level.
        qualities: What each level leaves out.
    """

    governor: Governor
    qualities: tuple[Quality, ...]


def governed(
    config: Config, pose: PoseStage, told: Callable[[Decision, Quality], None]
) -> Governed:
    """The governor of a live stream, with its levels.

    Args:
        config: Of the stream.
        pose: Its pose stage, which says what it may leave out.
        told: Gets every decision, with the level that holds after it; see `Governor`.

    Raises:
        ConfigError: See `qualities`.
    """
    levels = qualities(pose.efforts, config.quality, pose.live_effort)
    governor = Governor(
        config.governor,
        config.stream.deadline_ms,
        [level.name for level in levels],
        lambda decision: told(decision, levels[decision.level]),
    )
    return Governed(governor, levels)

"""What a live stream gives at each quality, and which quality is good enough."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.config import QualityConfig
from engine.latency_profile import Ages, Asked

# Poses a second that may be missing of those asked for: frames come when they come.
_MISSING = 0.03
_MOST_EVERY = 3


@dataclass(frozen=True)
class QualityTrial:
    """A rehearsal at one quality that was held.

    Attributes:
        name: Of the quality, for people.
        quality: The quality.
        ages: How old messages were.
        pose_ms: What the pose network took, frame by frame.
        publish_ms: From decisions to their publishing.
        recognise_ms: Median, p95 and p99 of the recogniser.
    """

    name: str
    quality: QualityConfig
    ages: Ages
    pose_ms: tuple[float, ...]
    publish_ms: tuple[float, ...]
    recognise_ms: tuple[float, ...]


def worth_trying(
    efforts: Sequence[str], frames_hz: float, poses_hz: float
) -> Iterator[QualityConfig]:
    """The qualities that could give so many poses a second, the best first.

    A pose network that leaves nothing out at half the rate is better than one that leaves hands out
    at the full rate, as long as the rate is what was asked for.

    Args:
        efforts: See `PoseEstimator.efforts`.
        frames_hz: Of the source.
        poses_hz: Asked for.
    """
    for effort in efforts:
        for every in range(1, _MOST_EVERY + 1):
            if every == 1 or frames_hz / every >= (1.0 - _MISSING) * poses_hz:
                yield QualityConfig(effort=effort, every=every)


def shortfall(ages: Ages, asked: Asked) -> str:
    """Why a quality is not good enough, in words; empty if it is."""
    allowed_ms = (1.0 - asked.spare) * asked.deadline_ms
    if ages.count == 0:
        return "nothing was published"
    if ages.poses_hz < (1.0 - _MISSING) * asked.poses_hz:
        return f"fewer than {asked.poses_hz:g} poses a second"
    if ages.p99_ms > allowed_ms:
        return f"p99 is over {allowed_ms:g} ms"
    return ""


def good_enough(tried: Sequence[QualityTrial], asked: Asked) -> list[QualityTrial]:
    """Those without a shortfall, in the same order."""
    return [one for one in tried if not shortfall(one.ages, asked)]


def nearest(tried: Sequence[QualityTrial], asked: Asked) -> QualityTrial:
    """The one that misses by least what was asked, as parts of it.

    Raises:
        ValueError: Nothing was tried.
    """
    return min(tried, key=lambda one: _miss(one.ages, asked))


def _miss(ages: Ages, asked: Asked) -> float:
    too_few = 1.0 - ages.poses_hz / asked.poses_hz
    too_old = ages.p99_ms / ((1.0 - asked.spare) * asked.deadline_ms) - 1.0
    return max(0.0, too_few) + max(0.0, too_old)

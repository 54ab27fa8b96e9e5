"""What `python -m benchmarks pose` is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LANDMARKS, STILL, EVENTS, CASES = "landmarks", "still", "events", "cases"
SPEED, ENDLESS = "speed", "endless"
PARTS = (LANDMARKS, STILL, EVENTS, CASES, SPEED, ENDLESS)
QUALITY = (LANDMARKS, STILL, EVENTS, CASES)
"""What does not depend on the machine."""


@dataclass(frozen=True, kw_only=True)
class PoseOptions:
    """What to measure, and how long.

    Attributes:
        clips: Holds `video/`.
        parts: Of `PARTS`.
        policies: See `contenders.policies`.
        only: Names of clips, or parts of names; empty for all.
        cut_s: Clips end there for everything but events.
        cases_s: Clips end there for cases.
        seeds: Runs of the graph with noise.
        processes: Side by side, for all but speed.
        sheet: Gets pictures of the largest differences, which show people; None draws none.
        rounds: Of each contender over the clips, for speed.
        speed_s: Clips end there for speed.
        cores: Numbers of cores to be timed on.
        frames: Of the endless stream.
        bound_mb: By how much memory may grow in it.
    """

    clips: Path
    parts: Sequence[str] = QUALITY
    policies: Sequence[str] = ()
    only: Sequence[str] = ()
    cut_s: float = 12.0
    cases_s: float = 4.0
    seeds: int = 3
    processes: int = 2
    sheet: Path | None = None
    rounds: int = 3
    speed_s: float = 2.0
    cores: Sequence[int] = (1, 2)
    frames: int = 100_000
    bound_mb: float = 20.0

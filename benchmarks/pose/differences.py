"""The largest differences between two tracks, for a person to look at."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.pose.distances import PARTS, apart
from training.simulator.landmarks.recorded import RecordedPose

# The same difference lasts for many frames; of those nearer in time than this, one is shown.
_SAME_S = 0.5


@dataclass(frozen=True)
class Difference:
    """A part of somebody in a frame.

    Attributes:
        clip: File name.
        frame: Number of the frame.
        time_s: When.
        part: `body`, `left_hand` or `right_hand`.
        distance: Mean over its points, shoulder widths.
    """

    clip: str
    frame: int
    time_s: float
    part: str
    distance: float


def differences(reference: RecordedPose, other: RecordedPose) -> list[Difference]:
    """Of each part in each frame in which both have it."""
    distances = apart(reference, other)
    told = []
    for part, joints in PARTS.items():
        both = np.isfinite(distances[:, joints])
        total = np.where(both, distances[:, joints], 0.0).sum(axis=1)
        for frame in np.flatnonzero(both.any(axis=1)).tolist():
            mean = float(total[frame] / both[frame].sum())
            time_s = float(reference.times_s[frame])
            told.append(Difference(reference.name, frame, time_s, part, mean))
    return told


def largest(found: Iterable[Difference], count: int) -> list[Difference]:
    """The largest first; of one part of one clip only one in half a second."""
    chosen: list[Difference] = []
    for each in sorted(found, key=lambda difference: -difference.distance):
        if len(chosen) == count:
            break
        if not any(_same(each, other) for other in chosen):
            chosen.append(each)
    return chosen


def _same(one: Difference, other: Difference) -> bool:
    return (
        one.clip == other.clip
        and one.part == other.part
        and abs(one.time_s - other.time_s) < _SAME_S
    )

"""Poses of nobody: valid samples where no person is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.pose.distances import places_px
from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.region import F64
from plugins.pose.plausibility import measure
from training.simulator.landmarks.recorded import RecordedPose

_BODY = slice(*HOLISTIC_75.parts["body"])
# A pose is of a person if it is no further from them than so many of their sizes, and not larger
# or smaller by more than this factor.
_NEAR = 1.0
_LIKE = 2.0


@dataclass(frozen=True)
class Person:
    """Where somebody is, frame by frame.

    Attributes:
        middle_px: `(F, 2)` between the shoulders; NaN while they are not there.
        size_px: `(F,)` shoulder width as `plausibility.measure` tells it; NaN likewise.
    """

    middle_px: F64
    size_px: F64

    def seen_through(self, matrix: F64) -> "Person":
        """The same in another picture.

        Args:
            matrix: `(2, 3)`, or one for each frame `(F, 2, 3)`: from this picture to that.
        """
        turn, shift = matrix[..., :2], matrix[..., 2]
        middle = np.einsum("...ij,...j->...i", turn, self.middle_px) + shift
        scale = np.sqrt(np.abs(np.linalg.det(turn)))
        return Person(middle, self.size_px * scale)


@dataclass(frozen=True)
class Verdict:
    """What came of a clip, in seconds.

    Attributes:
        tracked_s: With a pose of somebody who is there.
        lost_s: Without a pose.
        ghost_s: With a pose of nobody, in all.
        longest_ghost_s: The longest stretch of that.
    """

    tracked_s: float
    lost_s: float
    ghost_s: float
    longest_ghost_s: float


def person(track: RecordedPose) -> Person:
    """The one that a track follows."""
    middle = np.full((len(track.valid), 2), np.nan)
    size = np.full(len(track.valid), np.nan)
    for frame in np.flatnonzero(track.valid).tolist():
        body = track.joints[frame, _BODY]
        figure = measure(body, 1.0, track.width_px, track.height_px)
        middle[frame] = figure.x_px, figure.y_px
        size[frame] = figure.size_px
    return Person(middle, size)


def ghosts(
    track: RecordedPose, people: list[Person], known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """`(F,)` whether there is a pose, and it is of none of the people.

    Args:
        track: What is judged.
        people: Everybody who may be there.
        known: `(F,)` whether that is all; elsewhere nothing is a ghost.
    """
    own = person(track)
    of_somebody = np.zeros(len(track.valid), np.bool_)
    for each in people:
        away = np.hypot(*(own.middle_px - each.middle_px).T)
        grown = np.abs(np.log(own.size_px / each.size_px))
        of_somebody |= (away <= _NEAR * each.size_px) & (grown <= np.log(_LIKE))
    return np.asarray(track.valid & known & ~of_somebody, np.bool_)


def verdict(track: RecordedPose, ghost: npt.NDArray[np.bool_]) -> Verdict:
    """Sum it up; each frame lasts until the next one."""
    steps = np.diff(track.times_s)
    lasts_s = np.append(steps, np.median(steps) if steps.size else 0.0)
    longest = run = 0.0
    for is_ghost, seconds in zip(ghost.tolist(), lasts_s.tolist(), strict=True):
        run = run + seconds if is_ghost else 0.0
        longest = max(longest, run)
    return Verdict(
        tracked_s=round(float(lasts_s[track.valid & ~ghost].sum()), 3),
        lost_s=round(float(lasts_s[~track.valid].sum()), 3),
        ghost_s=round(float(lasts_s[ghost].sum()), 3),
        longest_ghost_s=round(longest, 3),
    )


def median_joint_px(track: RecordedPose, joint: str) -> F64:
    """`(2,)` where a joint mostly is; NaN if it is never seen."""
    places = places_px(track)[track.valid, HOLISTIC_75.index(joint)]
    return np.asarray(np.median(places, axis=0) if len(places) else [np.nan, np.nan], np.float64)

"""How far two tracks of one clip are apart, in shoulder widths of the first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.skeletons import HOLISTIC_75
from plugins.pose.direct.region import F64
from training.simulator.landmarks.recorded import RecordedPose

BODY = slice(0, 25)
"""The upper body, from the nose to the hips."""
HANDS = {name: slice(*HOLISTIC_75.parts[name]) for name in ("left_hand", "right_hand")}
PARTS = {"body": BODY, **HANDS}
_SHOULDERS = [HOLISTIC_75.index(f"{side}_shoulder") for side in ("left", "right")]
# A shoulder width below this, in pixels, is none.
_NARROWEST_PX = 1.0


@dataclass(frozen=True)
class Found:
    """In how many frames somebody, or a hand of theirs, was found.

    Attributes:
        reference: By the reference.
        other: By the other.
        both: By both.
    """

    reference: int
    other: int
    both: int


def places_px(track: RecordedPose) -> F64:
    """`(F, 75, 2)` float64 pixels; NaN for joints that are not there."""
    size_px = (track.width_px, track.height_px)
    places = track.joints[..., :2].astype(np.float64) * size_px
    places[track.joints[..., 2] <= 0] = np.nan
    return places


def shoulders_px(track: RecordedPose) -> F64:
    """`(F,)` shoulder widths; NaN where nobody is, or where they are seen from the side."""
    left, right = (places_px(track)[:, joint] for joint in _SHOULDERS)
    width = np.hypot(*(left - right).T)
    width[~(width >= _NARROWEST_PX)] = np.nan
    return np.asarray(width, np.float64)


def apart(reference: RecordedPose, other: RecordedPose) -> F64:
    """`(F, 75)` distances; NaN where not both have the joint."""
    away = places_px(other) - places_px(reference)
    return np.asarray(np.hypot(away[..., 0], away[..., 1]) / shoulders_px(reference)[:, None])


def has(track: RecordedPose, part: str) -> npt.NDArray[np.bool_]:
    """`(F,)` whether the part was found in each frame."""
    return np.asarray((track.joints[:, PARTS[part], 2] > 0).any(axis=1), np.bool_)


def found(reference: RecordedPose, other: RecordedPose, part: str) -> Found:
    """Counts of frames with a part."""
    theirs, ours = has(reference, part), has(other, part)
    return Found(int(theirs.sum()), int(ours.sum()), int((theirs & ours).sum()))


def of_body(distances: F64) -> F64:
    """Those of the upper body out of `(F, 75)` or `(F, 75, …)`, flat and finite."""
    return _finite(distances[:, BODY])


def of_hands(distances: F64) -> F64:
    """Those of both hands, the same."""
    return np.concatenate([_finite(distances[:, part]) for part in HANDS.values()])


def _finite(values: F64) -> F64:
    return np.asarray(values[np.isfinite(values)], np.float64)

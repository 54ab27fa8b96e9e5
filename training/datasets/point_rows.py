"""From the rows of a table of points to `Poses`."""

import numpy as np

from training.datasets.number_table import F64
from training.datasets.points import PointLayout, failed_frames, leaning, to_imigue
from training.datasets.poses import Poses
from training.datasets.published import HEIGHT_PX, WIDTH_PX

_NOT_TOLD = "no frame shows which hand is whose: taken as OpenPose's order, left first"
_NO_HANDS = "the file has no fingertips: they are missing in all frames"
_SWAPPED = "the first hand of the file is nearer to the right wrist: taken as the right hand"


def poses_of(values: F64, layout: PointLayout) -> Poses:
    """The joints of a video, its hands given to the nearer wrists over the whole video.

    Args:
        values: `(T, 3 P)` x, y, confidence of each point in turn, pixels of 1280 × 720.
        layout: Where the joints are.
    """
    points = values.astype(np.float32).reshape(len(values), layout.count, 3)
    lean_px, told = leaning(points, layout)
    notes = []
    if not layout.first_hand:
        notes.append(_NO_HANDS)
    elif not told:
        notes.append(_NOT_TOLD)
    elif lean_px > 0:
        notes.append(_SWAPPED)
    return Poses(
        to_imigue(points, layout, first_is_right=lean_px > 0),
        failed_frames(points),
        WIDTH_PX,
        HEIGHT_PX,
        tuple(notes),
    )

"""What was seen, as parts of the picture."""

from collections.abc import Sequence

import numpy as np

from engine.poses import F32
from plugins.pose.direct.body import POINTS, Body
from plugins.pose.direct.region import F64
from plugins.pose.landmarks import Landmarks

SeenHand = tuple[F64, float] | None
"""`(21, 3)` points, px, and a score; None for a hand that is not there."""
SeenFace = tuple[F64, float] | None
"""`(22, 3)` points, px, and a score; None for a face that is not there, or not wanted."""


def landmarks(
    body: Body, hands: Sequence[SeenHand], size_px: tuple[int, int], face: SeenFace = None
) -> Landmarks:
    """Landmarks of one person.

    Args:
        body: Its body.
        hands: The left hand and the right one.
        size_px: Width and height of the picture.
        face: Its face.
    """
    left, right = hands
    points = _parts(body.points_px[:POINTS], size_px)
    visibility = body.visibility.astype(np.float32)
    return Landmarks(
        body=np.concatenate((points, visibility[:, None]), axis=1),
        left_hand=_parts(left[0], size_px) if left else None,
        right_hand=_parts(right[0], size_px) if right else None,
        body_score=body.score,
        left_score=left[1] if left else 0.0,
        right_score=right[1] if right else 0.0,
        face=_parts(face[0], size_px) if face else None,
        face_score=face[1] if face else 0.0,
    )


def _parts(points_px: F64, size_px: tuple[int, int]) -> F32:
    """X and z as parts of the width, y of the height."""
    width_px, height_px = size_px
    return (points_px / (width_px, height_px, width_px)).astype(np.float32)

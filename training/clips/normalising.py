"""Points of one clip in the person's own units."""

import numpy as np

from engine.poses import F32, Bools
from engine.skeletons import IMIGUE_22

_NECK = IMIGUE_22.index("neck")
_SHOULDERS = IMIGUE_22.index("left_shoulder"), IMIGUE_22.index("right_shoulder")
_EARS = IMIGUE_22.index("left_ear"), IMIGUE_22.index("right_ear")
# Shoulders are so many times as far apart as ears: `engine.core.normalize` has the same.
_SHOULDERS_PER_EARS = 2.4
_CONFIDENCE = 2


def normalised(points: F32, failed: Bools) -> F32:
    """Centred on the neck and in shoulder widths, both as medians over the clip.

    Medians over the clip look ahead; a model that steps gets the engine's running normaliser.

    Args:
        points: `(T, 22, 3)` float32 pixels and confidence.
        failed: `(T,)` frames without a pose; all their joints are missing.

    Returns:
        `(T, 22, 3)` float32: x, y and confidence, 0 where a joint is missing. All 0 if there is no
        frame to take the neck or a width from.
    """
    seen = (points[..., _CONFIDENCE] > 0) & ~failed[:, None]
    out = np.zeros(points.shape, np.float32)
    width_px = _width_px(points, seen)
    if width_px is None or not seen[:, _NECK].any():
        return out
    middle = np.median(points[seen[:, _NECK], _NECK, :2], axis=0)
    out[..., :2] = (points[..., :2] - middle) / width_px
    out[..., _CONFIDENCE] = points[..., _CONFIDENCE]
    out[~seen] = 0.0
    return out


def _width_px(points: F32, seen: Bools) -> float | None:
    """Shoulder width, by the ears if the shoulders are never seen."""
    for (one, other), times in ((_SHOULDERS, 1.0), (_EARS, _SHOULDERS_PER_EARS)):
        both = seen[:, one] & seen[:, other]
        if both.any():
            apart = points[both, one, :2] - points[both, other, :2]
            width = float(np.median(np.hypot(*apart.T))) * times
            if width > 0:
                return width
    return None

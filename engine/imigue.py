"""Joints of the pose stage as the 22 joints of iMiGUE, and the other way round."""

import numpy as np

from engine.poses import F32
from engine.skeletons import HOLISTIC_75, IMIGUE_22, IMIGUE_FROM_HOLISTIC

_FIRST = [sources[0] for sources in IMIGUE_FROM_HOLISTIC]
_LAST = [sources[-1] for sources in IMIGUE_FROM_HOLISTIC]
_SINGLE = [len(sources) == 1 for sources in IMIGUE_FROM_HOLISTIC]
_CONFIDENCE = 2


def from_holistic(x: F32) -> F32:
    """The joints of `IMIGUE_22` out of those of `HOLISTIC_75`.

    The neck is the middle of the shoulders, as sure as the less sure of them. A joint that is
    missing, or made of one that is, is all 0.

    Args:
        x: `(..., 75, C)` float32, C >= 3: x, y, confidence and what else there is of a joint.

    Returns:
        `(..., 22, C)` float32, a new array.

    Raises:
        ValueError: Another shape.
    """
    if x.ndim < 2 or x.shape[-2] != len(HOLISTIC_75) or x.shape[-1] <= _CONFIDENCE:
        raise ValueError(f"expected joints (..., {len(HOLISTIC_75)}, 3 or more), got {x.shape}")
    first, last = x[..., _FIRST, :], x[..., _LAST, :]
    out = (first + last) / np.float32(2.0)
    confidence = np.minimum(first[..., _CONFIDENCE], last[..., _CONFIDENCE])
    out[..., _CONFIDENCE] = confidence
    out[confidence <= 0] = 0.0
    return out


def into_holistic(x: F32) -> F32:
    """The joints of `IMIGUE_22` where `HOLISTIC_75` has them; the others are missing.

    The neck has no place there: `from_holistic` makes it of the shoulders again.

    Args:
        x: `(..., 22, C)` float32, C >= 3, as of `from_holistic`.

    Returns:
        `(..., 75, C)` float32, a new array.

    Raises:
        ValueError: Another shape.
    """
    if x.ndim < 2 or x.shape[-2] != len(IMIGUE_22) or x.shape[-1] <= _CONFIDENCE:
        raise ValueError(f"expected joints (..., {len(IMIGUE_22)}, 3 or more), got {x.shape}")
    out = np.zeros((*x.shape[:-2], len(HOLISTIC_75), x.shape[-1]), np.float32)
    out[..., np.array(_FIRST)[_SINGLE], :] = x[..., _SINGLE, :]
    return out

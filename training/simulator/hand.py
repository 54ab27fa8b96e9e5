"""The 21 points of a hand from how its fingers are bent.

A hand's own axes: x towards the thumb, y from the wrist to the middle knuckle, z out of the palm.
Unit is that length (wrist to middle knuckle, about 9.5 cm). The same for both hands; the left and
the right one differ in where their axes point.
"""

import numpy as np

from engine.poses import F32

POINT_COUNT = 21
TIPS = (4, 8, 12, 16, 20)
# Knuckles, lengths of the three bones beyond them, and how far each finger fans out at spread 1.
_KNUCKLES = np.array(
    [(0.28, 0.97, 0.0), (0.03, 1.0, 0.0), (-0.21, 0.94, 0.0), (-0.43, 0.83, 0.0)], np.float32
)
_BONES = np.array(
    [(0.44, 0.26, 0.22), (0.48, 0.31, 0.23), (0.44, 0.29, 0.22), (0.34, 0.20, 0.19)], np.float32
)
_FAN = np.array([0.16, 0.02, -0.12, -0.28], np.float32)
# Flexion of the three joints of a finger at curl 1, rad.
_FLEX = np.array([1.35, 1.75, 1.05], np.float32)
_THUMB_ROOT = np.array((0.30, 0.25, 0.06), np.float32)
_THUMB_BONES = np.array((0.42, 0.34, 0.29), np.float32)
# Direction of the thumb when it stands off, and when it lies across the palm.
_THUMB_OUT = np.array((0.82, 0.55, 0.15), np.float32)
_THUMB_IN = np.array((-0.10, 0.75, 0.65), np.float32)

# What of a hand touches: weights over its points.
CONTACTS: dict[str, tuple[int, ...]] = {
    "index": (8,),
    "middle": (12,),
    "thumb": (4,),
    "pinch": (4, 8),
    "tips": (8, 12, 16),
    "all_tips": (4, 8, 12, 16, 20),
    "fingers": (6, 7, 10, 11, 14, 15),
    "palm": (0, 5, 9, 17),
    "knuckles": (5, 9, 13, 17),
    "fist": (6, 10, 14, 18),
    "wrist": (0,),
}


def hand_points(curl: F32, thumb: F32 | np.float32, spread: F32 | np.float32) -> F32:
    """Points in the hand's own axes.

    Args:
        curl: (..., 4) bend of index to little finger, 0 straight to 1 a fist.
        thumb: (...,) 0 standing off to 1 across the palm.
        spread: (...,) 0 closed to 1 fanned out.

    Returns:
        (..., 21, 3) float32.
    """
    out = np.zeros((*curl.shape[:-1], POINT_COUNT, 3), np.float32)
    angle = np.zeros_like(curl)
    place = np.broadcast_to(_KNUCKLES, (*curl.shape, 3)).copy()
    fan = _FAN * np.asarray(spread)[..., None]
    out[..., 5::4, :] = place
    for bone in range(3):
        angle = angle + _FLEX[bone] * curl
        # A bent finger no longer fans out.
        side = np.sin(fan) * np.cos(angle)
        step = np.stack([side, np.cos(angle) * np.cos(fan), np.sin(angle)], axis=-1)
        place = place + step * _BONES[:, bone, None]
        out[..., 6 + bone :: 4, :] = place
    out[..., 1:5, :] = _thumb_points(thumb)
    return out


def _thumb_points(thumb: F32 | np.float32) -> F32:
    part = np.asarray(thumb)[..., None]
    direction = _THUMB_OUT * (1.0 - part) + _THUMB_IN * part
    direction = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    along = np.concatenate([[0.0], np.cumsum(_THUMB_BONES)])[:, None]
    return np.asarray(_THUMB_ROOT + direction[..., None, :] * along, np.float32)


def contact_point(contact: str, curl: F32, thumb: float, spread: float) -> F32:
    """Where a hand of fixed shape touches, (3,) in its own axes."""
    shape = np.array((thumb, spread), np.float32)
    points = hand_points(curl, shape[0], shape[1])
    touching: F32 = points[list(CONTACTS[contact])].mean(axis=0)
    return touching

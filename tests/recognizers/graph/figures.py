"""A plain person in the units a recogniser gets, with a hand wherever a test wants it."""

import numpy as np

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.hand import hand_points

_PLACES = {
    "nose": (0.0, -0.60, -1.0),
    "eye_inner": (0.05, -0.68, -0.8),
    "eye": (0.10, -0.68, -0.8),
    "eye_outer": (0.14, -0.68, -0.8),
    "ear": (0.19, -0.62, -0.5),
    "mouth": (0.08, -0.47, -0.8),
    "shoulder": (0.5, 0.0, -0.3),
    "elbow": (0.65, 0.8, -0.3),
    "wrist": (0.5, 1.45, -0.6),
    "hip": (0.27, 1.45, 0.0),
}
_HAND_LENGTH = 0.28


def figure() -> F32:
    """(75, 4) somebody upright with both hands in the lap."""
    x = np.zeros((75, 4), np.float32)
    for index, joint in enumerate(HOLISTIC_75.joints[:33]):
        stem = (
            joint.replace("left_", "")
            .replace("right_", "")
            .replace("_left", "")
            .replace("_right", "")
        )
        if stem in _PLACES:
            across, down, depth = _PLACES[stem]
            sign = -1.0 if "right" in joint else 1.0 if "left" in joint else 0.0
            x[index] = (sign * across, down, 0.99, depth)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        place_hand(x, side, complex(sign * 0.5, 1.45), complex(-0.3 * sign, 1.0))
    return x


def touching(place: str) -> F32:
    """(75, 4) with the left index fingertip at a joint of the body."""
    x = figure()
    target = complex(*x[HOLISTIC_75.index(place), :2].tolist())
    toward = complex(-0.3, -1.0) / abs(complex(-0.3, -1.0))
    place_hand(x, "left", 0j, toward)
    tip = complex(*x[HOLISTIC_75.index("left_hand_index_tip"), :2].tolist())
    place_hand(x, "left", target - tip, toward)
    x[HOLISTIC_75.index("left_elbow"), :2] = (0.8, 0.6)
    return x


def place_hand(x: F32, side: str, wrist: complex, toward: complex) -> None:
    """A flat open hand whose middle finger points `toward`; fills the pose's finger points too."""
    flat = hand_points(np.full(4, 0.05, np.float32), np.float32(0.2), np.float32(0.5))
    thumb_side = 1.0 if side == "left" else -1.0
    along = toward / abs(toward)
    across = along * 1j * thumb_side
    points = wrist + _HAND_LENGTH * (flat[:, 1] * along + flat[:, 0] * across)
    start, end = HOLISTIC_75.parts[f"{side}_hand"]
    x[start:end, 0], x[start:end, 1], x[start:end, 2] = points.real, points.imag, 0.95
    for name, point in (("wrist", 0), ("index", 5), ("pinky", 17), ("thumb", 2)):
        joint = HOLISTIC_75.index(f"{side}_{name}")
        x[joint] = (points[point].real, points[point].imag, 0.99, -0.8)

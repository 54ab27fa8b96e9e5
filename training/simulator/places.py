"""Named places that a hand can go to: on head, neck, trunk and arms, or in the air.

Coordinates are sideways (towards the acting hand's own side), up and forward (to the camera). On
the head they count in ear distances from the middle of the eyes, from the plane of the ears; on
the trunk in shoulder widths from the middle of the shoulders. On an arm the first counts along
the segment, 0..1, the others in shoulder widths off it.
"""

from dataclasses import dataclass
from typing import Literal

FrameName = Literal["room", "trunk", "head", "forearm", "upper_arm"]
FRAMES: tuple[FrameName, ...] = ("room", "trunk", "head", "forearm", "upper_arm")
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Place:
    """A place, or the middle of many.

    Attributes:
        frame: What it moves with; `forearm` and `upper_arm` are of the other arm.
        at: Where its middle is.
        normal: Out of the surface; a palm faces against it.
        fingers: Where fingers point that rest there.
        spread: Deviation of single touches from the middle, in the frame's unit.
        pole: Where the elbow points.
        hidden: Whether a camera in front does not see a hand there.
    """

    frame: FrameName
    at: Triple
    normal: Triple = (0.0, 0.0, 1.0)
    fingers: Triple = (-0.4, 0.85, -0.3)
    spread: float = 0.06
    pole: Triple = (0.55, -1.0, -0.25)
    hidden: bool = False


_FROM_SIDE: Triple = (-0.85, 0.35, -0.25)
_ELBOW_OUT: Triple = (1.0, -0.35, 0.1)
_DOWN: Triple = (-0.1, -1.0, 0.15)

PLACES: dict[str, Place] = {
    # Head: the surface lies outside the pose network's own face points.
    "forehead": Place("head", (0.06, 0.34, 0.66), (0.1, 0.25, 1.0), (-0.7, 0.6, -0.2), 0.10),
    "brow": Place("head", (0.25, 0.17, 0.64), (0.2, 0.1, 1.0), (-0.6, 0.7, -0.2), 0.06),
    "temple": Place("head", (0.52, 0.16, 0.36), (0.9, 0.1, 0.5), (-0.5, 0.65, -0.5), 0.06),
    "eye": Place("head", (0.27, 0.0, 0.64), (0.2, 0.0, 1.0), (-0.4, 0.85, -0.25), 0.04),
    "bridge": Place("head", (0.0, 0.0, 0.70), (0.0, 0.0, 1.0), (-0.4, 0.85, -0.25), 0.03),
    "nose": Place("head", (0.02, -0.26, 0.80), (0.1, -0.1, 1.0), (-0.4, 0.85, -0.3), 0.04),
    "nostril": Place("head", (0.08, -0.33, 0.72), (0.2, -0.3, 1.0), (-0.3, 0.9, -0.3), 0.04),
    "cheek": Place("head", (0.38, -0.34, 0.52), (0.6, 0.0, 0.8), (-0.3, 0.8, -0.5), 0.09),
    "lips": Place("head", (0.05, -0.56, 0.70), (0.1, 0.0, 1.0), (-0.4, 0.85, -0.3), 0.06),
    "upper_lip": Place("head", (0.0, -0.43, 0.72), (0.0, 0.0, 1.0), (-0.8, 0.5, -0.2), 0.04),
    "chin": Place("head", (0.03, -0.84, 0.62), (0.1, -0.5, 0.9), (-0.4, 0.85, -0.3), 0.07),
    "under_chin": Place("head", (0.05, -0.96, 0.42), (0.0, -1.0, 0.3), (-0.6, 0.6, -0.4), 0.08),
    "jaw": Place("head", (0.42, -0.68, 0.34), (0.8, -0.4, 0.4), (-0.4, 0.7, -0.55), 0.08),
    "ear": Place("head", (0.60, -0.13, 0.02), (1.0, 0.0, 0.2), (-0.5, 0.5, -0.7), 0.05),
    "lobe": Place("head", (0.57, -0.32, 0.04), (1.0, -0.2, 0.2), (-0.5, 0.5, -0.7), 0.03),
    "crown": Place("head", (0.15, 0.86, 0.05), (0.1, 1.0, 0.1), _FROM_SIDE, 0.15, _ELBOW_OUT),
    "hair_line": Place("head", (0.15, 0.62, 0.46), (0.2, 0.7, 0.7), _FROM_SIDE, 0.12, _ELBOW_OUT),
    "scalp_side": Place(
        "head", (0.62, 0.45, 0.0), (1.0, 0.5, 0.0), (-0.4, 0.8, -0.3), 0.12, _ELBOW_OUT
    ),
    "back_of_head": Place(
        "head", (0.32, 0.2, -0.78), (0.3, 0.1, -1.0), (-0.8, 0.3, -0.5), 0.15, _ELBOW_OUT
    ),
    "behind_ear": Place("head", (0.62, 0.02, -0.28), (0.9, 0.0, -0.4), (-0.4, 0.3, -0.85), 0.06),
    "hair_side": Place("head", (0.72, -0.15, -0.05), (1.0, 0.0, 0.1), (-0.45, 0.45, -0.75), 0.10),
    "hair_long": Place("head", (0.62, -0.85, 0.12), (0.9, 0.0, 0.5), (-0.5, 0.45, -0.7), 0.18),
    "fringe": Place("head", (0.22, 0.50, 0.60), (0.2, 0.3, 1.0), (-0.7, 0.6, -0.2), 0.10),
    "hat_brim": Place("head", (0.15, 0.55, 0.85), (0.1, 0.3, 1.0), (-0.7, 0.5, -0.4), 0.12),
    "throat": Place("head", (0.06, -1.22, 0.30), (0.1, 0.0, 1.0), (-0.7, 0.35, -0.6), 0.08),
    "neck_side": Place("head", (0.42, -1.0, 0.02), (1.0, 0.0, 0.3), (-0.55, 0.25, -0.8), 0.10),
    "neck_back": Place(
        "head", (0.25, -0.85, -0.50), (0.3, 0.0, -1.0), (-0.55, 0.15, -0.8), 0.12, (0.9, -0.3, 0.4)
    ),
    # Trunk.
    "notch": Place("trunk", (0.0, 0.07, 0.20), (0.0, 0.3, 1.0), (-0.85, 0.4, -0.25), 0.03),
    "collar": Place("trunk", (0.12, 0.06, 0.20), (0.3, 0.3, 1.0), (-0.7, 0.6, -0.3), 0.05),
    "collar_side": Place("trunk", (0.20, 0.15, 0.12), (0.6, 0.6, 0.6), (-0.5, 0.5, -0.7), 0.05),
    "tie": Place("trunk", (0.0, -0.10, 0.25), (0.0, 0.1, 1.0), (-0.8, 0.5, -0.2), 0.08),
    "button": Place("trunk", (0.02, -0.35, 0.30), (0.0, 0.0, 1.0), (-0.9, 0.2, -0.2), 0.15),
    "chest": Place("trunk", (-0.12, -0.28, 0.28), (0.0, 0.1, 1.0), (-0.9, 0.25, -0.1), 0.12),
    "belly": Place("trunk", (0.0, -0.85, 0.34), (0.0, 0.0, 1.0), (-0.95, 0.0, -0.1), 0.15),
    "shoulder": Place("trunk", (-0.46, 0.06, 0.10), (-0.2, 0.8, 0.6), (-0.9, 0.3, -0.2), 0.08),
    "own_shoulder": Place("trunk", (0.45, 0.08, 0.08), (0.3, 0.9, 0.3), (-0.2, 0.3, -0.9), 0.08),
    "flank": Place("trunk", (0.30, -0.60, 0.24), (0.5, 0.0, 0.9), (-0.7, -0.3, 0.0), 0.15),
    "hip": Place(
        "trunk", (0.52, -1.30, 0.08), (0.9, 0.3, 0.2), (-0.5, -0.55, 0.6), 0.06, (1.0, 0.1, -0.5)
    ),
    "low_back": Place(
        "trunk",
        (0.06, -1.15, -0.36),
        (0.0, 0.0, -1.0),
        (-0.9, -0.3, 0.0),
        0.08,
        (0.6, -0.3, -1.0),
        hidden=True,
    ),
    "shoulder_blade": Place(
        "trunk",
        (0.18, -0.05, -0.28),
        (0.0, 0.0, -1.0),
        (-0.4, -0.6, -0.6),
        0.08,
        (0.4, 1.0, 0.3),
        hidden=True,
    ),
    "back_itch": Place(
        "trunk",
        (-0.1, -0.75, -0.33),
        (0.0, 0.0, -1.0),
        (-0.5, 0.7, 0.0),
        0.12,
        (0.8, -0.3, -0.9),
        hidden=True,
    ),
    "inner_elbow": Place(
        "trunk", (-0.42, -0.70, 0.30), (0.0, 0.2, 1.0), (-0.9, 0.15, -0.15), 0.06, (0.9, -0.8, 0.1)
    ),
    "under_upper_arm": Place(
        "trunk",
        (-0.40, -0.58, 0.20),
        (0.0, 0.2, 1.0),
        (-0.9, 0.2, -0.3),
        0.06,
        (0.9, -0.8, 0.1),
        hidden=True,
    ),
    # The other arm.
    "forearm": Place("forearm", (0.55, 0.02, 0.13), (0.0, 0.0, 1.0), (-0.8, -0.1, -0.2), 0.12),
    "wrist": Place("forearm", (0.95, 0.02, 0.10), (0.0, 0.0, 1.0), (-0.8, -0.1, -0.2), 0.05),
    "elbow": Place("forearm", (0.06, -0.03, 0.12), (0.0, 0.0, 1.0), (-0.8, -0.1, -0.3), 0.06),
    "upper_arm": Place("upper_arm", (0.55, 0.02, 0.16), (0.0, 0.0, 1.0), (-0.9, 0.1, -0.3), 0.15),
    # Where hands meet, and where they are in the air.
    "meet_high": Place("trunk", (0.0, -0.40, 0.75), (0.0, 0.0, 1.0), (-0.2, 0.9, 0.2), 0.14),
    "meet_chest": Place("trunk", (0.0, -0.25, 0.70), (0.0, 0.0, 1.0), (-0.3, 0.8, 0.3), 0.20),
    "meet_mid": Place("trunk", (0.0, -0.85, 0.80), (0.0, 0.0, 1.0), (-0.4, 0.4, 0.6), 0.16),
    "meet_low": Place("room", (0.0, -1.08, 0.85), (0.0, 1.0, 0.3), (-0.4, 0.1, 0.8), 0.16),
    "meet_chin": Place("trunk", (0.0, 0.12, 0.62), (0.0, 0.0, 1.0), (-0.3, 0.9, 0.1), 0.10),
    "before_chest": Place("trunk", (0.12, -0.18, 0.65), (0.0, 0.3, 1.0), (-0.6, 0.6, 0.3), 0.18),
    "air_near": Place("trunk", (0.22, -0.45, 0.85), (0.0, 0.3, 1.0), (-0.2, 0.6, 0.6), 0.16),
    "air_front": Place("trunk", (0.35, -0.55, 0.95), (0.0, 0.3, 1.0), (-0.1, 0.6, 0.6), 0.25),
    "air_wide": Place("trunk", (0.85, -0.55, 0.65), (-0.2, 0.8, 0.6), (0.2, 0.6, 0.5), 0.22),
    "air_high": Place("trunk", (0.60, 0.20, 0.65), (-0.3, 0.0, 1.0), (0.0, 0.95, 0.2), 0.20),
    "beside_head": Place("head", (1.35, -0.10, 0.25), (-0.5, 0.0, 1.0), (0.0, 1.0, 0.1), 0.22),
    "before_face": Place("head", (0.05, -0.25, 2.3), (0.0, 0.0, 1.0), (-0.3, 0.9, 0.1), 0.40),
    "before_chin": Place("head", (0.05, -0.95, 1.7), (0.0, 0.0, 1.0), (-0.3, 0.9, 0.1), 0.25),
    "before_lens": Place("head", (0.1, -0.3, 3.2), (0.0, 0.0, 1.0), (-0.1, 0.6, 0.8), 0.6),
    "cup": Place("head", (0.10, -0.62, 1.35), (0.0, 0.0, 1.0), (-0.8, 0.45, 0.1), 0.06),
    "microphone": Place("head", (0.06, -0.80, 1.45), (0.0, 0.0, 1.0), (-0.5, 0.8, 0.2), 0.18),
    "phone": Place("head", (0.74, -0.20, 0.16), (1.0, 0.0, 0.2), (-0.3, 0.75, -0.55), 0.04),
    # Where hands rest.
    "lap": Place(
        "room", (0.30, -1.38, 0.55), (0.0, 1.0, 0.1), (-0.4, -0.2, 0.9), 0.12, hidden=True
    ),
    "desk": Place("room", (0.40, -1.05, 0.95), (0.0, 1.0, 0.1), (-0.5, 0.0, 0.85), 0.14),
    "keyboard": Place("room", (0.25, -1.08, 1.05), (0.0, 1.0, 0.0), (-0.15, 0.05, 1.0), 0.08),
    "mouse": Place("room", (0.62, -1.08, 1.0), (0.0, 1.0, 0.0), (-0.05, 0.05, 1.0), 0.08),
    "page": Place("room", (0.15, -1.10, 0.90), (0.2, 0.9, 0.2), (-0.6, 0.0, 0.7), 0.08),
    "arm_rest": Place("room", (0.85, -1.15, 0.55), (0.0, 1.0, 0.0), (0.0, -0.1, 1.0), 0.08),
    "hanging": Place("trunk", (0.66, -1.75, 0.10), (0.8, 0.0, 0.3), _DOWN, 0.08, (0.3, 0.0, -1.0)),
}

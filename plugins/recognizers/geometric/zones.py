"""Where on the body a touch belongs to which class: one table, in face and shoulder widths.

Every zone is a set of capsules (line pieces with a radius) between anchors. An anchor is a
weighted sum of measured points plus an offset along the head's or the trunk's own axes, so zones
turn with a rolled head and shift with a turned one. Face unit: the distance of the ears seen from
the front (about 14 cm). Trunk unit: the shoulder width (about 36 cm).

Vertical budget in face units below the eyes, from anthropometry and MediaPipe's points on real
people: crown -0.8, hair line -0.5, brows -0.15, ears 0.15, nose tip 0.25, mouth 0.55, chin 0.85,
jaw angle 0.6, notch 1.55, shoulder line 1.78.
"""

from dataclasses import dataclass

POINTS = (
    *("eye_l", "eye_r", "ear_l", "ear_r", "mouth_l", "mouth_r"),
    *("nose", "eyes", "ears", "mouth", "neck"),
    *("face_right", "face_down", "trunk_right", "trunk_down"),
)


@dataclass(frozen=True)
class Zone:
    """A part of the surface that one class is about.

    Attributes:
        slug: Class of a touch here.
        capsules: `(from, to, radius)`; anchor names of `ANCHORS`; radius in face units.
        head: True for the head, False for neck and trunk.
        confuses: What a flat picture cannot tell from it.
    """

    slug: str
    capsules: tuple[tuple[str, str, float], ...]
    head: bool
    confuses: str


def _mirrored(name: str, **weights: float) -> dict[str, dict[str, float]]:
    """The anchor on both sides; weights name left-side points, rights are turned round."""
    left = {key.replace("_x", "_l"): value for key, value in weights.items()}
    right = {
        key.replace("_x", "_r"): -value if key.endswith("_right") else value
        for key, value in weights.items()
    }
    return {f"{name}_l": left, f"{name}_r": right}


# The left side of the person lies to the right of the image: `face_right` is positive there.
ANCHORS: dict[str, dict[str, float]] = {
    "crown": {"ears": 1, "face_down": -0.92},
    "forehead": {"eyes": 1, "face_down": -0.34},
    "brow": {"eyes": 1, "face_down": -0.2},
    "bridge": {"eyes": 1, "face_down": 0.08},
    "nose": {"nose": 1},
    "chin": {"mouth": 1, "face_down": 0.30},
    "notch": {"neck": 1, "trunk_down": -0.09},
    "collar": {"neck": 1, "trunk_down": 0.06},
    "sternum": {"neck": 1, "trunk_down": 0.24},
    **_mirrored("scalp_side", ear_x=1, face_down=-0.55),
    **_mirrored("scalp_top", ear_x=0.75, ears=0.25, face_down=-0.76),
    **_mirrored("temple", eye_x=0.4, ear_x=0.6, face_down=-0.28),
    **_mirrored("eye_inner", eye_x=0.85, eyes=0.15),
    **_mirrored("eye_outer", eye_x=0.8, ear_x=0.2, face_down=-0.03),
    **_mirrored("ear_top", ear_x=1, face_right=0.02, face_down=-0.12),
    **_mirrored("ear_lobe", ear_x=1, face_down=0.14),
    **_mirrored("hair_top", ear_x=1, face_right=0.24, face_down=-0.25),
    **_mirrored("hair_low", ear_x=1, face_right=0.2, face_down=0.35),
    **_mirrored("mouth", mouth_x=1),
    **_mirrored("cheek_in", ear_x=0.3, mouth_x=0.7, face_down=-0.1),
    **_mirrored("cheek_out", ear_x=0.65, mouth_x=0.35, face_down=0.0),
    **_mirrored("jaw_angle", ear_x=0.8, mouth_x=0.2, face_down=0.38),
    **_mirrored("throat", mouth=0.66, neck=0.34, face_down=0.2, face_right=0.14),
    **_mirrored("low_throat", mouth=0.5, neck=0.5, face_down=0.15, face_right=0.14),
    **_mirrored("neck_side", ears=0.45, neck=0.55, face_right=0.3),
    **_mirrored("neck_base", neck=1, trunk_right=0.2, trunk_down=-0.16),
    **_mirrored("collar_side", neck=1, trunk_right=0.17, trunk_down=-0.06),
    **_mirrored("flank_top", neck=1, trunk_right=0.22, trunk_down=0.35),
    **_mirrored("flank_low", neck=1, trunk_right=0.2, trunk_down=1.1),
}


def _both(start: str, end: str, radius: float) -> tuple[tuple[str, str, float], ...]:
    return tuple((f"{start}_{side}", f"{end}_{side}", radius) for side in "lr")


def _meeting(start: str, end: str, radius: float) -> tuple[tuple[str, str, float], ...]:
    return tuple((f"{start}_{side}", end, radius) for side in "lr")


# In this order: the head, hair beside it, neck and trunk.
ZONES: tuple[Zone, ...] = (
    Zone(
        "scratch_head",
        (
            *_both("scalp_side", "scalp_top", 0.13),
            *_meeting("scalp_top", "crown", 0.16),
        ),
        True,
        "a hand behind or above the head; short hair being adjusted (13)",
    ),
    Zone(
        "touch_forehead",
        (*_meeting("temple", "forehead", 0.13), ("brow", "forehead", 0.12)),
        True,
        "a hand shading the eyes; adjusting glasses",
    ),
    Zone(
        "rub_eyes",
        _both("eye_inner", "eye_outer", 0.10),
        True,
        "adjusting glasses; a finger on the brow",
    ),
    Zone("touch_ears", _both("ear_top", "ear_lobe", 0.11), True, "hair beside the ear; earphones"),
    Zone(
        "touch_face",
        (
            ("bridge", "nose", 0.10),
            *_meeting("mouth", "nose", 0.10),
            ("mouth_l", "mouth_r", 0.13),
            *_both("cheek_in", "cheek_out", 0.14),
        ),
        True,
        "biting nails (10), eating, a hand held before the face",
    ),
    Zone(
        "touch_jaw",
        (*_meeting("jaw_angle", "chin", 0.14), ("chin", "chin", 0.15)),
        True,
        "a hand before the throat with the head bent",
    ),
    Zone(
        "play_hair",
        _both("hair_top", "hair_low", 0.12),
        True,
        "a hand held beside the head; ears under long hair",
    ),
    Zone(
        "touch_neck",
        (*_both("throat", "low_throat", 0.20), *_both("neck_side", "neck_base", 0.15)),
        False,
        "a hand on the shoulder; a collar being pulled (14)",
    ),
    Zone("cover_notch", (("notch", "notch", 0.20),), False, "a necklace or tie knot (14)"),
    Zone(
        "adjust_collar",
        (*_meeting("collar_side", "collar", 0.14), ("collar", "sternum", 0.16)),
        False,
        "a hand held before the chest without touching it",
    ),
    Zone(
        "dust_clothes",
        _both("flank_top", "flank_low", 0.5),
        False,
        "any hand before the trunk: needs brushing strokes as well",
    ),
)
SLUGS: tuple[str, ...] = tuple(zone.slug for zone in ZONES)
HEAD: tuple[bool, ...] = tuple(zone.head for zone in ZONES)
MIDDLE_OF_FACE = (
    "eye_inner_l",
    "eye_inner_r",
    "nose",
    "mouth_l",
    "mouth_r",
    "cheek_in_l",
    "cheek_in_r",
)
"""Anchors that a covered face hides."""

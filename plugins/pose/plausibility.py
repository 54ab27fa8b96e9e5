"""Whether what the pose network reports is built like a person.

MediaPipe finds people in table tops, bare forearms and animated animals, with joint visibility as
high as for real ones. Three things it gives tell them apart, each nearly alone: its own score for
the whole body, the size of the figure in the picture, and which way up it is. A frame must pass
all three, and have a face of human proportions, before a person is accepted; an accepted person
may bend, turn and be covered, so keeping one asks for much less. `plugins.pose.person_gate` adds
time.

Pure: no clock, no pictures.
"""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from engine.poses import F32
from engine.skeletons import HOLISTIC_75

_NOSE, _LEFT_EYE, _RIGHT_EYE, _LEFT_EAR, _RIGHT_EAR, _LEFT_MOUTH, _RIGHT_MOUTH = (
    HOLISTIC_75.index(name)
    for name in (
        *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
        *("mouth_left", "mouth_right"),
    )
)
_SHOULDERS = (HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder"))

CORE_JOINTS = (
    *(_NOSE, _LEFT_EYE, _RIGHT_EYE, _LEFT_EAR, _RIGHT_EAR, _LEFT_MOUTH, _RIGHT_MOUTH),
    *_SHOULDERS,
)
"""Body joints without which a figure cannot be judged."""

# Seen from the front the ears are 0.62 shoulder widths above the shoulder line (median over the
# development clips). Below the frontal 1/0.62, so that it only takes over in profile, where the
# shoulders come together.
_SHOULDERS_PER_NECK = 1.3
# Eyes to mouth is 0.55 of the ear distance; it stands in for it in profile.
EARS_PER_EYES_TO_MOUTH = 1.8

# Real people on the development clips: 0.30 to 0.50. Ghosts: 0.30 to 1.04.
_ENTER_FACE = (0.2, 0.7)
_KEEP_FACE = (0.1, 1.2)
# Keeping is this much looser: bowing over the table is not a reason to lose somebody.
_KEEP_SIZE_FACTOR = 0.8
_KEEP_EXTRA_TILT_DEG = 60.0

# Between two frames a person may move by part of their size, and grow or shrink, plus what a
# quick movement does in the time between (at 5 frames a second squats give 0.48 sizes a frame).
_JUMP_SIZES = 0.5
_JUMP_SIZES_PER_S = 4.0
_GROWTH_LOG = 0.35
_GROWTH_LOG_PER_S = 1.0


class PlausibilityConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a figure counts as a person.

    Attributes:
        enabled: Off believes whatever the network reports.
        min_size: Smallest shoulder width as part of the picture's long side.
        max_tilt_deg: Largest angle between neck and vertical when a person is accepted; 180
            allows cameras that look from above or lie on their side.
        min_score: Smallest score of the network for the whole body when a person is accepted.
        accept_after_s: A figure must pass for so long, in consecutive frames, to be accepted.
        lose_after_s: A person who looks wrong for longer is lost and must be accepted anew.
        forget_after_s: A person who was gone for longer must be accepted anew.
    """

    enabled: bool = True
    min_size: Annotated[float, Meta(ge=0, le=1)] = 0.055
    max_tilt_deg: Annotated[float, Meta(ge=0, le=180)] = 60.0
    min_score: Annotated[float, Meta(ge=0, le=1)] = 0.9
    accept_after_s: Annotated[float, Meta(ge=0)] = 0.1
    lose_after_s: Annotated[float, Meta(ge=0)] = 0.5
    forget_after_s: Annotated[float, Meta(ge=0)] = 1.0


@dataclass(frozen=True)
class Figure:
    """What there is to judge about one reported body.

    Attributes:
        x_px: Middle between the shoulders.
        y_px: The same, downwards.
        size_px: Shoulder width, or what it would be from the front.
        size: The same as part of the picture's long side.
        tilt_deg: Angle from upright of the line from shoulders to head, 0..180.
        face: Face width as part of `size_px`.
        face_upright: Whether the eyes are on the far side of the mouth, seen from the shoulders.
        score: The network's score for the whole body, 0..1.
    """

    x_px: float
    y_px: float
    size_px: float
    size: float
    tilt_deg: float
    face: float
    face_upright: bool
    score: float


def measure(body: F32, score: float, width_px: int, height_px: int) -> Figure:
    """Proportions of one reported body.

    Args:
        body: `(33, C)` with C at least 2: x and y as parts of width and height. `CORE_JOINTS`
            must be finite.
        score: The network's score for the whole body, 0..1.
        width_px: Width of the picture.
        height_px: Height of the picture.
    """
    points = body[:, :2].astype(np.float64) * (width_px, height_px)
    shoulders = points[list(_SHOULDERS)].mean(axis=0)
    eyes = points[[_LEFT_EYE, _RIGHT_EYE]].mean(axis=0)
    mouth = points[[_LEFT_MOUTH, _RIGHT_MOUTH]].mean(axis=0)
    neck = points[[_LEFT_EAR, _RIGHT_EAR]].mean(axis=0) - shoulders
    neck_px = _length(neck)
    size_px = max(_length(points[11] - points[12]), _SHOULDERS_PER_NECK * neck_px)
    face_px = max(
        _length(points[_LEFT_EAR] - points[_RIGHT_EAR]),
        EARS_PER_EYES_TO_MOUTH * _length(eyes - mouth),
    )
    return Figure(
        x_px=float(shoulders[0]),
        y_px=float(shoulders[1]),
        size_px=size_px,
        size=size_px / max(width_px, height_px),
        tilt_deg=math.degrees(math.acos(max(-1.0, min(1.0, -neck[1] / neck_px))))
        if neck_px > 0.0
        else 180.0,
        face=face_px / size_px if size_px > 0.0 else math.inf,
        face_upright=float((eyes - mouth) @ neck) > 0.0,
        score=score,
    )


def may_enter(figure: Figure, config: PlausibilityConfig) -> bool:
    """Whether a new person may look like this."""
    return (
        figure.score >= config.min_score
        and figure.size >= config.min_size
        and figure.tilt_deg <= config.max_tilt_deg
        and _ENTER_FACE[0] <= figure.face <= _ENTER_FACE[1]
        and figure.face_upright
    )


def may_stay(figure: Figure, config: PlausibilityConfig) -> bool:
    """Whether a person who was accepted may look like this for a while."""
    return (
        figure.size >= _KEEP_SIZE_FACTOR * config.min_size
        and figure.tilt_deg <= config.max_tilt_deg + _KEEP_EXTRA_TILT_DEG
        and _KEEP_FACE[0] <= figure.face <= _KEEP_FACE[1]
    )


def is_same(before: Figure, now: Figure, dt_s: float) -> bool:
    """Whether `now` can be the figure that was `before`, `dt_s` seconds earlier."""
    if before.size_px <= 0.0 or now.size_px <= 0.0:
        return False
    moved_px = math.hypot(now.x_px - before.x_px, now.y_px - before.y_px)
    grown = abs(math.log(now.size_px / before.size_px))
    return (
        moved_px <= (_JUMP_SIZES + _JUMP_SIZES_PER_S * dt_s) * before.size_px
        and grown <= _GROWTH_LOG + _GROWTH_LOG_PER_S * dt_s
    )


def _length(vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.hypot(vector[0], vector[1]))

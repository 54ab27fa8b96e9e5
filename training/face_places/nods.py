"""How far the body's face points follow a nod that the outline shows.

The simulator assumes a third (`pitch_seen`), and what the outline brings hangs on it.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from training.face_places.material import EARS, FaceClip
from training.face_places.shape import mean_outline
from training.face_places.similarity import similarity

# Of a clip less nodding than this, in radians, nothing is told.
_LEAST_NOD = 0.2
# Nose ahead of the ears, in ear distances: `simulator.people`.
_NOSE_AHEAD = 0.78
_MOST_FRAMES = 200
_MOST_YAW = 0.25


class Nod(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clip in which a head nods.

    Attributes:
        clip: File name.
        nod_deg: From the 1st to the 99th percentile, by the outline.
        body_part: Part of it that the body's nose and ears show.
    """

    clip: str
    nod_deg: float
    body_part: float


def nods(clips: Sequence[FaceClip]) -> tuple[Nod, ...]:
    """Every clip in which a head that faces the camera nods enough."""
    found = [_nod(clip) for clip in clips]
    return tuple(one for one in found if one is not None)


def _nod(clip: FaceClip) -> Nod | None:
    some = np.linspace(0, len(clip.outline) - 1, min(len(clip.outline), _MOST_FRAMES)).astype(int)
    turn = similarity(mean_outline(clip.outline[some]), clip.outline).turn
    yaw = np.arctan2(turn[:, 0, 2], turn[:, 2, 2])
    facing = np.abs(yaw) < _MOST_YAW
    pitch = np.arcsin(turn[facing, 1, 2])
    if len(pitch) < _MOST_FRAMES // 10:
        return None
    span = float(np.ptp(np.percentile(pitch, (1, 99))))
    if span < _LEAST_NOD:
        return None
    body = clip.body[facing]
    rise = body[:, 0, 1] - body[:, EARS, 1].mean(axis=1)
    seen = np.arcsin(np.clip(rise / clip.ears_px[facing] / _NOSE_AHEAD, -1.0, 1.0))
    part = np.polyfit(pitch, seen, 1)[0]
    return Nod(clip=clip.name, nod_deg=round(float(np.degrees(span)), 1),
               body_part=round(float(part), 2))  # fmt: skip

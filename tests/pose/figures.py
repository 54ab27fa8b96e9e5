"""Bodies made by hand, and a graph that reports them."""

import math

import numpy as np

from engine.errors import ModelError
from engine.frames import U8
from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.pose.landmarks import Landmarks

WIDTH_PX, HEIGHT_PX = 640, 480

# In shoulder widths from the middle of the shoulders, x to the person's left, y up; a seated
# adult seen from the front.
_SHAPE = {
    "nose": (0.0, 0.55),
    "left_eye": (0.10, 0.68),
    "right_eye": (-0.10, 0.68),
    "left_ear": (0.19, 0.62),
    "right_ear": (-0.19, 0.62),
    "mouth_left": (0.08, 0.47),
    "mouth_right": (-0.08, 0.47),
    "left_shoulder": (0.5, 0.0),
    "right_shoulder": (-0.5, 0.0),
    "left_hip": (0.3, -1.5),
    "right_hip": (-0.3, -1.5),
}


def body(
    *,
    shoulders_px: float = 150.0,
    centre_px: tuple[float, float] = (320.0, 300.0),
    tilt_deg: float = 0.0,
    face: float = 1.0,
    turn: float = 1.0,
    width_px: int = WIDTH_PX,
    height_px: int = HEIGHT_PX,
) -> F32:
    """`(33, 4)` landmarks of one person.

    Args:
        shoulders_px: Shoulder width from the front.
        centre_px: Middle between the shoulders.
        tilt_deg: Turns the whole figure in the picture.
        face: Blows the face up about the nose; negative turns it upside down.
        turn: 1 from the front, 0 in profile.
        width_px: Width of the picture.
        height_px: Height of the picture.
    """
    points = np.zeros((33, 4), np.float32)
    cos, sin = math.cos(math.radians(tilt_deg)), math.sin(math.radians(tilt_deg))
    nose_y = _SHAPE["nose"][1]
    for name, (x, y) in _SHAPE.items():
        if "eye" in name or "ear" in name or "mouth" in name:
            x, y = x * face, nose_y + (y - nose_y) * face
        right, down = x * turn * shoulders_px, -y * shoulders_px
        points[HOLISTIC_75.index(name)] = (
            (centre_px[0] + cos * right - sin * down) / width_px,
            (centre_px[1] + sin * right + cos * down) / height_px,
            -0.3,
            0.99,
        )
    return points


def hand(centre: tuple[float, float] = (0.6, 0.6)) -> F32:
    """`(21, 3)` landmarks of an open hand."""
    angles = np.linspace(0.0, math.pi, 21)
    x, y = centre[0] + 0.05 * np.cos(angles), centre[1] - 0.05 * np.sin(angles)
    return np.array([x, y, np.full(21, -0.01)], np.float32).T


def person(score: float = 0.99) -> Landmarks:
    """A clear person with both hands."""
    return Landmarks(
        body=body(),
        left_hand=hand((0.6, 0.6)),
        right_hand=hand((0.4, 0.6)),
        body_score=score,
        left_score=0.9,
        right_score=0.8,
    )


NOTHING = Landmarks(body=None)


class ScriptedGraph:
    """Reports what it is told; remembers what it was asked."""

    def __init__(self, *found: Landmarks) -> None:
        self.found = list(found)
        self.sizes_px: list[tuple[int, int]] = []
        self.times_us: list[int] = []
        self.hands: list[bool] = []
        self.restarts = 0
        self.closes = 0
        self.broken = False

    def process(self, image: U8, time_us: int, *, hands: bool = True) -> Landmarks:
        self.hands.append(hands)
        if self.broken:
            raise ModelError("scripted failure")
        self.sizes_px.append((image.shape[1], image.shape[0]))
        self.times_us.append(time_us)
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]

    def restart(self) -> None:
        self.restarts += 1

    def close(self) -> None:
        self.closes += 1

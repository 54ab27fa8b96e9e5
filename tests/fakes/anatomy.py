"""A drawn upper body: where MediaPipe's points of a person in a given pose would be.

Points are complex numbers in shoulder widths from the middle of the shoulders, real part to the
right of the image, imaginary part down. Proportions are medians of MediaPipe's points on real
people: ears 0.38 shoulder widths apart, eyes to mouth 0.55 of that, ears 0.62 above the shoulders.
"""

import cmath
import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.skeletons import HOLISTIC_75

FACE = 0.38
# MediaPipe's face points follow a nod by a third of what they should.
PITCH_SEEN = 0.33
UPPER_ARM, FOREARM = 0.84, 0.72
HAND = 0.72 * FACE
# Sideways, down and towards the camera, in face widths from the middle of the eyes; the ears are
# the pivot of the head. Sideways counts towards the left of the person, the right of the image.
_HEAD = {
    "nose": (0.0, 0.22, 0.78),
    "eye_inner": (0.13, 0.0, 0.60),
    "eye": (0.27, 0.0, 0.58),
    "eye_outer": (0.36, 0.01, 0.52),
    "ear": (0.5, 0.15, 0.0),
    "mouth": (0.21, 0.55, 0.62),
}
PLACES = {
    "crown": (0.18, -0.72, 0.15),
    "hair": (0.68, 0.15, 0.0),
    "forehead": (0.08, -0.34, 0.58),
    "eye": (0.27, 0.02, 0.58),
    "ear": (0.51, 0.14, 0.0),
    "nose": (0.02, 0.24, 0.75),
    "mouth": (0.08, 0.56, 0.62),
    "cheek": (0.32, 0.36, 0.45),
    "jaw": (0.24, 0.76, 0.45),
    "chin": (0.0, 0.86, 0.55),
    "beside_head": (1.1, 0.1, 0.0),
}
TRUNK_PLACES = {"neck": 0.06 - 0.22j, "notch": 0.01 - 0.09j, "collar": 0.10 + 0.02j}
_EYES_ABOVE_SHOULDERS = 1.77 * FACE
_EAR_BELOW_EYES = 0.15


@dataclass
class HandPose:
    """One hand; see `Figure`.

    Attributes:
        wrist: Where it is.
        toward: Unit vector from the wrist to the fingers.
        curl: 0 for a flat hand, 1 for a fist.
        spread: Gaps between fingers, 1 for a relaxed hand.
        size: 1 at the distance of the body, more when nearer to the camera.
        found: Whether the 21-point hand is found.
        visibility: Of the arm's own points in the pose.
        flip: Whether the thumb is on the other side.
    """

    wrist: complex
    toward: complex = -1j
    curl: float = 0.2
    spread: float = 1.0
    size: float = 1.0
    found: bool = True
    visibility: float = 0.98
    flip: bool = False


@dataclass
class Figure:
    """A pose of the upper body at one instant; all zero is sitting upright, facing the camera.

    Attributes:
        neck: Shift of the trunk.
        growth: Growth of everything by leaning to the camera, as a factor.
        bend: Sideways lean of the trunk in radians, clockwise in the image.
        lifts: How far the left and right shoulders are raised.
        pitch: Head up, in radians.
        yaw: Head turned to the right of the image, in radians.
        roll: Head tilted clockwise in the image, in radians.
        hands: Left and right hand.
        elbows: Left and right elbow where they are not where the hand puts them.
    """

    neck: complex = 0j
    growth: float = 1.0
    bend: float = 0.0
    lifts: dict[str, float] = field(default_factory=lambda: {"left": 0.0, "right": 0.0})
    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    hands: dict[str, HandPose] = field(default_factory=dict)
    elbows: dict[str, complex] = field(default_factory=dict)

    def head_point(self, place: tuple[float, float, float], side: str = "left") -> complex:
        """Where a point of the head is: pitched, turned and tilted about the ears."""
        u, v, depth = place
        u = u if side == "left" else -u
        v -= _EAR_BELOW_EYES
        up, near = math.sin(PITCH_SEEN * self.pitch), math.cos(PITCH_SEEN * self.pitch)
        v, depth = v * near - depth * up, depth * near + v * up
        u = u * math.cos(self.yaw) + depth * math.sin(self.yaw)
        ears = -1j * (_EYES_ABOVE_SHOULDERS - _EAR_BELOW_EYES * FACE)
        return self._placed(ears + FACE * complex(u, v) * cmath.exp(1j * self.roll))

    def trunk_point(self, point: complex, side: str = "left") -> complex:
        """Where a point of the trunk is, given for the left side."""
        return self._placed(point if side == "left" else -point.conjugate())

    def shoulder(self, side: str) -> complex:
        """Where a shoulder is."""
        return self.trunk_point(0.5 - 1j * self.lifts[side], side)

    def elbow(self, side: str) -> complex:
        """Where the elbow is: below and outside the line from shoulder to wrist."""
        if side in self.elbows:
            return self.elbows[side]
        shoulder, wrist = self.shoulder(side), self.hands[side].wrist
        way = wrist - shoulder
        length = min(max(abs(way), 1e-3), UPPER_ARM + FOREARM)
        along = (UPPER_ARM**2 - FOREARM**2 + length**2) / (2 * length)
        aside = math.sqrt(max(0.0, UPPER_ARM**2 - along**2))
        unit = way / max(abs(way), 1e-3)
        bends = [shoulder + unit * complex(along, sign * aside * 0.6) for sign in (-1.0, 1.0)]
        outward = 1.0 if side == "left" else -1.0
        return max(bends, key=lambda elbow: elbow.imag + 0.3 * outward * elbow.real)

    def joints(self) -> npt.NDArray[np.float64]:
        """`(75, 3)`: x, y and confidence; a hand that is not found is all 0."""
        out = np.zeros((len(HOLISTIC_75), 3))
        for name, (place, visibility) in self._body().items():
            out[HOLISTIC_75.index(name)] = place.real, place.imag, visibility
        for side, hand in self.hands.items():
            first = HOLISTIC_75.parts[f"{side}_hand"][0]
            for k, point in enumerate(hand_points(hand, side) if hand.found else ()):
                out[first + k] = point.real, point.imag, 1.0
        return out

    def _placed(self, point: complex) -> complex:
        return self.neck + self.growth * point * cmath.exp(1j * self.bend)

    def _body(self) -> dict[str, tuple[complex, float]]:
        points = {"nose": (self.head_point(_HEAD["nose"]), 0.99)}
        for side in ("left", "right"):
            for part in ("eye_inner", "eye", "eye_outer", "ear"):
                points[f"{side}_{part}"] = self.head_point(_HEAD[part], side), 0.99
            points[f"mouth_{side}"] = self.head_point(_HEAD["mouth"], side), 0.99
            points[f"{side}_shoulder"] = self.shoulder(side), 0.99
            points |= self._arm(side)
            for part, down in (("hip", 1.45), ("knee", 2.1), ("ankle", 3.0)):
                points[f"{side}_{part}"] = self.trunk_point(0.3 + 1j * down, side), 0.05
            for part in ("heel", "foot_index"):
                points[f"{side}_{part}"] = self.trunk_point(0.3 + 3.1j, side), 0.02
        return points

    def _arm(self, side: str) -> dict[str, tuple[complex, float]]:
        hand = self.hands[side]
        points = hand_points(hand, side)
        named = (("wrist", 0), ("thumb", 2), ("index", 5), ("pinky", 17))
        arm = {f"{side}_{name}": (points[k], hand.visibility) for name, k in named}
        elbow_visibility = max(hand.visibility, 0.7)
        return {f"{side}_elbow": (self.elbow(side), elbow_visibility), **arm}


# Along and across the hand in hand lengths (wrist to middle knuckle), thumb first; the across
# axis points to the thumb.
_ROOTS = ((0.28, 0.30), (0.98, 0.28), (1.0, 0.06), (0.94, -0.14), (0.84, -0.32))
_LENGTHS = (0.62, 0.86, 0.96, 0.88, 0.70)


def hand_points(hand: HandPose, side: str) -> list[complex]:
    """The 21 points of a hand."""
    unit = hand.toward / abs(hand.toward) * HAND * hand.size
    across = unit * (1j if (side == "left") != hand.flip else -1j)
    points = [hand.wrist]
    for finger, ((along, aside), length) in enumerate(zip(_ROOTS, _LENGTHS, strict=True)):
        root = hand.wrist + unit * along + across * aside * hand.spread
        turn = 0.6 if finger == 0 else 0.25 * aside * hand.spread
        way = (unit + across * turn) / abs(1 + 1j * turn)
        # A curled finger folds back over the palm: its tip ends near its root.
        reach = length * (1.0 - 0.95 * hand.curl)
        points += [root + way * reach * part for part in (0.0, 0.45, 0.75, 1.0)]
    return points


def mixed(a: HandPose, b: HandPose, part: float) -> HandPose:
    """A hand on its way from `a` (0) to `b` (1); what cannot be mixed is of the nearer one."""
    nearer = a if part < 0.5 else b
    toward = a.toward + part * (b.toward - a.toward)
    return replace(
        nearer,
        wrist=a.wrist + part * (b.wrist - a.wrist),
        toward=toward if abs(toward) > 0.1 else nearer.toward,
        curl=a.curl + part * (b.curl - a.curl),
        spread=a.spread + part * (b.spread - a.spread),
        size=a.size + part * (b.size - a.size),
    )

"""Both hands at one another: holding or rubbing (23), interlocked (24), steepled (25)."""

from dataclasses import dataclass
from typing import NamedTuple

from plugins.recognizers.geometric.body import Body, Face, Point
from plugins.recognizers.geometric.filters import Smooth, ramp
from plugins.recognizers.geometric.hands import (
    INDEX_MCP,
    KNUCKLES,
    PINKY_MCP,
    TIPS,
    WRIST,
    Hand,
)


@dataclass(frozen=True, slots=True)
class PairRules:
    """Thresholds; lengths in face widths (about 14 cm) or in hand lengths (wrist to knuckle).

    Attributes:
        together: Smallest distance of a palm or fingertip to the other palm, or of like
            fingertips, at half belief. Fists on one another read 0.4 to 0.5, palms on one
            another less.
        apart: Palms further apart than this are not together, whatever their fingers do.
        off_face: Distance of the middle between both palms from the middle of the face at half
            belief: the chin is 0.65 away.
        steeple_tips: Mean distance of like fingertips, in hand lengths, at half belief.
        steeple_open: By how much palms must be further apart than the tips, in hand lengths.
        steeple_length: Hand length in face widths at half belief: steepled hands are seen from
            the side at their full length of 0.7, a hand pointing at the camera is not.
        interlock: Mean distance of each hand's fingertips to the other's knuckles, in hand
            lengths, at half belief. Interlocked hands read 0.5 to 0.62 in both directions, a
            hand laid over the other 0.5 in one and 0.7 to 0.8 in the other.
    """

    together: float = 0.7
    apart: float = 1.7
    off_face: float = 0.6
    steeple_tips: float = 0.40
    steeple_open: float = 0.45
    steeple_length: float = 0.45
    interlock: float = 0.65


RULES = PairRules()
_APART = 0.1


class PairBelief(NamedTuple):
    """Beliefs 0..1 in the three classes; together they sum to at most 1."""

    rub_hands: float
    cross_fingers: float
    minaret: float

    @property
    def together(self) -> float:
        """Belief that the hands are at one another in any of the three ways."""
        return self.rub_hands + self.cross_fingers + self.minaret


class HandPair:
    """Follows both hands of one stream."""

    def __init__(self) -> None:
        self._together = Smooth(0.08, 0.12)
        self._interlocked = Smooth(0.25)
        self._steepled = Smooth(0.15)

    def step(self, left: Hand | None, right: Hand | None, body: Body) -> PairBelief:
        """Beliefs of one tick."""
        face = body.face
        if left is None or right is None or face is None:
            together = self._together.step(0.0)
        else:
            together = self._together.step(_together(left, right, face))
            if left.points and right.points:
                self._steepled.step(_steepled(left, right, face.width))
                self._interlocked.step(_interlocked(left, right))
        if together < _APART:
            # Fingers of hands that are apart say nothing of how they will be held.
            self._steepled.value = self._interlocked.value = 0.0
        minaret = together * self._steepled.value
        crossed = together * (1.0 - self._steepled.value) * self._interlocked.value
        return PairBelief(together - minaret - crossed, crossed, minaret)


def _together(left: Hand, right: Hand, face: Face) -> float:
    unit = face.width
    apart = abs(left.palm - right.palm) / unit
    if apart > RULES.apart:
        return 0.0
    gaps = [abs(point - right.palm) for point in left.touching]
    gaps += [abs(point - left.palm) for point in right.touching]
    if len(left.touching) == len(right.touching):
        gaps += [abs(a - b) for a, b in zip(left.touching, right.touching, strict=True)]
    gap = min(gaps)
    near = ramp(gap / unit, RULES.together, RULES.together * 0.5)
    near *= ramp(apart, RULES.apart, RULES.apart - 0.4)
    return near * _off_face((left.palm + right.palm) / 2, face) * min(left.trust, right.trust)


def _off_face(middle: Point, face: Face) -> float:
    """Hands that meet before the face cover it: then they are not held."""
    centre = face.eyes + 0.2 * face.width * face.down
    return ramp(abs(middle - centre) / face.width, RULES.off_face - 0.15, RULES.off_face + 0.15)


def _steepled(left: Hand, right: Hand, unit: float) -> float:
    assert left.points is not None
    assert right.points is not None
    size = max(left.length, right.length, 1e-6)
    like = [abs(left.points[i] - right.points[i]) / size for i in TIPS]
    tips = sum(sorted(like)[:4]) / 4
    palms = min(abs(left.points[i] - right.points[i]) / size for i in (INDEX_MCP, PINKY_MCP, WRIST))
    touching = ramp(tips, RULES.steeple_tips * 1.4, RULES.steeple_tips * 0.6)
    opened = ramp(palms - tips, RULES.steeple_open * 0.5, RULES.steeple_open * 1.5)
    shorter = min(left.length, right.length) / unit
    seen = ramp(shorter, RULES.steeple_length * 0.8, RULES.steeple_length * 1.2)
    return touching * opened * seen


def _interlocked(left: Hand, right: Hand) -> float:
    size = max(left.length, right.length, 1e-6)
    worst = max(_reach(left, right), _reach(right, left)) / size
    return ramp(worst, RULES.interlock * 1.12, RULES.interlock * 0.88)


def _reach(hand: Hand, other: Hand) -> float:
    """Mean distance of fingertips to the nearest knuckle of the other hand."""
    assert hand.points is not None
    assert other.points is not None
    knuckles = [other.points[i] for i in KNUCKLES]
    gaps = [min(abs(hand.points[tip] - knuckle) for knuckle in knuckles) for tip in TIPS[1:]]
    return sum(gaps) / len(gaps)

"""Does a hand touch the body, and where: one hand touches one zone at a time."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from plugins.recognizers.geometric.body import Face, dot
from plugins.recognizers.geometric.filters import Delay, Smooth, gain_of, ramp, ticks
from plugins.recognizers.geometric.hands import FULL_WEIGHTS, POSE_WEIGHTS, Hand
from plugins.recognizers.geometric.surface import Surface
from plugins.recognizers.geometric.zones import SLUGS


@dataclass(frozen=True, slots=True)
class TouchRules:
    """Thresholds of a touch; lengths in face widths (about 14 cm).

    Attributes:
        margin: A point at this distance outside a zone counts half. Hand points lie inside the
            finger, 0.05 from its surface, and wander by 0.03.
        pose_margin: The same for the pose's own finger points, which wander by 0.1.
        softness: Half the width of the fade around the margin.
        passing_speed: Face widths a second, relative to the head, at half belief. A hand that
            passes or rises moves at 4 to 15; one that scratches moves back and forth and stays
            below 3.
        speed_span_s: Span over which that speed is measured.
        near_camera: Wrist-to-knuckle length at half belief. It is 0.62 to 0.86 in a touch and
            1.05 to 1.39 for a hand stretched towards the camera.
        enough: Weight of near points that makes a full touch; a single fingertip has 1.0.
        hold_s: A touch goes on without the hand being found for so long; 90 % of the gaps of a
            hand in view are shorter than 0.36 s.
        hair_recedes: How much further away hair is for a hand that does not point at the head.
        head_edge: Half the width of the edge of the head, for a hand that is over head and neck.
        zone_softness: Distance over which two zones share a point.
        zone_memory_s: Time constant of the choice of the zone.
        zone_loyalty: Advantage of the present zone over another.
    """

    margin: float = 0.09
    pose_margin: float = 0.12
    softness: float = 0.07
    passing_speed: float = 3.2
    speed_span_s: float = 0.08
    near_camera: float = 1.12
    enough: float = 1.3
    hold_s: float = 0.4
    hair_recedes: float = 0.3
    head_edge: float = 0.04
    zone_softness: float = 0.07
    zone_memory_s: float = 0.2
    zone_loyalty: float = 0.12


RULES = TouchRules()
_COUNT = len(SLUGS)
# The order of the zones: head, hair beside it, neck and trunk.
_HAIR = SLUGS.index("play_hair")
_NECK = _HAIR + 1
# Weights of the touching points, and where their nearness begins.
_FULL = FULL_WEIGHTS, RULES.margin
_POSE = POSE_WEIGHTS, RULES.pose_margin
# A zone further away by so many times the softness gets less than 2 % of a point.
_FURTHER = 4.0
_SHARPNESS = 14.0
_ZONE_GAIN = gain_of(RULES.zone_memory_s)
_NOWHERE = [1.0 / _COUNT] * _COUNT

Hands = tuple[Hand | None, Hand | None]


class Vote(NamedTuple):
    """What one hand is near to.

    Attributes:
        near: How near it is to any zone, 0..1.
        zones: How its near points share themselves among the zones; sums to 1 unless `near` is 0.
    """

    near: float
    zones: list[float]


FAR = Vote(0.0, _NOWHERE)
"""Of a hand that is near nothing."""


def votes_of(hands: Hands, face: Face, surface: Surface) -> list[Vote | None]:
    """Votes of both hands of one tick; None for a hand that is not seen.

    Args:
        hands: At least one of them seen.
        face: The head.
        surface: The zones.
    """
    points = [point for hand in hands if hand for point in hand.touching]
    gaps = surface.distances(points).tolist()
    first = len(hands[0].touching) if hands[0] else 0
    return [
        _vote(hand, rows, face) if hand else None
        for hand, rows in zip(hands, (gaps[:first], gaps[first:]), strict=True)
    ]


def _vote(hand: Hand, gaps: list[list[float]], face: Face) -> Vote:
    """The vote of one hand, given the distances of its touching points to all zones."""
    weights, margin = _FULL if hand.points else _POSE
    away = RULES.hair_recedes * (1.0 - _pointing_in(hand, face))
    zones, total, on_head = [0.0] * _COUNT, 0.0, 0.0
    for row, weight, lead in zip(gaps, weights, hand.leading, strict=True):
        row[_HAIR] += away
        inside = ramp(min(row[:_HAIR]), RULES.head_edge, -RULES.head_edge)
        on_head = max(on_head, lead * inside)
        least = min(row)
        near = weight * ramp(least, margin + RULES.softness, margin - RULES.softness)
        if near > 0.0:
            total += near
            _share(zones, row, least, near * lead)
    # The chin stands out before the throat, so a hand that is over both is at the chin.
    zones[_NECK:] = [zone * (1.0 - on_head) for zone in zones[_NECK:]]
    shared = sum(zones)
    if shared <= 0.0:
        return FAR
    return Vote(min(1.0, total / RULES.enough), [zone / shared for zone in zones])


def _share(zones: list[float], gaps: list[float], least: float, vote: float) -> None:
    """Share one point's vote among the zones that are about as near as the nearest."""
    most = least + _FURTHER * RULES.zone_softness
    parts = [
        (zone, math.exp((least - gap) / RULES.zone_softness))
        for zone, gap in enumerate(gaps)
        if gap < most
    ]
    scale = vote / sum(part for _, part in parts)
    for zone, part in parts:
        zones[zone] += scale * part


def _pointing_in(hand: Hand, face: Face) -> float:
    way = hand.knuckle - hand.wrist
    if way == 0:
        return 0.0
    inward = dot(face.eyes - hand.wrist, face.right)
    across = dot(way, face.right) / abs(way)
    return ramp(math.copysign(across, across * inward), 0.3, 0.6)


class HandTouch:
    """Follows one hand of one stream."""

    def __init__(self) -> None:
        self._smooth = Smooth(0.05, 0.08)
        self._share = _NOWHERE
        self._track = Delay(RULES.speed_span_s)
        self._missing = 0
        self._voted = 0
        self._zone: int | None = None

    @property
    def contact(self) -> float:
        """Belief that the hand touches any zone, 0..1."""
        return self._smooth.value

    def step(self, hand: Hand | None, face: Face | None, vote: Vote | None) -> list[float]:
        """Belief in a touch of each zone of `zones.ZONES`, 0..1, summing to at most 1.

        Args:
            hand: The hand of this tick, None if it is not found.
            face: The head of this tick.
            vote: Of `votes_of`, or `FAR`; None without a hand.
        """
        if hand is None or face is None or vote is None:
            self._release()
        else:
            self._missing = 0
            evidence = vote.near * self._slowness(hand, face) * _not_stretched(hand, face)
            self._smooth.step(evidence * hand.trust)
            self._choose(vote, evidence)
        return self._beliefs()

    def _release(self) -> None:
        """A hand at the face is often lost for some frames: hold the touch, then let it go."""
        self._missing += 1
        self._track.push(None)
        if self._missing > ticks(RULES.hold_s) or self.contact < 0.3:
            self._smooth.step(0.0)

    def _slowness(self, hand: Hand, face: Face) -> float:
        self._track.push((hand.palm - face.ears) / face.width)
        moved = self._track.change()
        if moved is None:
            return 0.0
        way, time_s = moved
        return ramp(abs(way) / time_s, RULES.passing_speed * 1.5, RULES.passing_speed * 0.5)

    def _choose(self, vote: Vote, evidence: float) -> None:
        if self.contact < 0.1:
            self._zone = None
            self._share = _NOWHERE
            self._voted = 0
        # A plain mean of the first votes, so that the way to the zone is soon forgotten.
        self._voted += 1
        gain = max(1.0 / self._voted, _ZONE_GAIN * evidence)
        self._share = [s + gain * (v - s) for s, v in zip(self._share, vote.zones, strict=True)]
        best = max(self._share)
        if self._zone is None or best > self._share[self._zone] + RULES.zone_loyalty:
            self._zone = self._share.index(best)

    def _beliefs(self) -> list[float]:
        if self._zone is None:
            return [0.0] * _COUNT
        share = list(self._share)
        share[self._zone] += RULES.zone_loyalty
        top = max(share)
        weights = [math.exp(_SHARPNESS * (value - top)) for value in share]
        scale = self.contact / sum(weights)
        return [scale * weight for weight in weights]


def _not_stretched(hand: Hand, face: Face) -> float:
    if not hand.size:
        return 1.0
    return ramp(hand.size / face.width, RULES.near_camera + 0.2, RULES.near_camera - 0.2)

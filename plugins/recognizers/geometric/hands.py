"""Which hand is where: the 21-point hands, checked against the pose's own wrists."""

from typing import NamedTuple

from engine.skeletons import HOLISTIC_75
from plugins.recognizers.geometric.body import CLEARLY_IN_VIEW, IN_VIEW, Body, Point, dot
from plugins.recognizers.geometric.filters import ramp

_FIRST = {side: HOLISTIC_75.parts[f"{side}_hand"][0] for side in ("left", "right")}
_POSE = {
    side: tuple(
        HOLISTIC_75.index(f"{side}_{name}") for name in ("wrist", "index", "pinky", "thumb")
    )
    for side in ("left", "right")
}
WRIST, INDEX_MCP, MIDDLE_MCP, RING_MCP, PINKY_MCP = 0, 5, 9, 13, 17
KNUCKLES = (INDEX_MCP, MIDDLE_MCP, RING_MCP, PINKY_MCP)
TIPS = (4, 8, 12, 16, 20)
_MIDDLE_TIP = TIPS[2]
# A stretched finger touches with its tip, a curled one rests on its middle joint: whichever of
# the two is further from the wrist along the hand. The thumb folds across, so its tip stays.
_MIDDLE_JOINTS = (4, 6, 10, 14, 18)
# How much it says that a finger is near: thumb to little finger, and index finger, little finger
# and thumb of the pose.
FULL_WEIGHTS = (0.8, 1.0, 1.0, 0.8, 0.6)
POSE_WEIGHTS = (1.0, 0.6, 0.8)
# A hand that reaches up to the head passes in front of jaw and neck: what it touches is under its
# foremost points. Points behind those by more than this, in hand lengths, count less and less.
_BEHIND_FROM, _BEHIND_TO, _LEAST = 0.1, 0.6, 0.15
# The pose's finger points are the first knuckles, 0.93 hand lengths from the wrist (median); the
# tips of relaxed fingers lie 0.85 beyond them.
_TIP_BEYOND_KNUCKLE = 0.9
# Two estimates of one wrist differ by 0.08 shoulder widths in the median, 0.29 in 10 %.
_SAME_WRIST = 0.35
_OUT_OF_VIEW = 0.5
_SAME_HAND = 0.12
# Median of real hands seen flat; a breadth that stands for a greater length is a hand end on.
_LENGTH_PER_BREADTH = 1.35
POSE_ONLY_TRUST = 0.8


class Hand(NamedTuple):
    """One hand of one tick.

    Attributes:
        points: All 21 points, or None when only the pose's own few points are known.
        touching: Points that can touch: one a finger, or what the pose has of them.
        leading: How far each is at the front of the hand, 0..1: for the place of the touch.
        wrist: The wrist.
        palm: Middle of the palm.
        knuckle: Middle of the knuckles.
        length: Wrist to middle knuckle; 0 when only the pose's points are known.
        size: The same, or what it would be judging by the breadth of a hand seen end on.
        trust: 1 for a 21-point hand, less for the pose's points, least for half visible ones.
    """

    points: tuple[Point, ...] | None
    touching: tuple[Point, ...]
    leading: tuple[float, ...]
    wrist: Point
    palm: Point
    knuckle: Point
    length: float
    size: float
    trust: float


def hands_of(
    points: list[Point], confidence: list[float], body: Body
) -> tuple[Hand | None, Hand | None]:
    """Left and right hand of one tick; None for a hand that is not seen.

    Args:
        points: The 75 joints.
        confidence: Their confidences.
        body: Frames of the same tick.
    """
    sets = [
        points[first : first + 21] if confidence[first] > 0 else None for first in _FIRST.values()
    ]
    wrists = [arm.wrist for arm in (body.left, body.right)]
    unit = body.trunk.width if body.trunk else 1.0
    left, right = _without_double(*_on_own_side(sets[0], sets[1], wrists, unit), wrists, unit)
    return (
        _full(left) if left else _from_pose(points, confidence, "left"),
        _full(right) if right else _from_pose(points, confidence, "right"),
    )


_Set = list[Point] | None


def _on_own_side(
    left: _Set, right: _Set, wrists: list[Point | None], unit: float
) -> tuple[_Set, _Set]:
    """Swap sets that carry the other side's label (7 % of hand frames)."""
    as_named = _misfit(left, wrists[0], unit) + _misfit(right, wrists[1], unit)
    swapped = _misfit(left, wrists[1], unit) + _misfit(right, wrists[0], unit)
    return (right, left) if swapped + 0.1 * unit < as_named else (left, right)


def _misfit(points: _Set, wrist: Point | None, unit: float) -> float:
    """Distance of a hand from a wrist; one that is out of view may be, but is not likely."""
    if not points:
        return 0.0
    return abs(points[WRIST] - wrist) if wrist is not None else _OUT_OF_VIEW * unit


def _without_double(
    left: _Set, right: _Set, wrists: list[Point | None], unit: float
) -> tuple[_Set, _Set]:
    """Drop one of two sets on the same hand, unless the pose says that both wrists are there."""
    if not left or not right:
        return left, right
    same = abs(left[WRIST] - right[WRIST]) + abs(left[_MIDDLE_TIP] - right[_MIDDLE_TIP])
    if same > 2 * _SAME_HAND * unit or _together(wrists, unit):
        return left, right
    if _misfit(left, wrists[0], unit) <= _misfit(right, wrists[1], unit):
        return left, None
    return None, right


def _together(wrists: list[Point | None], unit: float) -> bool:
    left, right = wrists
    return left is not None and right is not None and abs(left - right) < _SAME_WRIST * unit


def _full(points: list[Point]) -> Hand:
    wrist, knuckle = points[WRIST], points[MIDDLE_MCP]
    palm = (wrist + points[INDEX_MCP] + points[PINKY_MCP]) / 3
    breadth = abs(points[INDEX_MCP] - points[PINKY_MCP])
    length = abs(knuckle - wrist)
    size = max(length, _LENGTH_PER_BREADTH * breadth)
    touching, leading = _foremost(points, (knuckle - wrist) / max(size**2, 1e-12))
    return Hand(tuple(points), touching, leading, wrist, palm, knuckle, length, size, 1.0)


def _foremost(points: list[Point], along: Point) -> tuple[tuple[Point, ...], tuple[float, ...]]:
    """Touching points, and how far each leads.

    A dot product of a point with `along` is how far it reaches, in hand lengths.

    Of a hand that points at the camera no point is foremost: `along` is short and all count.
    """
    touching = tuple(
        max(points[tip], points[joint], key=lambda point: dot(point, along))
        for tip, joint in zip(TIPS, _MIDDLE_JOINTS, strict=True)
    )
    reach = [dot(point, along) for point in touching]
    most = max(reach)
    leading = tuple(max(_LEAST, ramp(most - ahead, _BEHIND_TO, _BEHIND_FROM)) for ahead in reach)
    return touching, leading


def _from_pose(points: list[Point], confidence: list[float], side: str) -> Hand | None:
    joints = _POSE[side]
    seen = min(confidence[joint] for joint in joints)
    if seen < IN_VIEW:
        return None
    wrist, *knuckles = (points[joint] for joint in joints)
    tips = tuple(knuckle + _TIP_BEYOND_KNUCKLE * (knuckle - wrist) for knuckle in knuckles)
    palm = (wrist + knuckles[0] + knuckles[1]) / 3
    knuckle = (knuckles[0] + knuckles[1]) / 2
    leading = (1.0,) * len(POSE_WEIGHTS)
    trust = POSE_ONLY_TRUST * ramp(seen, IN_VIEW - 0.1, CLEARLY_IN_VIEW)
    return Hand(None, tips, leading, wrist, palm, knuckle, 0.0, 0.0, trust)


def area_points(hand: Hand) -> tuple[Point, ...]:
    """Points all over a 21-point hand, the palm included; none for a hand of the pose only."""
    if hand.points is None:
        return ()
    roots = (INDEX_MCP, MIDDLE_MCP, PINKY_MCP)
    return (*hand.points, *((hand.wrist + hand.points[root]) / 2 for root in roots))

"""Hands at work: targets, directions and shapes for the actions of `tests.fakes.people`."""

from dataclasses import replace

from tests.fakes.anatomy import PLACES, TRUNK_PLACES, Figure, HandPose, hand_points, mixed

# MediaPipe's pose points when a hand is out of the picture or out of sight.
OUT_OF_VIEW = 0.04


def out(hand: str) -> float:
    """The side of the image on which the hand's own side lies."""
    return 1.0 if hand == "left" else -1.0


def sided(direction: complex, hand: str) -> complex:
    """A direction given for the left hand, turned round for the right one."""
    return direction if hand == "left" else -direction.conjugate()


def resting(hand: str) -> HandPose:
    """A hand on the lap, out of view."""
    wrist = 0.40 + 1.35j if hand == "left" else -0.40 + 1.35j
    toward = complex(-0.5 * out(hand), 0.6)
    return HandPose(wrist, toward, curl=0.4, found=False, visibility=OUT_OF_VIEW)


def blend(figure: Figure, hand: str, pose: HandPose, part: float) -> None:
    """Move the hand of `figure` towards `pose` by `part`."""
    if part > 0.0:
        figure.hands[hand] = mixed(figure.hands[hand], pose, part)


def place_of(figure: Figure, place: str, hand: str) -> complex:
    """Where a named place is, on the side of `hand`."""
    if place in PLACES:
        return figure.head_point(PLACES[place], hand)
    return figure.trunk_point(TRUNK_PLACES[place], hand)


def fingertips_at(target: complex, hand: str, toward: complex) -> HandPose:
    """A hand whose index and middle fingertips are at the target; `toward` is for the left."""
    pose = HandPose(0j, sided(toward, hand), curl=0.35, spread=0.6)
    points = hand_points(pose, hand)
    return replace(pose, wrist=target - (points[8] + points[12]) / 2)


def clasped(style: str, hand: str, at: complex) -> HandPose:
    """A hand at the other one: `hold`, `interlock` or `steeple`."""
    side = out(hand)
    if style == "steeple":
        toward = complex(-0.55 * side, -1.0)
        points = hand_points(HandPose(0j, toward, curl=0.0, spread=0.5), hand)
        return HandPose(at - points[12] + 0.01 * side, toward, curl=0.0, spread=0.5)
    toward = complex(-side, -0.25)
    palm = at + (0.06 + 0.02j) * side
    if style == "interlock":
        pose = HandPose(0j, toward, curl=0.55)
        return replace(pose, wrist=palm - 0.9 * (hand_points(pose, hand)[9]))
    # The left hand closes over the back of the right one, whose fingers stick out below it.
    pose = HandPose(0j, toward, curl=0.5 if hand == "left" else 0.05)
    back = 0.16 if hand == "left" else 0.0
    return replace(pose, wrist=palm - back - 0.9 * hand_points(pose, hand)[9])

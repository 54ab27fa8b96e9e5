"""Arms against the trunk and one another: folded (17), touched (22), akimbo (30)."""

from dataclasses import dataclass
from typing import NamedTuple

from plugins.recognizers.geometric.body import Arm, Body, Point, Trunk
from plugins.recognizers.geometric.filters import Delay, Smooth, ramp
from plugins.recognizers.geometric.hands import Hand


@dataclass(frozen=True, slots=True)
class ArmRules:
    """Thresholds; lengths in shoulder widths (about 36 cm).

    Attributes:
        crossed: How far each wrist is past the other, sideways, at half belief. Hands laid on
            one another reach 0; folded arms reach 0.5 to 0.8.
        at_elbow: Distance of a wrist to the other elbow at half belief.
        level: Height difference of wrist and elbow at half belief: forearms lie level.
        still_speed: Shoulder widths a second at half belief; poses of arms are held.
        on_arm: Distance of a palm or fingertip to the other arm's axis at half belief; an arm
            is about 0.13 thick in the radius direction with sleeves.
        reach: A palm further from the other elbow than this cannot be on that arm.
        elbow_out: How far an akimbo elbow is outside its shoulder at half belief; hanging arms
            reach 0.15.
        wrist_back: How far an akimbo wrist is inside its elbow at half belief.
    """

    crossed: float = 0.12
    at_elbow: float = 0.55
    level: float = 0.45
    still_speed: float = 1.2
    on_arm: float = 0.15
    reach: float = 0.9
    elbow_out: float = 0.28
    wrist_back: float = 0.15


RULES = ArmRules()


class ArmBelief(NamedTuple):
    """Beliefs 0..1 in the three classes."""

    fold_arms: float
    touch_arms: float
    akimbo: float


class Arms:
    """Follows both arms of one stream."""

    def __init__(self) -> None:
        self._tracks = Delay(0.2), Delay(0.2)
        self._folded = Smooth(0.15, 0.2)
        self._touched = Smooth(0.12, 0.15)
        self._akimbo = Smooth(0.15, 0.2)

    def step(self, left: Hand | None, right: Hand | None, body: Body, together: float) -> ArmBelief:
        """Beliefs of one tick.

        Args:
            left: Left hand.
            right: Right hand.
            body: Frames of the tick.
            together: Belief that the hands are at one another: then they do not touch arms.
        """
        trunk = body.trunk
        if trunk is None or not trunk.seen:
            return self._believe(0.0, 0.0, 0.0)
        still = [
            _stillness(track, arm, trunk)
            for track, arm in zip(self._tracks, (body.left, body.right), strict=True)
        ]
        folded = _folded(body.left, body.right, trunk) * min(still)
        touched = max(
            still[0] and still[0] * _on_arm(left, body.right, trunk),
            still[1] and still[1] * _on_arm(right, body.left, trunk),
        )
        akimbo = _either(
            (body.left, still[0] * _akimbo(body.left, trunk, 1.0)),
            (body.right, still[1] * _akimbo(body.right, trunk, -1.0)),
        )
        return self._believe(folded, touched * (1.0 - together), akimbo)

    def _believe(self, folded: float, touched: float, akimbo: float) -> ArmBelief:
        fold = self._folded.step(folded)
        return ArmBelief(
            fold, self._touched.step(touched) * (1.0 - fold), self._akimbo.step(akimbo)
        )


def _stillness(track: Delay, arm: Arm, trunk: Trunk) -> float:
    track.push(None if arm.wrist is None else trunk.place(arm.wrist))
    moved = track.change()
    if moved is None:
        return 0.0
    way, time_s = moved
    return ramp(abs(way) / time_s, RULES.still_speed * 1.5, RULES.still_speed * 0.5)


def _folded(left: Arm, right: Arm, trunk: Trunk) -> float:
    if left.elbow is None or right.elbow is None or left.wrist is None or right.wrist is None:
        return 0.0
    wrists = trunk.place(left.wrist), trunk.place(right.wrist)
    elbows = trunk.place(left.elbow), trunk.place(right.elbow)
    past = wrists[1].real - wrists[0].real
    reach = (abs(wrists[0] - elbows[1]) + abs(wrists[1] - elbows[0])) / 2
    slope = max(abs(w.imag - e.imag) for w, e in zip(wrists, elbows, strict=True))
    height = min(w.imag for w in wrists)
    return (
        ramp(past, 0.0, 2 * RULES.crossed)
        * ramp(reach, RULES.at_elbow * 1.3, RULES.at_elbow * 0.7)
        * ramp(slope, RULES.level * 1.4, RULES.level * 0.6)
        * ramp(height, 0.0, 0.2)
    )


def _on_arm(hand: Hand | None, arm: Arm, trunk: Trunk) -> float:
    """Palm or a fingertip over the other arm, but not over its hand."""
    if hand is None or arm.elbow is None or arm.shoulder is None:
        return 0.0
    if abs(hand.palm - arm.elbow) > RULES.reach * trunk.width:
        return 0.0
    pieces = [(arm.shoulder + 0.25 * (arm.elbow - arm.shoulder), arm.elbow)]
    if arm.wrist is not None:
        pieces.append((arm.elbow, arm.elbow + 0.75 * (arm.wrist - arm.elbow)))
    gaps = [
        min(_gap(point, start, end) for start, end in pieces)
        for point in (hand.palm, hand.knuckle, *hand.touching[:2])
    ]
    least = sorted(gaps)[1] / trunk.width
    return ramp(least, RULES.on_arm * 1.4, RULES.on_arm * 0.6) * hand.trust


def _gap(point: Point, start: Point, end: Point) -> float:
    along = end - start
    square = abs(along) ** 2
    if square == 0.0:
        return abs(point - start)
    part = ((point - start) * along.conjugate()).real / square
    return abs(point - start - min(1.0, max(0.0, part)) * along)


def _either(left: tuple[Arm, float], right: tuple[Arm, float]) -> float:
    """Both arms, or one whose wrist is in view: an arm on a desk looks like half an akimbo."""
    single = max(belief if arm.wrist_in_view else 0.0 for arm, belief in (left, right))
    return max(single, min(left[1], right[1]))


def _akimbo(arm: Arm, trunk: Trunk, outward: float) -> float:
    """`outward` is 1 for the arm on the right of the image, -1 for the other."""
    if arm.shoulder is None or arm.elbow is None or arm.wrist is None:
        return 0.0
    shoulder, elbow, wrist = (trunk.place(p) for p in (arm.shoulder, arm.elbow, arm.wrist))
    out = outward * (elbow.real - shoulder.real)
    back = outward * (elbow.real - wrist.real)
    at_side = outward * wrist.real
    return (
        ramp(out, RULES.elbow_out - 0.1, RULES.elbow_out + 0.1)
        * ramp(back, RULES.wrist_back - 0.1, RULES.wrist_back + 0.1)
        * ramp(at_side, 0.28, 0.4)
        * ramp(at_side, 0.9, 0.75)
        * ramp(wrist.imag, 0.6, 0.85)
        * ramp(wrist.imag - elbow.imag, -0.1, 0.1)
    )

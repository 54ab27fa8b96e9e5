"""All beliefs of one stream, from joints to one score a class."""

from engine.person import PersonCalibration
from plugins.recognizers.geometric.arms import Arms
from plugins.recognizers.geometric.body import Face, Point, body_of
from plugins.recognizers.geometric.coverage import COVERED_SLUGS
from plugins.recognizers.geometric.filters import Smooth, ramp
from plugins.recognizers.geometric.hands import area_points, hands_of
from plugins.recognizers.geometric.motion import HandMotion
from plugins.recognizers.geometric.pair import HandPair
from plugins.recognizers.geometric.posture import Posture
from plugins.recognizers.geometric.surface import Surface
from plugins.recognizers.geometric.touch import FAR, Hands, HandTouch, Vote, votes_of
from plugins.recognizers.geometric.zones import SLUGS, ZONES

_HEAD = tuple(zone.slug for zone in ZONES if zone.head)
# Below the chin a hand in the air looks like a touch; folded arms and hands at one another rest
# there without touching these.
_BELOW_CHIN = tuple(zone.slug for zone in ZONES if not zone.head)
_NOT_IN_THE_AIR = (*_HEAD, "touch_neck", "cover_face", "fold_arms", "dust_clothes")
# A hand that speaks passes here all the time; one that is at the collar stays. Belief in a moving
# hand at which a touch is fully and not at all believed.
_CHEST = (SLUGS.index("cover_notch"), SLUGS.index("adjust_collar"))
_STAYS, _PASSES = 0.4, 0.9
_BRUSH = SLUGS.index("dust_clothes")
# Part of the middle of the face under hand points: one hand at the mouth hides up to half.
_COVERED_FROM, _COVERED_TO = 0.65, 0.95


class StreamState:
    """History of one stream; a fresh one is the reset.

    Args:
        person: Calibration of the person in view, if any.
        window_s: Length of the running quantiles that stand for the resting pose.
        ready_s: Seconds of valid pose before there is one.
    """

    def __init__(self, person: PersonCalibration | None, window_s: float, ready_s: float) -> None:
        self._touches = HandTouch(), HandTouch()
        self._motions = HandMotion(), HandMotion()
        self._pair = HandPair()
        self._arms = Arms()
        self._posture = Posture(person, window_s, ready_s)
        self._covered = Smooth(0.12, 0.15)

    def step(self, points: list[Point], confidence: list[float]) -> list[float]:
        """Scores of one tick in the order of `coverage.COVERED`, 0..1.

        Args:
            points: The 75 joints as complex numbers.
            confidence: Their confidences.
        """
        body = body_of(points, confidence)
        hands = hands_of(points, confidence, body)
        for motion, hand in zip(self._motions, hands, strict=True):
            motion.step(hand, body)
        pair = self._pair.step(*hands, body)
        arms = self._arms.step(*hands, body, pair.together)
        surface = None
        if body.face and body.trunk and any(motion.near_zones for motion in self._motions):
            surface = Surface(body.face, body.trunk)
        scores = self._touched(hands, body.face, surface)
        self._cover(scores, hands, surface)
        for slug in _BELOW_CHIN:
            scores[slug] *= (1.0 - pair.together) * (1.0 - arms.fold_arms)
        scores |= pair._asdict() | arms._asdict()
        moving = max(motion.moving for motion in self._motions)
        touching = max(scores[slug] for slug in _NOT_IN_THE_AIR)
        scores["illustrative"] = moving * (1.0 - touching) * (1.0 - pair.together)
        scores |= self._posture.step(body, moving)._asdict()
        return [scores[slug] for slug in COVERED_SLUGS]

    def _touched(
        self, hands: Hands, face: Face | None, surface: Surface | None
    ) -> dict[str, float]:
        """One belief a zone: the surer of both hands."""
        votes: list[Vote | None] = [FAR, FAR]
        if face and surface:
            votes = votes_of(hands, face, surface)
        beliefs = [
            touch.step(hand, face, vote)
            for touch, hand, vote in zip(self._touches, hands, votes, strict=True)
        ]
        for belief, motion, other in zip(
            beliefs, self._motions, reversed(self._motions), strict=True
        ):
            belief[_BRUSH] *= motion.brushing * (1.0 - other.moving)
            for chest in _CHEST:
                belief[chest] *= 1.0 - ramp(motion.moving, _STAYS, _PASSES)
        return dict(zip(SLUGS, map(max, *beliefs), strict=True))

    def _cover(self, scores: dict[str, float], hands: Hands, surface: Surface | None) -> None:
        """Add `cover_face`, which takes belief from the zones of the head."""
        part = 0.0
        contact = max(touch.contact for touch in self._touches)
        points = [point for hand in hands if hand for point in area_points(hand)]
        if surface and points and max(scores[slug] for slug in _HEAD) > 0.1:
            part = surface.covered(points)
        covered = self._covered.step(contact * ramp(part, _COVERED_FROM, _COVERED_TO))
        for slug in _HEAD:
            scores[slug] *= 1.0 - covered
        scores["cover_face"] = covered

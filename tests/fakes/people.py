"""People who do what a test tells them, as joints at 25 Hz: `person().touch("jaw", ...)`.

Every action takes `from_s` and `to_s`, the time it is fully there; hands travel to it in the
`reach_s` before and leave in the `reach_s` after. Actions may follow one another and overlap.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.anatomy import FACE, Figure, HandPose
from tests.fakes.handwork import OUT_OF_VIEW, blend, clasped, fingertips_at, out, place_of, sided
from tests.fakes.story import Story

# Fingers that do not come from below; for the left hand.
_TOWARD = {"hair": complex(-1.0, -0.5), "beside_head": -1j}


@dataclass(frozen=True)
class Person(Story):
    """A `Story` with everything that a person can do in it."""

    def touch(
        self, place: str, *, from_s: float, to_s: float, hand: str = "left", scratch: float = 0.0
    ) -> "Person":
        """Fingertips on a place of head, neck or chest; `scratch` is a swing in face widths.

        Args:
            place: One of `anatomy.PLACES` or `anatomy.TRUNK_PLACES`, on the side of the hand.
            from_s: When the fingertips arrive.
            to_s: When they leave.
            hand: `left` or `right`.
            scratch: Fingertips move up and down by so much, 3 times a second.
        """

        def act(figure: Figure, t_s: float) -> None:
            swing = 1j * scratch * FACE * math.sin(2 * math.pi * 3 * (t_s - from_s))
            target = place_of(figure, place, hand) + swing
            toward = _TOWARD.get(place, complex(-0.35, -1.0))
            pose = fingertips_at(target, hand, toward)
            blend(figure, hand, pose, self._part(t_s, from_s, to_s))

        return self._do(act)

    def cover_face(self, *, from_s: float, to_s: float) -> "Person":
        """Both hands flat over the face."""
        person = self
        for hand in ("left", "right"):

            def act(figure: Figure, t_s: float, hand: str = hand) -> None:
                wrist = figure.head_point((0.2, 0.85, 0.7), hand)
                pose = HandPose(wrist, complex(-0.06 * out(hand), -1.0), curl=0.0)
                blend(figure, hand, pose, self._part(t_s, from_s, to_s))

            person = person._do(act)
        return person

    def put(
        self,
        hand: str,
        wrist: complex,
        *,
        from_s: float,
        to_s: float,
        toward: complex = -1j,
        size: float = 1.0,
        curl: float = 0.2,
    ) -> "Person":
        """The wrist at a place of the trunk's frame, given for the left side."""

        def act(figure: Figure, t_s: float) -> None:
            pose = HandPose(
                figure.trunk_point(wrist, hand), sided(toward, hand), size=size, curl=curl
            )
            blend(figure, hand, pose, self._part(t_s, from_s, to_s))

        return self._do(act)

    def pass_by(self, *, at_s: float, hand: str = "left", speed: float = 8.0) -> "Person":
        """The hand sweeps across the face at so many face widths a second."""

        def act(figure: Figure, t_s: float) -> None:
            along = (t_s - at_s) * speed
            if abs(along) < 3.0:
                wrist = figure.head_point((-along, 0.9, 0.6), "left")
                figure.hands[hand] = HandPose(wrist)

        return self._do(act)

    def wave(
        self, hand: str, *, from_s: float, to_s: float, size: float = 0.3, hz: float = 0.9
    ) -> "Person":
        """The hand moves in circles in the air before and beside the trunk."""

        def act(figure: Figure, t_s: float) -> None:
            angle = 2 * math.pi * hz * t_s
            wrist = complex(0.75 + size * math.cos(angle), 0.7 + size * math.sin(angle))
            pose = HandPose(figure.trunk_point(wrist, hand), complex(0.2 * out(hand), -1.0))
            blend(figure, hand, pose, self._part(t_s, from_s, to_s))

        return self._do(act)

    def brush(self, hand: str, *, from_s: float, to_s: float) -> "Person":
        """The palm strokes up and down over the clothes."""

        def act(figure: Figure, t_s: float) -> None:
            wrist = complex(0.38, 0.85 + 0.12 * math.sin(2 * math.pi * 2.5 * t_s))
            pose = HandPose(figure.trunk_point(wrist, hand), sided(-0.8 - 0.4j, hand))
            blend(figure, hand, pose, self._part(t_s, from_s, to_s))

        return self._do(act)

    def lose_hand(self, hand: str, *, from_s: float, to_s: float, pose: bool = True) -> "Person":
        """The 21-point hand is not found, and with `pose` neither are the arm's own points."""

        def act(figure: Figure, t_s: float) -> None:
            if from_s <= t_s < to_s:
                seen = OUT_OF_VIEW if pose else 0.9
                figure.hands[hand] = replace(figure.hands[hand], found=False, visibility=seen)

        return self._do(act)

    # --- both arms -----------------------------------------------------------------------

    def clasp(self, style: str, *, from_s: float, to_s: float, at: complex = 0.75j) -> "Person":
        """Hands at one another: `hold`, `interlock` or `steeple`."""
        person = self
        for hand in ("left", "right"):

            def act(figure: Figure, t_s: float, hand: str = hand) -> None:
                pose = clasped(style, hand, figure.trunk_point(at))
                blend(figure, hand, pose, self._part(t_s, from_s, to_s))

            person = person._do(act)
        return person

    def fold_arms(self, *, from_s: float, to_s: float, tucked: bool = True) -> "Person":
        """Arms folded before the chest; with `tucked` one hand is hidden under an arm."""
        person = self
        for hand, wrist in (("left", -0.30 + 0.62j), ("right", 0.28 + 0.68j)):

            def act(figure: Figure, t_s: float, hand: str = hand, wrist: complex = wrist) -> None:
                part = self._part(t_s, from_s, to_s)
                pose = HandPose(figure.trunk_point(wrist), complex(-out(hand), -0.2), curl=0.3)
                if tucked and hand == "left":
                    pose = replace(pose, found=False, visibility=0.6)
                blend(figure, hand, pose, part)
                if part > 0.5:
                    figure.elbows[hand] = figure.trunk_point(0.58 + 0.74j, hand)

            person = person._do(act)
        return person

    def akimbo(
        self, *, from_s: float, to_s: float, hands: tuple[str, ...] = ("left", "right")
    ) -> "Person":
        """Hands on the hips, elbows out."""
        person = self
        for hand in hands:

            def act(figure: Figure, t_s: float, hand: str = hand) -> None:
                part = self._part(t_s, from_s, to_s)
                wrist = figure.trunk_point(0.50 + 1.12j, hand)
                blend(figure, hand, HandPose(wrist, sided(-0.7 + 0.7j, hand)), part)
                if part > 0.5:
                    figure.elbows[hand] = figure.trunk_point(0.98 + 0.70j, hand)

            person = person._do(act)
        return person

    def touch_arm(self, hand: str, *, from_s: float, to_s: float) -> "Person":
        """The palm on the other, hanging, upper arm."""

        def act(figure: Figure, t_s: float) -> None:
            wrist = figure.trunk_point(-0.34 + 0.52j, hand)
            pose = HandPose(wrist, sided(-1.0 + 0.1j, hand))
            blend(figure, hand, pose, self._part(t_s, from_s, to_s))

        return self._do(act)

    # --- head and trunk ------------------------------------------------------------------

    def head(
        self,
        *,
        from_s: float,
        to_s: float,
        pitch: float = 0.0,
        yaw: float = 0.0,
        roll: float = 0.0,
    ) -> "Person":
        """The head held up, turned or tilted, in degrees; ends in `inf` for a whole story."""

        def act(figure: Figure, t_s: float) -> None:
            part = self._part(t_s, from_s, to_s)
            figure.pitch += math.radians(pitch) * part
            figure.yaw += math.radians(yaw) * part
            figure.roll += math.radians(roll) * part

        return self._do(act)

    def shrug(
        self,
        *,
        from_s: float,
        to_s: float,
        lift: float = 0.13,
        sides: tuple[str, ...] = ("left", "right"),
    ) -> "Person":
        """Shoulders raised."""

        def act(figure: Figure, t_s: float) -> None:
            for side in sides:
                figure.lifts[side] += lift * self._part(t_s, from_s, to_s)

        return self._do(act)

    def shake(self, *, from_s: float, to_s: float, size: float = 0.04, hz: float = 3.0) -> "Person":
        """Shoulders swing up and down."""

        def act(figure: Figure, t_s: float) -> None:
            for side in figure.lifts:
                swing = 0.5 * size * math.sin(2 * math.pi * hz * t_s)
                figure.lifts[side] += swing * self._part(t_s, from_s, to_s)

        return self._do(act)

    def move(
        self,
        *,
        from_s: float,
        to_s: float,
        by: complex = 0j,
        growth: float = 1.0,
        bend: float = 0.0,
    ) -> "Person":
        """The trunk shifted (shoulder widths), leant to the camera, bent sideways (degrees)."""

        def act(figure: Figure, t_s: float) -> None:
            part = self._part(t_s, from_s, to_s)
            figure.neck += by * part
            figure.growth *= growth**part
            figure.bend += math.radians(bend) * part

        return self._do(act)


def person(**changes: Any) -> Person:
    """A person who sits still with both hands out of view; see `Story` for what may change."""
    return Person(**changes)

"""Head, shoulders and trunk against their own rest and recent past.

Sunk neck (1), moving torso (20), sitting straight (21), head up (28), shaking shoulders (31).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from engine.person import PersonCalibration
from plugins.recognizers.geometric.body import Body, Face, Trunk, dot
from plugins.recognizers.geometric.filters import Delay, RunningQuantile, Smooth, Swings, ramp


@dataclass(frozen=True, slots=True)
class PostureRules:
    """Thresholds; lengths in shoulder widths (about 36 cm) unless said otherwise.

    Attributes:
        sunk: Part of the resting neck length lost at half belief. A shrug lifts the shoulders
            by 4 to 6 cm of 22.
        nearer: Growth of the face that makes a sunk neck a lean towards the camera instead.
        head_up: Nose above its rest, in face widths, at half belief. MediaPipe's face points
            follow a nod by a third of what they should: looking at the desk reads 0.05 to 0.08
            below, a raised head 0.04 to 0.08 above the pose of looking ahead.
        torso_span_s: Movement is measured over so long.
        torso_shift: Movement of neck and head at half belief; 90 % of 0.6 s of sitting and
            talking stay below 0.015.
        torso_growth: Growth or shrinking of face and shoulders (leaning) at half belief.
        torso_roll: Turn of the shoulder line in radians at half belief.
        upright_span_s: Straightening up is a rise within so long.
        upright_rise: Rise of shoulders and head at half belief.
        upright_most: A rise of more is standing up.
        upright_aside: Sideways movement at half belief, as part of the rise.
        upright_growth: Change of the face's size at half belief: straight up is not forward.
        shake_size: A swing of a shoulder smaller than this is no swing; 10 times the jitter.
        shake_span_s: Swings are counted over so long.
        shake_turns: Turns of a shoulder within that time at no and at full belief.
    """

    sunk: float = 0.16
    nearer: float = 0.10
    head_up: float = 0.05
    torso_span_s: float = 0.6
    torso_shift: float = 0.08
    torso_growth: float = 0.07
    torso_roll: float = 0.10
    upright_span_s: float = 1.6
    upright_rise: float = 0.08
    upright_most: float = 0.45
    upright_aside: float = 0.9
    upright_growth: float = 0.09
    shake_size: float = 0.025
    shake_span_s: float = 1.2
    shake_turns: tuple[float, float] = (1.5, 4.5)


RULES = PostureRules()


class PostureBelief(NamedTuple):
    """Beliefs 0..1 in the five classes."""

    turtle_neck: float
    move_torso: float
    sit_straight: float
    head_up: float
    shake_shoulders: float


class Posture:
    """Follows head and trunk of one stream.

    Args:
        person: Gives the resting neck length and pitch at once; otherwise they are running
            quantiles, known after `ready_s`.
        window_s: Length of the running quantiles.
        ready_s: Seconds of valid pose before there is one.
    """

    def __init__(self, person: PersonCalibration | None, window_s: float, ready_s: float) -> None:
        self._resting = person.resting if person else None
        self._neck_rest = RunningQuantile(0.5, window_s, ready_s)
        self._size_rest = RunningQuantile(0.5, window_s, ready_s)
        # Not the middle: who writes looks down for most of the time, and up is no raised head.
        self._pitch_rest = RunningQuantile(0.25, window_s, ready_s)
        self._rests = self._neck_rest, self._size_rest, self._pitch_rest
        self._place, self._head, self._size, self._roll = (
            Delay(RULES.torso_span_s) for _ in range(4)
        )
        self._rise, self._drift = (Delay(RULES.upright_span_s) for _ in range(2))
        self._delays = self._place, self._head, self._size, self._roll, self._rise, self._drift
        self._swings = tuple(Swings(RULES.shake_size, RULES.shake_span_s) for _ in range(2))
        self._smooth = tuple(Smooth(0.08, 0.12) for _ in range(5))

    def step(self, body: Body, hands_busy: float) -> PostureBelief:
        """Beliefs of one tick.

        Args:
            body: Frames of the tick.
            hands_busy: Belief that hands are moving in the air, which moves shoulders too.
        """
        face, trunk = body.face, body.trunk
        if face is None or trunk is None or not trunk.seen:
            beliefs = self._nobody()
        else:
            beliefs = self._measure(face, trunk, body, hands_busy)
        return PostureBelief(
            *(low.step(value) for low, value in zip(self._smooth, beliefs, strict=True))
        )

    def _nobody(self) -> list[float]:
        for delay in self._delays:
            delay.push(None)
        for rest in self._rests:
            rest.push(None)
        for swings in self._swings:
            swings.step(None)
        return [0.0] * len(self._smooth)

    def _measure(self, face: Face, trunk: Trunk, body: Body, hands_busy: float) -> list[float]:
        upright = self._upright(face, trunk)
        torso = self._torso(face, trunk) * (1.0 - upright)
        shake = self._shake(body) * (1.0 - hands_busy)
        return [self._sunk(face, trunk) * (1.0 - shake), torso, upright, self._head_up(face), shake]

    def _sunk(self, face: Face, trunk: Trunk) -> float:
        length = dot(trunk.neck - face.ears, trunk.down)
        self._neck_rest.push(length)
        self._size_rest.push(face.width)
        rest = self._resting.head_height if self._resting else self._neck_rest.value
        size = 1 / self._resting.shoulder_per_ear_width if self._resting else self._size_rest.value
        if rest is None or size is None or rest <= 0:
            return 0.0
        lost = 1.0 - length / rest
        growth = face.width / size - 1.0
        leaning = ramp(growth, RULES.nearer * 0.5, RULES.nearer * 1.5)
        return ramp(lost, RULES.sunk * 0.5, RULES.sunk * 1.5) * (1.0 - leaning)

    def _head_up(self, face: Face) -> float:
        pitch = dot(face.nose - face.ears, face.down) / face.width
        self._pitch_rest.push(pitch)
        rest = self._resting.head_pitch if self._resting else self._pitch_rest.value
        if rest is None:
            return 0.0
        return ramp(rest - pitch, RULES.head_up * 0.5, RULES.head_up * 1.5)

    def _torso(self, face: Face, trunk: Trunk) -> float:
        self._place.push(trunk.neck)
        self._head.push(face.ears)
        self._size.push(complex(math.log(face.width), math.log(trunk.width)))
        self._roll.push(complex(math.atan2(trunk.right.imag, trunk.right.real)))
        place, head = self._place.change(), self._head.change()
        size, roll = self._size.change(), self._roll.change()
        if place is None or head is None or size is None or roll is None:
            return 0.0
        face_growth, trunk_growth = size[0].real, size[0].imag
        leaning = (
            min(abs(face_growth), abs(trunk_growth)) if face_growth * trunk_growth > 0 else 0.0
        )
        # An arm that is raised lifts its shoulder; a trunk that moves takes the head along.
        shift = min(abs(place[0]), abs(head[0])) / RULES.torso_shift
        bend = min(abs(roll[0]) / RULES.torso_roll, abs(head[0]) / RULES.torso_shift)
        strength = max(shift, leaning / RULES.torso_growth, bend)
        return ramp(strength, 0.5, 1.5)

    def _upright(self, face: Face, trunk: Trunk) -> float:
        self._rise.push(complex(-trunk.neck.imag, -face.ears.imag))
        self._drift.push(complex(trunk.neck.real, math.log(face.width)))
        rise, drift = self._rise.change(), self._drift.change()
        if rise is None or drift is None:
            return 0.0
        least = min(rise[0].real, rise[0].imag)
        if least <= RULES.upright_rise * 0.5:
            return 0.0
        aside, growth = abs(drift[0].real) / least, abs(drift[0].imag)
        return (
            ramp(least, RULES.upright_rise * 0.5, RULES.upright_rise * 1.5)
            * ramp(least, RULES.upright_most + 0.05, RULES.upright_most - 0.05)
            * ramp(aside, RULES.upright_aside + 0.3, RULES.upright_aside - 0.3)
            * ramp(growth, RULES.upright_growth + 0.03, RULES.upright_growth - 0.03)
        )

    def _shake(self, body: Body) -> float:
        counts = [
            swings.step(None if arm.shoulder is None else arm.shoulder.imag)
            for swings, arm in zip(self._swings, (body.left, body.right), strict=True)
        ]
        return ramp(max(counts), *RULES.shake_turns)

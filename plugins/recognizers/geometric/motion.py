"""Hands that move: in the air (99, illustrative) or brushing over the clothes (18)."""

from dataclasses import dataclass

from plugins.recognizers.geometric.body import Body, Trunk
from plugins.recognizers.geometric.filters import Delay, Smooth, Swings, ramp
from plugins.recognizers.geometric.hands import Hand


@dataclass(frozen=True, slots=True)
class MotionRules:
    """Thresholds; lengths in shoulder widths (about 36 cm).

    Attributes:
        speed: Speed of a palm, a second, at half belief. Resting hands wander at 0.05.
        speed_span_s: Speed is measured over so long.
        memory_s: Motion must fill this time: a hand that only rises to the face takes 0.35 s.
        low: A hand of which no point is higher than this below the shoulders is at no zone but
            the clothes.
        lap: Palms lower than this are on the lap or the desk: moving there illustrates nothing.
        stroke: Smallest stroke of a brushing hand; beats of speech are mostly in the air and
            bring the hand away from the trunk, which a flat picture does not show.
        stroke_span_s: Strokes are counted over so long.
        strokes: Turns within that time at no and at full belief.
    """

    speed: float = 0.6
    speed_span_s: float = 0.2
    memory_s: float = 0.5
    low: float = 0.45
    lap: float = 1.4
    stroke: float = 0.10
    stroke_span_s: float = 1.0
    strokes: tuple[float, float] = (1.0, 4.0)


RULES = MotionRules()


class HandMotion:
    """Follows the motion of one hand of one stream."""

    def __init__(self) -> None:
        self._track = Delay(RULES.speed_span_s)
        self._moving = Smooth(RULES.memory_s, 0.3)
        self._strokes = (
            Swings(RULES.stroke, RULES.stroke_span_s),
            Swings(RULES.stroke, RULES.stroke_span_s),
        )
        self.moving = 0.0
        self.brushing = 0.0
        self.near_zones = False

    def step(self, hand: Hand | None, body: Body) -> None:
        """Update `moving` and `brushing`, 0..1, and `near_zones` for one tick.

        `near_zones` is False for a hand that lies so low that it can touch no zone.
        """
        place = body.trunk.place(hand.palm) if hand is not None and body.trunk else None
        self._track.push(place)
        counts = [
            swings.step(value)
            for swings, value in zip(
                self._strokes,
                (None, None) if place is None else (place.real, place.imag),
                strict=True,
            )
        ]
        self.brushing = ramp(max(counts), *RULES.strokes)
        self.near_zones = self.brushing > 0.0 or _reaches_up(hand, body.trunk)
        in_the_air = place is not None and place.imag < RULES.lap
        self.moving = self._moving.step(self._speed() if in_the_air else 0.0)

    def _speed(self) -> float:
        moved = self._track.change()
        if moved is None:
            return 0.0
        way, time_s = moved
        return ramp(abs(way) / time_s, RULES.speed * 0.5, RULES.speed * 1.5)


def _reaches_up(hand: Hand | None, trunk: Trunk | None) -> bool:
    if hand is None or trunk is None:
        return False
    return any(trunk.place(point).imag < RULES.low for point in hand.touching)

"""Where a person is, to tell one from another."""

import math
from collections import deque
from dataclasses import dataclass

from engine.clock import NS_PER_S
from plugins.pose.direct.body import Body
from plugins.pose.direct.detector import ROOM, Detection

_SHOULDERS = (11, 12)
# Detector and body network agree about the same person to 0.04 sides and 10 % in size on the
# development clips; people next to each other are 0.2 sides and more apart.
_SAME_PLACE = 0.12
_SAME_SIZE_LOG = 0.5
_SPEED_OVER_S = 0.6
_SPEED_FROM_S = 0.15
_FORESIGHT_S = 0.5


@dataclass(frozen=True)
class Presence:
    """A person's place.

    Attributes:
        x_px: Middle between the shoulders.
        y_px: The same, downwards.
        side_px: Side of the body's circle, some five shoulder widths.
    """

    x_px: float
    y_px: float
    side_px: float

    def apart(self, other: "Presence") -> float:
        """Distance to another, in sides of this one; infinite if it has none."""
        away_px = math.hypot(self.x_px - other.x_px, self.y_px - other.y_px)
        return away_px / self.side_px if self.side_px > 0.0 else math.inf

    def is_same(self, other: "Presence", more: float = 0.0) -> bool:
        """Whether both can be one person who moved at most `more` sides between."""
        if not self.side_px > 0.0 or not other.side_px > 0.0:
            return False
        grown = abs(math.log(other.side_px / self.side_px))
        return self.apart(other) <= _SAME_PLACE + more and grown <= _SAME_SIZE_LOG


def of_body(body: Body) -> Presence:
    """Of a person who is followed."""
    middle = body.points_px[list(_SHOULDERS), :2].mean(axis=0)
    return Presence(float(middle[0]), float(middle[1]), body.circle.side_px)


def of_detection(detection: Detection) -> Presence:
    """Of a person who was just found."""
    return Presence(*detection.shoulders_px, detection.region.side_px / ROOM)


class Trail:
    """Where somebody was lately, and where they must be now if they went on. Pure."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, Presence]] = deque()

    def clear(self) -> None:
        """Forget it."""
        self._steps.clear()

    def add(self, time_ns: int, presence: Presence) -> None:
        """Somebody is there now."""
        self._steps.append((time_ns, presence))
        while time_ns - self._steps[0][0] > _SPEED_OVER_S * NS_PER_S:
            self._steps.popleft()

    @property
    def last_ns(self) -> int | None:
        """When somebody was there last."""
        return self._steps[-1][0] if self._steps else None

    def expected(self, time_ns: int, unseen_s: float = 0.0) -> Presence | None:
        """Where they are to be expected.

        Args:
            time_ns: When.
            unseen_s: The steps of so long before that are left out.

        Returns:
            None if there is no trail.
        """
        steps = [step for step in self._steps if time_ns - step[0] >= unseen_s * NS_PER_S]
        if not steps:
            return None
        (first_ns, first), (last_ns, last) = steps[0], steps[-1]
        span_s = (last_ns - first_ns) / NS_PER_S
        if span_s < _SPEED_FROM_S:
            return last
        ahead = min((time_ns - last_ns) / NS_PER_S, _FORESIGHT_S) / span_s
        return Presence(
            last.x_px + ahead * (last.x_px - first.x_px),
            last.y_px + ahead * (last.y_px - first.y_px),
            last.side_px,
        )

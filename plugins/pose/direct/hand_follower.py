"""One hand from picture to picture: when to look for it, where, and what to make of it."""

import numpy as np

from plugins.pose.direct.body import Body
from plugins.pose.direct.hand import Hand
from plugins.pose.direct.hand_regions import agrees, by_body, by_hand
from plugins.pose.direct.region import F64, Region
from plugins.pose.direct.savings import Savings
from plugins.pose.held_hand import HeldHand

# Wrist, little finger, index finger in the body's points: those of the left side.
_BODY_POINTS = (15, 17, 19)
_MIN_WRIST_VISIBILITY = 0.1
_FOUND_ABOVE = 0.5
# A region whose middle is further outside the picture, in its sides, has never held a hand.
_OUTSIDE = 0.1
_MISSES = 3
# A hand rests when, three times in a row, it is where it was carried to, within its own noise,
# in sides of its region.
_STILL = 0.02
_STILL_LOOKS = 3


class HandFollower:
    """A hand of one person. Pure.

    Args:
        side: 0 for the left hand, 1 for the right.

    Attributes:
        before: Where the hand of the picture before says to look; None if there was none.
    """

    def __init__(self, side: int) -> None:
        self._side = side
        self._held: HeldHand[F64] = HeldHand()
        self.reset()

    def reset(self) -> None:
        """Forget the hand."""
        self._held.reset()
        self.before: Region | None = None
        self._side_px = 0.0
        self._misses = 0
        self._still = 0
        self._agreed = True
        self._unplaced = 0

    @property
    def is_about(self) -> bool:
        """Whether it is there, or was not missed often enough to be believed away."""
        return self._held.points is not None or self._misses < _MISSES

    def is_due(self, savings: Savings, number: int, *, turns: bool) -> bool:
        """Whether to look for it in this picture.

        Args:
            savings: What may be left out.
            number: Running number of the picture.
            turns: Whether both hands are about, and may take turns.
        """
        every = max(self._own_every(savings), savings.turns if turns else 1)
        apart = max(1, every // 2)  # so that no picture has both, and they spread evenly
        return (number + self._side * apart) % every == 0

    def coarse(self, body: Body, savings: Savings, size_px: tuple[int, int]) -> Region | None:
        """Where the body says to look, coarsely; None if there can be no hand.

        Args:
            body: Of this picture.
            savings: What may be left out.
            size_px: Width and height of the picture.
        """
        if not body.visibility[_BODY_POINTS[0] + self._side] > _MIN_WRIST_VISIBILITY:
            return None
        points = (body.points_px[point + self._side, :2] for point in _BODY_POINTS)
        region = by_body(*points)
        if not region.is_usable or (savings.skip_outside and region.is_outside(size_px, _OUTSIDE)):
            return None
        return region

    @property
    def aim(self) -> Region | None:
        """`before`, if it was right the last time somebody else was asked, and can be looked at."""
        before = self.before if self._agreed else None
        return before if before is not None and before.is_usable else None

    def trusts_itself(self, savings: Savings) -> bool:
        """Decide whether this look is at `before` without asking anybody else."""
        steady = self.before is not None and self._agreed
        alone = steady and self._unplaced + 1 < savings.place_every
        self._unplaced = self._unplaced + 1 if alone else 0
        return alone

    def searches(self, savings: Savings) -> bool:
        """Whether this look of a hand that was not there goes by palms first."""
        every = savings.recover_every
        return every > 0 and self._misses % every == every - 1

    def agrees(self, told: Region) -> bool:
        """Whether `before` may be looked at instead of `told`."""
        before, points = self.before, self._held.points
        self._agreed = before is None or points is None or agrees(before, points, told)
        return before is not None and self._agreed

    def take(self, hand: Hand | None, body: Body) -> tuple[float, float] | None:
        """What came of looking.

        Args:
            hand: What was seen; None if there can be no hand.
            body: As it was seen last.

        Returns:
            How far the hand's own wrist has moved against the body's, to the right and down, px;
            None if there is no hand, or was none.
        """
        if hand is None or not hand.score > _FOUND_ABOVE:
            self._misses += 1
            self._still = 0
            self._held.reset()
            self.before = None
            return None
        self._misses = 0
        wrist = self._wrist(body)
        expected = self._held.carried(wrist)
        self._side_px = hand.region.side_px
        still = expected is not None and _apart(expected, hand.points_px) < _STILL * self._side_px
        self._still = self._still + 1 if still else 0
        self._held.see(hand.points_px, wrist, hand.score)
        self.before = by_hand(hand.points_px)
        if expected is None:
            return None
        right_px, down_px = (hand.points_px[0, :2] - expected[0, :2]).tolist()
        return right_px, down_px

    def hold_by(self, body: Body) -> None:
        """From now on it goes along with the wrist of that body, which is where it should be."""
        if self._held.points is not None:
            self._held.see(self._held.points, self._wrist(body), self._held.score)

    def pass_by(self, body: Body) -> None:
        """A picture in which it is not looked for: it goes along with the wrist, if that moves."""
        wrist = self._wrist(body)
        if self._held.wrist is None:
            return
        if float(np.hypot(*(wrist - self._held.wrist))) <= _STILL * self._side_px:
            return
        self._still = 0
        self._held.move_to(wrist)
        if self._held.points is not None:
            self.before = by_hand(self._held.points)

    @property
    def found(self) -> tuple[F64, float] | None:
        """Its `(21, 3)` points, px, and its score; None if it is not there."""
        points = self._held.points
        return None if points is None else (points, self._held.score)

    def _own_every(self, savings: Savings) -> int:
        if not self.is_about:
            return savings.missed_every
        return savings.resting_every if self._still >= _STILL_LOOKS else 1

    def _wrist(self, body: Body) -> F64:
        return body.points_px[_BODY_POINTS[0] + self._side, :2]


def _apart(one: F64, other: F64) -> float:
    """Mean distance of the points, px."""
    return float(np.hypot(*(one[:, :2] - other[:, :2]).T).mean())

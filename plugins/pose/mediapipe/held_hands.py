"""Both hands between the pictures in which they are looked for."""

from dataclasses import replace

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from plugins.pose.held_hand import HeldHand
from plugins.pose.landmarks import Landmarks

_BODY_START = HOLISTIC_75.parts["body"][0]
_WRISTS = tuple(HOLISTIC_75.index(f"{side}_wrist") - _BODY_START for side in ("left", "right"))


class HeldHands:
    """Carries each hand along with the body's wrist."""

    def __init__(self) -> None:
        self._hands: tuple[HeldHand[F32], HeldHand[F32]] = (HeldHand(), HeldHand())

    def reset(self) -> None:
        """Forget them."""
        for hand in self._hands:
            hand.reset()

    def see(self, found: Landmarks) -> None:
        """Take the hands of a picture in which they were looked for."""
        pairs = ((found.left_hand, found.left_score), (found.right_hand, found.right_score))
        for hand, wrist, (points, score) in zip(self._hands, _WRISTS, pairs, strict=True):
            hand.reset()
            if points is not None and found.body is not None:
                hand.see(points, found.body[wrist, :2], score)

    def carry(self, found: Landmarks) -> Landmarks:
        """A picture in which they were not looked for, with the hands put in."""
        if found.body is None:
            self.reset()
            return found
        for hand, wrist in zip(self._hands, _WRISTS, strict=True):
            hand.move_to(found.body[wrist, :2])
        left, right = self._hands
        return replace(
            found,
            left_hand=left.points,
            right_hand=right.points,
            left_score=left.score,
            right_score=right.score,
        )

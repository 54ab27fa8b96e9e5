"""A hand between the pictures in which it is looked for."""

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

PointsT = TypeVar("PointsT", bound=npt.NDArray[np.floating[Any]])


class HeldHand(Generic[PointsT]):
    """Carries a hand along with the body's wrist, its shape as it was last seen.

    On the development clips a carried hand is off by 0.06 shoulder widths at the 90th percentile
    after one picture and by 0.12 after three; left where it was, by 0.08 and 0.21.

    Places may be in any unit, always the same.

    Attributes:
        points: `(21, 3)` where it is now; None if there is none. Not to be written to.
        wrist: `(2,)` where the body's wrist is with it.
        score: Of when it was last seen, 0..1.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget it."""
        self.points: PointsT | None = None
        self.wrist: PointsT | None = None
        self.score = 0.0

    def see(self, points: PointsT, wrist: PointsT, score: float) -> None:
        """Take it as it was seen.

        Args:
            points: `(21, 3)`.
            wrist: `(2,)` where the body's wrist is with it.
            score: Of the network.
        """
        self.points, self.wrist, self.score = points, wrist.copy(), score

    def carried(self, wrist: PointsT) -> PointsT | None:
        """Where it would be with the wrist there, `(21, 3)`; None if there is none."""
        if self.points is None or self.wrist is None:
            return None
        moved = self.points.copy()
        moved[:, :2] += wrist - self.wrist
        return moved

    def move_to(self, wrist: PointsT) -> None:
        """Carry it there."""
        moved = self.carried(wrist)
        if moved is not None:
            self.points, self.wrist = moved, wrist.copy()

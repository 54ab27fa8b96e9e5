"""The points of one video or clip."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32, Bools


@dataclass(frozen=True)
class Poses:
    """Points of consecutive frames.

    Attributes:
        points: `(T, 22, 3)` float32 in the order of `IMIGUE_22`: x and y in pixels, confidence.
            A point that was not found is all 0. Always finite.
        failed: `(T,)` bool, frames in which OpenPose found nothing at all. They are gaps, not
            people at the corner of the picture: leave them out before anything is computed.
        width_px: Width of the picture.
        height_px: Height of the picture.
        notes: What was resolved or could not be, for a person.
    """

    points: F32
    failed: Bools
    width_px: int
    height_px: int
    notes: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.points)

    def cut(self, frames: slice) -> "Poses":
        """Some of the frames, without copying."""
        return Poses(
            self.points[frames], self.failed[frames], self.width_px, self.height_px, self.notes
        )

    def of_image(self) -> F32:
        """`(T, 22, 3)` float32, x and y as parts of width and height, as the engine has them."""
        size = np.array((self.width_px, self.height_px, 1), np.float32)
        return np.asarray(self.points / size, np.float32)

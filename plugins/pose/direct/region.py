"""Turned squares of a picture: what a network looks at, and where its answers lie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
UPRIGHT_RAD = math.pi / 2
"""Target angle of a direction that points up in the picture."""
DOWNWARD_RAD = -math.pi / 2
LEVEL_RAD = 0.0
"""Target angle of a direction that points to the right."""

# As far as MediaPipe lets a hand be from where it is told to be, in radians and sides.
_MAX_TURN_RAD = math.radians(40)
_MAX_SHIFT = 0.2
_MAX_GROWTH = 0.4


@dataclass(frozen=True)
class Region:
    """A square of the picture.

    Attributes:
        x_px: Its middle.
        y_px: The same, downwards.
        side_px: Its side.
        rotation_rad: How far it is turned, clockwise as seen.
    """

    x_px: float
    y_px: float
    side_px: float
    rotation_rad: float

    @property
    def is_usable(self) -> bool:
        """Whether there is anything to look at: finite, and not without extent."""
        numbers = (self.x_px, self.y_px, self.side_px, self.rotation_rad)
        return all(map(math.isfinite, numbers)) and self.side_px >= 1.0

    def shifted(self, part: float) -> "Region":
        """Moved along its own downward direction by a part of its side."""
        way_px = self.side_px * part
        return Region(
            self.x_px - way_px * math.sin(self.rotation_rad),
            self.y_px + way_px * math.cos(self.rotation_rad),
            self.side_px,
            self.rotation_rad,
        )

    def scaled(self, factor: float) -> "Region":
        """Larger or smaller about its middle."""
        return Region(self.x_px, self.y_px, self.side_px * factor, self.rotation_rad)

    def matrix(self, pixels: int) -> F64:
        """`(2, 3)` float64: from a pixel of the crop, `pixels` a side, to one of the picture.

        Index `i` of the crop, not the middle of its pixel, is at `i / pixels` of the side: that
        is how MediaPipe samples.
        """
        step = self.side_px / pixels
        cos, sin = step * math.cos(self.rotation_rad), step * math.sin(self.rotation_rad)
        half = pixels / 2
        return np.array(
            [
                [cos, -sin, self.x_px - half * (cos - sin)],
                [sin, cos, self.y_px - half * (sin + cos)],
            ]
        )

    def project(self, parts: npt.NDArray[np.floating[Any]]) -> F64:
        """From places in the crop to places in the picture.

        Args:
            parts: `(n, 2)` x and y as parts of the side, 0..1 inside.

        Returns:
            `(n, 2)` float64 in pixels of the picture.
        """
        cos, sin = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        turn = np.array([[cos, sin], [-sin, cos]]) * self.side_px
        return np.asarray((parts - 0.5) @ turn + (self.x_px, self.y_px), np.float64)

    def seen_from(self, other: "Region") -> tuple[float, float]:
        """Where its middle lies from that of `other`, along the axes of `other`, px."""
        right, down = self.x_px - other.x_px, self.y_px - other.y_px
        cos, sin = math.cos(other.rotation_rad), math.sin(other.rotation_rad)
        return right * cos + down * sin, down * cos - right * sin

    def agrees_with(self, told: "Region") -> bool:
        """Whether this one, by what was seen before, may be looked at instead of `told`."""
        right, down = self.seen_from(told)
        turn_rad = abs(math.remainder(self.rotation_rad - told.rotation_rad, 2 * math.pi))
        return (
            turn_rad <= _MAX_TURN_RAD
            and max(abs(right), abs(down)) <= _MAX_SHIFT * told.side_px
            and abs(self.side_px - told.side_px) <= _MAX_GROWTH * told.side_px
        )

    def is_outside(self, size_px: tuple[int, int], room: float = 0.0) -> bool:
        """Whether its middle is further outside the picture than a part of its side.

        Args:
            size_px: Width and height of the picture.
            room: The part.
        """
        room_px = room * self.side_px
        return not (
            -room_px <= self.x_px <= size_px[0] + room_px
            and -room_px <= self.y_px <= size_px[1] + room_px
        )


def wrapped(angle_rad: float) -> float:
    """The same angle in [-pi, pi); NaN stays NaN."""
    return angle_rad - 2 * math.pi * ((angle_rad + math.pi) // (2 * math.pi))


def rotation(start: Sequence[float], end: Sequence[float], target_rad: float) -> float:
    """How far to turn for the direction from `start` to `end` to point to `target_rad`.

    Args:
        start: x and y in pixels, y downwards.
        end: The same.
        target_rad: Counter-clockwise from the right; `UPRIGHT_RAD` is up.
    """
    return wrapped(target_rad - math.atan2(start[1] - end[1], end[0] - start[0]))


def aligned(start: Sequence[float], end: Sequence[float], target_rad: float) -> Region:
    """The region about `start` that reaches to `end` and is turned as of `rotation`."""
    reach_px = math.hypot(end[0] - start[0], end[1] - start[1])
    return Region(float(start[0]), float(start[1]), 2 * reach_px, rotation(start, end, target_rad))


def letterbox(width_px: int, height_px: int) -> Region:
    """The smallest upright region with the whole picture in it."""
    return Region(width_px / 2, height_px / 2, float(max(width_px, height_px)), 0.0)

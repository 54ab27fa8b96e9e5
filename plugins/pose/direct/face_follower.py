"""A face from picture to picture: when to look at it, where, and what to make of it."""

import math

import numpy as np

from engine.frames import U8
from plugins.pose.direct.body import Body
from plugins.pose.direct.face import Face, FaceNetwork
from plugins.pose.direct.region import F64, LEVEL_RAD, Region, rotation
from plugins.pose.direct.savings import Savings
from plugins.pose.plausibility import EARS_PER_EYES_TO_MOUTH

# In the body's points.
_NOSE, _EYES, _EARS, _MOUTH = 0, (5, 2), (7, 8), (9, 10)
# The face network's own region, by the body's points, on the development clips: its middle is
# within 0.1 sides, its side within a fifth, its turn within 13 degrees.
_TOWARDS_MOUTH = 1 / 6
_SIDE_PER_EARS = 2.05
# In its sides, from one picture to the next.
_QUICK = 0.08
_FOUND_ABOVE = 0.5


class FaceFollower:
    """The face of one person. One thread at a time.

    Args:
        network: Shared with others that are not stepped at the same time; None if no face is
            wanted.
    """

    def __init__(self, network: FaceNetwork | None) -> None:
        self._network = network
        self.reset()

    def reset(self) -> None:
        """Forget the face."""
        self._face: Face | None = None
        self._head: F64 = np.zeros(2)
        self._number = 0

    def step(self, image: U8, body: Body, savings: Savings) -> None:
        """Look at it, or let it go along with the head where it may be left out.

        On the development clips its points are then off by 0.007 shoulder widths at the 90th
        percentile after one picture, and by 0.016 after three; left where they were, by 0.010
        and 0.026.

        Args:
            image: `(H, W, 3)` uint8 RGB.
            body: In this picture.
            savings: What may be left out.

        Raises:
            ModelError: The network failed.
        """
        if self._network is None:
            return
        if self._number % savings.face_every == 0:
            region = self._region(body, (image.shape[1], image.shape[0]))
            seen = region and self._network.see(image, region, quick=savings.quick_crops)
            self._face = seen if seen and _is_face(seen) else None
        elif self._face is not None:
            self._face = self._face.moved(self._way(body))
        self._head = _head(body)
        self._number += 1

    @property
    def found(self) -> tuple[F64, float] | None:
        """Its `(22, 3)` points, px, and its score; None if it is not there."""
        return None if self._face is None else (self._face.points_px, self._face.score)

    def _region(self, body: Body, size_px: tuple[int, int]) -> Region | None:
        """Where to look; None if less than half of the face could be seen."""
        told = by_body(body.points_px)
        if not told.is_usable or told.is_outside(size_px):
            return None
        before = self._before(body)
        return before if before is not None and before.agrees_with(told) else told

    def _before(self, body: Body) -> Region | None:
        """Where the face before says to look.

        Where it was, as MediaPipe does, unless the head moves so quickly that it is cut off
        there: at five frames a second that put it 0.2 shoulder widths off, with full score.
        """
        if self._face is None:
            return None
        way, region = self._way(body), self._face.region
        quick = float(np.hypot(*way)) > _QUICK * region.side_px
        return self._face.moved(way).region if quick else region

    def _way(self, body: Body) -> F64:
        """How far the head is from where it was, `(2,)` px."""
        return _head(body) - self._head


def by_body(points_px: F64) -> Region:
    """Where a face is by the body's points, `(33 or more, 2 or more)` px."""
    right_eye, left_eye = points_px[list(_EYES), :2]
    left_ear, right_ear = points_px[list(_EARS), :2]
    ears, mouth = (left_ear + right_ear) / 2, points_px[list(_MOUTH), :2].mean(axis=0)
    x, y = (ears + (mouth - ears) * _TOWARDS_MOUTH).tolist()
    wide = math.dist(left_ear, right_ear)
    high = math.dist((right_eye + left_eye) / 2, mouth)
    side_px = _SIDE_PER_EARS * max(wide, EARS_PER_EYES_TO_MOUTH * high)
    turn = rotation(right_eye.tolist(), left_eye.tolist(), LEVEL_RAD)
    return Region(x, y, side_px, turn)


def _is_face(face: Face) -> bool:
    return face.score > _FOUND_ABOVE and face.region.is_usable


def _head(body: Body) -> F64:
    """A place that goes along with the head, px."""
    return np.asarray(body.points_px[[_NOSE, *_EARS], :2].mean(axis=0), np.float64)

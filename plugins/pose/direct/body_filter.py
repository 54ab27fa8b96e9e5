"""Steadies a followed body, and where it is looked for next."""

import math

import numpy as np

from engine.clock import NS_PER_S
from plugins.pose.direct.body import POINTS, Body, next_region
from plugins.pose.direct.one_euro import OneEuroFilter, OneEuroGains
from plugins.pose.direct.region import F64, Region

# MediaPipe's own gains; speeds are in body circles (`Body.circle`) a second.
POINT_GAINS = OneEuroGains(min_cutoff_hz=0.05, beta=80.0)
PLACE_GAINS = OneEuroGains(min_cutoff_hz=0.01, beta=10.0)
# MediaPipe takes a tenth of each new visibility, 30 times a second.
_VISIBILITY_TIME_S = -1 / (30 * math.log(0.9))


class BodyFilter:
    """Filters of one person. Pure: time is an argument.

    Args:
        smooth: Whether landmarks are smoothed. Where to look next always is: without that
            landmarks of a still body jitter five times as much.
    """

    def __init__(self, *, smooth: bool) -> None:
        self._smooth = smooth
        self._points = OneEuroFilter(POINT_GAINS)
        self._place = OneEuroFilter(PLACE_GAINS)
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._points.reset()
        self._place.reset()
        self._visibility: F64 | None = None
        self._last_ns = 0

    def step(self, seen: Body, time_ns: int) -> tuple[Body, Region]:
        """The steadied body, and the region in which it is to be looked for next."""
        side_px = seen.circle.side_px
        scale = 1.0 / side_px if side_px > 0.0 else 0.0
        place = self._place.step(seen.points_px[POINTS:], time_ns, scale)
        if not self._smooth:
            return seen, next_region(place)
        points = seen.points_px.copy()
        points[:POINTS] = self._points.step(seen.points_px[:POINTS], time_ns, scale)
        visibility = self._visible(seen.visibility, time_ns)
        return Body(points, visibility, seen.score), next_region(place)

    def _visible(self, visibility: F64, time_ns: int) -> F64:
        if self._visibility is None or not np.isfinite(self._visibility).all():
            self._visibility = visibility
        else:
            dt_s = max(0.0, (time_ns - self._last_ns) / NS_PER_S)
            weight = 1.0 - np.exp(-dt_s / _VISIBILITY_TIME_S)
            self._visibility = self._visibility + weight * (visibility - self._visibility)
        self._last_ns = time_ns
        return self._visibility

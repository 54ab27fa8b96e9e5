"""Joints in the person's own units: independent of camera distance, place in the picture, lens.

Unit is the shoulder width, origin a slow-moving reference between the shoulders. Both follow with
a time constant of seconds, so that leaning, swaying and shrugging stay visible as motion while a
moved chair does not matter. Causal: output at a tick uses that tick and earlier ones.
"""

import math

import numpy as np

from engine.core.resample import Tick
from engine.person import PersonCalibration
from engine.poses import F32
from engine.skeletons import Skeleton

# Shoulder width over ear distance; median of MediaPipe's points on real people.
DEFAULT_SHOULDER_PER_EAR_WIDTH = 1.0 / 0.38
SCALE_TIME_S = 2.0
ORIGIN_TIME_S = 4.0
VISIBLE = 0.5
# Below this part of the expected width the shoulders are seen from the side.
TURNED = 0.8
# The shoulders' middle lies about so many shoulder widths below the nose.
NOSE_ABOVE = 0.75


class Normalizer:
    """Turns the joints of ticks into `(J, 4)` arrays in the person's own units.

    Args:
        skeleton: Joint set of the ticks; must name shoulders, ears and nose.
        rate_hz: Ticks a second.
        person: Gives the person's own proportions when there is a calibration.
    """

    def __init__(
        self, skeleton: Skeleton, rate_hz: float, person: PersonCalibration | None = None
    ) -> None:
        self._shoulders = skeleton.index("left_shoulder"), skeleton.index("right_shoulder")
        self._ears = skeleton.index("left_ear"), skeleton.index("right_ear")
        self._nose = skeleton.index("nose")
        self._count = len(skeleton)
        self._per_ear = (
            person.resting.shoulder_per_ear_width if person else DEFAULT_SHOULDER_PER_EAR_WIDTH
        )
        self._scale_gain = 1.0 - math.exp(-1.0 / (rate_hz * SCALE_TIME_S))
        self._origin_gain = 1.0 - math.exp(-1.0 / (rate_hz * ORIGIN_TIME_S))
        self.reset()

    def reset(self) -> None:
        """Forget scale and origin."""
        self._log_scale: float | None = None
        self._origin: tuple[float, float] | None = None

    def step(self, tick: Tick) -> F32:
        """Joints of one tick.

        Returns:
            `(J, 4)` float32: x, y in shoulder widths from the origin, y down; confidence as
            given; depth in shoulder widths from where the pose network measures it, smaller is
            nearer, 0 when unknown. Missing joints are all 0, and so is everything in a gap or
            before a scale is known.
        """
        out = np.zeros((self._count, 4), np.float32)
        if not tick.valid:
            return out
        self._follow(tick.joints, tick.aspect)
        if self._log_scale is None or self._origin is None:
            return out
        unit = math.exp(self._log_scale)
        seen = tick.joints[:, 2] > 0
        out[:, 0] = (tick.joints[:, 0] * tick.aspect - self._origin[0]) / unit
        out[:, 1] = (tick.joints[:, 1] - self._origin[1]) / unit
        out[:, 2] = tick.joints[:, 2]
        out[:, 3] = tick.depth * (tick.aspect / unit)  # image widths, the unit is in heights
        out[~seen] = 0.0
        return out

    def _follow(self, joints: F32, aspect: float) -> None:
        left, right = (_point(joints, i, aspect) for i in self._shoulders)
        ears = [_point(joints, i, aspect) for i in self._ears]
        by_face = _distance(*ears) * self._per_ear
        scale = by_face
        if left and right:
            width = _distance(left, right)
            scale = width if width >= TURNED * by_face else by_face
        if scale > 0:
            self._follow_scale(math.log(scale))
        self._follow_origin(left, right, _point(joints, self._nose, aspect))

    def _follow_scale(self, log_scale: float) -> None:
        if self._log_scale is None:
            self._log_scale = log_scale
        self._log_scale += self._scale_gain * (log_scale - self._log_scale)

    def _follow_origin(
        self,
        left: tuple[float, float] | None,
        right: tuple[float, float] | None,
        nose: tuple[float, float] | None,
    ) -> None:
        if left and right:
            target = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
        elif nose and self._log_scale is not None:
            target = nose[0], nose[1] + NOSE_ABOVE * math.exp(self._log_scale)
        else:
            return
        x, y = self._origin or target
        gain = self._origin_gain
        self._origin = x + gain * (target[0] - x), y + gain * (target[1] - y)


def _point(joints: F32, index: int, aspect: float) -> tuple[float, float] | None:
    x, y, confidence = joints[index].tolist()
    return (x * aspect, y) if confidence >= VISIBLE else None


def _distance(a: tuple[float, float] | None, b: tuple[float, float] | None) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1]) if a and b else 0.0

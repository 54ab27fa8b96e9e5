"""Pictures of a person made from a portrait that matplotlib carries (public domain).

The photograph shows Grace Hopper (US Navy, 1984). Pose networks find a person in it, so the whole
path can run without a camera, a file or a download.
"""

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from engine.frames import U8, as_rgb

_GRAIN_PX = 24


class PatternScene:
    """The portrait on a slow seeded path over a textured wall. The same seed gives equal pixels.

    Args:
        width_px: Of every picture.
        height_px: Of every picture.
        seed: Of path and texture.
        people: False leaves the wall alone.
    """

    def __init__(self, width_px: int, height_px: int, seed: int, *, people: bool) -> None:
        rng = np.random.default_rng(seed)
        self._size = (width_px, height_px)
        self._wall = _wall(rng, self._size)
        self._portrait = portrait() if people else None
        # Periods far from each other, so that the path does not repeat within a session.
        self._periods_s = rng.uniform([7.0, 9.0, 13.0, 17.0], [9.0, 12.0, 16.0, 23.0])
        self._phases = rng.uniform(0.0, 2 * math.pi, 4)

    def picture(self, time_s: float) -> U8:
        """`(H, W, 3)` uint8 RGB at `time_s`."""
        x, y, zoom, light = np.sin(2 * math.pi * time_s / self._periods_s + self._phases)
        canvas = self._wall.copy()
        if self._portrait is not None:
            cv2.warpAffine(
                self._portrait,
                self._placement(x, y, zoom),
                self._size,
                dst=canvas,
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_TRANSPARENT,
            )
        return as_rgb(cv2.convertScaleAbs(canvas, alpha=1.0 + 0.08 * light))

    def _placement(self, x: float, y: float, zoom: float) -> npt.NDArray[np.float64]:
        """Affine map from portrait to picture: centred, as high as the picture, and moved."""
        if self._portrait is None:
            raise AssertionError("an empty room has no portrait to place")
        width, height = self._size
        rows, columns = self._portrait.shape[:2]
        scale = height / rows * (1.0 + 0.05 * zoom)
        left = (width - columns * scale) / 2 + 0.06 * width * x
        top = (height - rows * scale) / 2 + 0.03 * height * y
        return np.array([[scale, 0.0, left], [0.0, scale, top]])


def portrait() -> U8:
    """The portrait, `(600, 512, 3)` uint8 RGB."""
    # Slow to import, and needed by this source only.
    from matplotlib import cbook

    path = Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    data = np.frombuffer(path.read_bytes(), np.uint8)
    return as_rgb(cv2.imdecode(data, cv2.IMREAD_COLOR), order="bgr")


def _wall(rng: np.random.Generator, size: tuple[int, int]) -> U8:
    width, height = size
    grain = rng.integers(
        90, 150, (height // _GRAIN_PX + 2, width // _GRAIN_PX + 2, 3), dtype=np.uint8
    )
    return as_rgb(cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC))

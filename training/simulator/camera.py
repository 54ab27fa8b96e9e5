"""Cameras, and what of a person lies where in their pictures."""

from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from engine.skeletons import HOLISTIC_75
from training.simulator.draws import Part, in_cells, spread
from training.simulator.geometry import Bools, unit
from training.simulator.motion import Motion
from training.simulator.people import People

ASPECTS = (16 / 9, 4 / 3, 9 / 16)
_ASPECT_SHARES = (0.6, 0.35, 0.05)
# Nominal frames a second of webcams and network cameras, and how often each is met.
RATES_HZ = (5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 24.0, 25.0, 30.0, 60.0)
_RATE_SHARES = (0.03, 0.03, 0.05, 0.05, 0.15, 0.10, 0.07, 0.17, 0.30, 0.05)
_MIRRORED = 0.3
_NEAR_M = 0.12
# In shoulder widths.
_EYES_ABOVE_SHOULDERS = 0.68
# Close-ups of the face, with the shoulders partly or wholly below the picture.
_CLOSE_UPS = 0.2
_LOWEST_EYES = 0.62


@dataclass(frozen=True)
class Cameras:
    """N cameras; arrays are (N,) float32.

    Attributes:
        focal: Focal length in image heights.
        position_m: (N, 3) in the person's room.
        axes: (N, 3, 3) rows are the picture's right, down and depth.
        aspect: Width over height.
        mirrored: Whether the picture is flipped, as webcam programs do.
        height_m: Of the camera above the eyes.
    """

    focal: F32
    position_m: F32
    axes: F32
    aspect: F32
    mirrored: Bools
    height_m: F32


@dataclass(frozen=True)
class Views:
    """Joints in pictures.

    Attributes:
        xy: (N, F, 75, 2) in image heights from the top left corner.
        depth: (N, F, 75) from the middle of the shoulders in shoulder widths, nearer is smaller.
        unit: (N, F) shoulder width in image heights if seen from the front.
    """

    xy: F32
    depth: F32
    unit: F32


def draw_rate_hz(rng: np.random.Generator) -> float:
    """Nominal rate of one camera."""
    return float(rng.choice(RATES_HZ, p=_RATE_SHARES))


def draw_cameras(
    rng: np.random.Generator, people: People, eyes: F32, part: Part, height_m: float | None = None
) -> Cameras:
    """Cameras that see at least the head, and mostly the shoulders.

    Args:
        rng: Source of chance.
        people: The N people.
        eyes: (N, 3) middle of their eyes at rest, m.
        part: `train` or `test` cameras.
        height_m: The same height over the eyes for all; drawn when omitted.
    """
    count = len(people)
    cells = in_cells(rng, count, 5, part)
    field = np.deg2rad(spread(cells[:, 0], 32.0, 68.0))
    focal = 0.5 / np.tan(field / 2)
    # Apparent shoulder width, from far away to a close-up, and what distance makes it so.
    close_up = rng.random(count) < _CLOSE_UPS
    farthest, nearest = np.where(close_up, 0.5, 0.14), np.where(close_up, 1.1, 0.72)
    apparent = np.exp(spread(cells[:, 1], np.log(farthest), np.log(nearest)))
    # Elsewhere the shoulders are in the picture, if only just.
    lowest = np.clip(0.98 - _EYES_ABOVE_SHOULDERS * apparent, 0.2, 0.55)
    lowest = np.where(close_up, _LOWEST_EYES, lowest)
    eyes_y = 0.10 + cells[:, 4] * (lowest - 0.10)
    distance = np.maximum(focal * people.shoulder_m / apparent, 0.45)
    height = _mostly_middle(cells[:, 2], -0.35, 0.45) * np.minimum(distance, 1.2)
    if height_m is not None:
        height = np.full(count, height_m, np.float32)
    yaw = np.deg2rad(_mostly_middle(cells[:, 3], -35.0, 35.0))
    flat = np.sqrt(np.maximum(distance**2 - height**2, 0.04))
    offset = np.stack([np.sin(yaw) * flat, height, np.cos(yaw) * flat], axis=-1)
    aspect = rng.choice(ASPECTS, count, p=_ASPECT_SHARES).astype(np.float32)
    axes = _aimed(rng, -offset, focal, aspect, eyes_y.astype(np.float32))
    return Cameras(
        focal=np.asarray(focal, np.float32),
        position_m=np.asarray(eyes + offset, np.float32),
        axes=axes,
        aspect=aspect,
        mirrored=rng.random(count) < _MIRRORED,
        height_m=np.asarray(height, np.float32),
    )


def _mostly_middle(u: F32, low: float, high: float) -> F32:
    """Numbers 0..1 laid over a range, densest in its middle: a webcam sits where people look."""
    side = 2.0 * u - 1.0
    return spread(0.5 + 0.5 * side * np.abs(side), low, high)


def frame_times(rng: np.random.Generator, count: int, seconds: float, rate_hz: float) -> F32:
    """(N, F) times of frames, s from 0: own rate, jitter, and now and then a slower stretch."""
    frames = int(seconds * rate_hz)
    period = 1.0 / (rate_hz * rng.uniform(0.96, 1.04, (count, 1)))
    jitter = rng.normal(0.0, 0.12, (count, frames)) * np.where(rng.random((count, 1)) < 0.7, 1, 0.1)
    steps = period * np.clip(1.0 + jitter, 0.4, 1.6)
    return np.asarray(np.cumsum(steps, axis=1) - steps[:, :1], np.float32)


def dropped_frames(rng: np.random.Generator, shape: tuple[int, int]) -> Bools:
    """(N, F) whether a frame never came: single ones and short bursts."""
    rate = np.where(rng.random((shape[0], 1)) < 0.5, 0.0, rng.uniform(0.0, 0.08, (shape[0], 1)))
    single = rng.random(shape) < rate
    burst = rng.random(shape) < rate / 12
    for _ in range(3):
        burst[:, 1:] |= burst[:, :-1] & (rng.random((shape[0], shape[1] - 1)) < 0.7)
    return np.asarray(single | burst)


def project(people: People, motion: Motion, cameras: Cameras) -> Views:
    """Pictures of joints."""
    apart = motion.joints - cameras.position_m[:, None, None]
    local = np.einsum("nij,nfkj->nfki", cameras.axes, apart)
    deep = np.maximum(local[..., 2], _NEAR_M)
    focal = cameras.focal[:, None, None]
    x = cameras.aspect[:, None, None] / 2 + focal * local[..., 0] / deep
    y = 0.5 + focal * local[..., 1] / deep
    x = np.where(cameras.mirrored[:, None, None], cameras.aspect[:, None, None] - x, x)
    left, right = HOLISTIC_75.index("left_shoulder"), HOLISTIC_75.index("right_shoulder")
    middle = (local[:, :, left, 2] + local[:, :, right, 2]) / 2
    shoulder = people.shoulder_m[:, None]
    depth = (local[..., 2] - middle[..., None]) / shoulder[..., None]
    return Views(
        xy=np.stack([x, y], axis=-1).astype(np.float32),
        depth=np.asarray(depth, np.float32),
        unit=np.asarray(
            cameras.focal[:, None] * shoulder / np.maximum(middle, _NEAR_M), np.float32
        ),
    )


def _aimed(rng: np.random.Generator, to_eyes: F32, focal: F32, aspect: F32, eyes_y: F32) -> F32:
    """Axes of cameras that have the eyes at a given height of their picture."""
    count = len(focal)
    ahead = unit(to_eyes)
    right = unit(np.cross(ahead, np.array((0.0, 1.0, 0.0), np.float32)).astype(np.float32))
    down = np.cross(ahead, right)
    tilt = np.arctan2(0.5 - eyes_y, focal)
    ahead, down = _turned(ahead, down, tilt)
    pan = np.arctan2(rng.normal(0.0, 0.10, count) * aspect, focal)
    ahead, right = _turned(ahead, right, pan)
    right, down = _turned(right, down, np.deg2rad(rng.normal(0.0, 3.5, count)))
    return np.asarray(np.stack([right, down, ahead], axis=1), np.float32)


def _turned(first: F32, second: F32, angle: F32) -> tuple[F32, F32]:
    """Two axes of (N, 3), the first turned towards the second."""
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    turned, other = c * first + s * second, c * second - s * first
    return np.asarray(turned, np.float32), np.asarray(other, np.float32)

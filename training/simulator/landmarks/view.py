"""What is truly there, and what the pose network would report of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.poses import F32

Bools = npt.NDArray[np.bool_]

LEFT, RIGHT = 0, 1
"""Sides of the person, in the order of every axis of two hands."""


@dataclass(frozen=True)
class CleanView:
    """True projections of N sequences of F camera frames.

    Attributes:
        t_s: `(N, F)` float64, time of each frame, rising.
        xy: `(N, F, 75, 2)`: places in image heights; the picture spans x 0..aspect and y 0..1.
        aspect: `(N,)`: width over height of the picture.
        depth: `(N, F, 75)`: metric depth from the middle of the shoulders, in true shoulder
            widths; smaller is nearer to the camera.
        unit: `(N, F)`: shoulder width in image heights, as if seen from the front at the
            person's distance.
        hand_gap: `(N, F, 2)`: smallest distance of each hand to the surface of head and neck, in
            shoulder widths; 0 touches.
        hands_gap: `(N, F)`: distance between the hands in shoulder widths; 0 touches.
        hand_hidden: `(N, F, 2)` bool: the hand is behind the body, under an arm or the table.
    """

    t_s: npt.NDArray[np.float64]
    xy: F32
    aspect: F32
    depth: F32
    unit: F32
    hand_gap: F32
    hands_gap: F32
    hand_hidden: Bools


@dataclass(frozen=True)
class Observed:
    """What the pose stage would give for a `CleanView`.

    Attributes:
        joints: `(N, F, 75, 3)` float32, as `PoseSample.joints`; all 0 where not valid.
        depth: `(N, F, 75)` float32, as `PoseSample.depth`.
        valid: `(N, F)` bool, as `PoseSample.valid`.
    """

    joints: F32
    depth: F32
    valid: Bools

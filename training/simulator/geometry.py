"""Small vector helpers. Arrays are float32, vectors in the last axis."""

import numpy as np
import numpy.typing as npt

from engine.poses import F32

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
F64 = npt.NDArray[np.float64]

_TINY = 1e-9


def unit(v: F32) -> F32:
    """`v` at length 1; a vector of length 0 stays 0."""
    length = np.sqrt(np.einsum("...i,...i->...", v, v))[..., None]
    return np.asarray(v / np.maximum(length, _TINY), np.float32)


def across(v: F32, axis: F32) -> F32:
    """The part of `v` that stands square to the unit vector `axis`."""
    return np.asarray(v - axis * np.einsum("...i,...i->...", v, axis)[..., None], np.float32)


def turn(matrix: F32, v: F32) -> F32:
    """`(..., 3, 3)` applied to `(..., 3)`."""
    return np.asarray(np.einsum("...ij,...j->...i", matrix, v), np.float32)


def about_x(angle: F32) -> F32:
    """Rotations by `angle` (...,) rad that take up (y) towards the camera (z)."""
    c, s, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return _matrix(((one, zero, zero), (zero, c, -s), (zero, s, c)))


def about_y(angle: F32) -> F32:
    """Rotations by `angle` (...,) rad that take the camera's direction (z) to the left (x)."""
    c, s, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return _matrix(((c, zero, s), (zero, one, zero), (-s, zero, c)))


def about_z(angle: F32) -> F32:
    """Rotations by `angle` (...,) rad that take left (x) to up (y)."""
    c, s, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return _matrix(((c, -s, zero), (s, c, zero), (zero, zero, one)))


def minimum_jerk(part: F32 | F64) -> F32:
    """Way covered after `part` of the time of a reach.

    Source: Flash and Hogan, The coordination of arm movements, J. Neurosci. 5(7), 1985, eq. 2.
    """
    s = np.asarray(np.clip(part, 0.0, 1.0), np.float64)
    return np.asarray(s * s * s * (10.0 - 15.0 * s + 6.0 * s * s), np.float32)


def _matrix(rows: tuple[tuple[F32, ...], ...]) -> F32:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2).astype(np.float32)

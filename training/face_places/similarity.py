"""Turning, shifting and scaling points onto others."""

from dataclasses import dataclass

import numpy as np

from training.simulator.geometry import F64


@dataclass(frozen=True)
class Similarity:
    """`scale * turn @ p + shift`, for one or many.

    Attributes:
        scale: `(...)`.
        turn: `(..., D, D)` rotation.
        shift: `(..., D)`.
    """

    scale: F64
    turn: F64
    shift: F64

    def of(self, points: F64) -> F64:
        """`(..., P, D)` points, moved."""
        turned = np.einsum("...ij,...pj->...pi", self.turn, points)
        moved: F64 = self.scale[..., None, None] * turned + self.shift[..., None, :]
        return moved

    def back(self, points: F64) -> F64:
        """`(..., P, D)` points, moved back to where `of` would bring them here from."""
        apart = (points - self.shift[..., None, :]) / self.scale[..., None, None]
        turned: F64 = np.einsum("...ji,...pj->...pi", self.turn, apart)
        return turned


def similarity(points: F64, onto: F64) -> Similarity:
    """The least-squares similarity of `(..., P, D)` points onto as many others.

    Source: Umeyama, Least-squares estimation of transformation parameters between two point
    patterns, IEEE PAMI 13(4), 1991, eqs. 40 to 42.
    """
    points, onto = np.broadcast_arrays(points, onto)
    middle, goal = points.mean(axis=-2), onto.mean(axis=-2)
    apart, wanted = points - middle[..., None, :], onto - goal[..., None, :]
    u, size, v = np.linalg.svd(np.einsum("...pi,...pj->...ij", wanted, apart))
    signs = np.ones(size.shape)
    signs[..., -1] = np.sign(np.linalg.det(u @ v))
    turn = (u * signs[..., None, :]) @ v
    scale = (size * signs).sum(axis=-1) / np.maximum((apart**2).sum(axis=(-1, -2)), 1e-12)
    shift = goal - scale[..., None] * np.einsum("...ij,...j->...i", turn, middle)
    return Similarity(np.asarray(scale), turn, shift)

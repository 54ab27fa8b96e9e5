"""Draws that keep what is trained on apart from what is tested on."""

from typing import Literal

import numpy as np

from engine.poses import F32
from training.simulator.geometry import F64

Part = Literal["train", "test"]

_BINS = 4
# Multipliers that spread neighbouring cells over the parts.
_STEPS = np.array([1, 3, 7, 11, 13, 17])
_PARTS = 5


def in_cells(rng: np.random.Generator, count: int, dims: int, part: Part) -> F32:
    """`(count, dims)` numbers 0..1 from one part's cells of the unit cube.

    Every axis is cut into 4 bins; a fifth of the cells belongs to `test` alone. A person or camera
    of the test set therefore has a combination that no training example comes from, inside the
    same overall range.
    """
    kept: list[F32] = []
    missing = count
    while missing > 0:
        drawn = rng.random((4 * missing + 8, dims), np.float32)
        cell = (np.floor(drawn * _BINS).astype(int) @ _STEPS[:dims]) % _PARTS
        fits = drawn[(cell == 0) == (part == "test")][:missing]
        kept.append(fits)
        missing -= len(fits)
    return np.concatenate(kept)


def spread(u: F32, low: float | F64, high: float | F64) -> F32:
    """Numbers 0..1 laid over a range, or each over its own."""
    return np.asarray(low + (high - low) * u, np.float32)


def uniform(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """One number in `bounds`."""
    return float(rng.uniform(*bounds))


def duration(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """One duration in `bounds`, log-uniform: short ones are as likely as long ones."""
    return float(np.exp(rng.uniform(np.log(bounds[0]), np.log(bounds[1]))))

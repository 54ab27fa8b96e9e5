"""Sparse weights of a `.tflite` file made dense."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.pose_onnx.graph import Array

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dense:
    """A level of which all places are stored.

    Attributes:
        size: How many.
    """

    size: int


@dataclass(frozen=True)
class Compressed:
    """A level of which some places are stored, as in a matrix of compressed rows.

    Attributes:
        segments: Where in `indices` the places below each place of the levels before begin, and
            in the end where the last ones stop.
        indices: The places.
    """

    segments: Ints
    indices: Ints


Level = Dense | Compressed


def densified(
    values: Array, shape: tuple[int, ...], order: Sequence[int], levels: Sequence[Level]
) -> Array:
    """All of a tensor of which a file holds the values that are not zero.

    The encoding is that of TACO ("Format abstraction for sparse tensor algebra compilers", Chou
    et al. 2018) as `schema.fbs` of TensorFlow Lite describes it, without blocks.

    Args:
        values: Flat, in the order of the traversal.
        shape: Of the result.
        order: Which axis each level runs along.
        levels: From the outermost.

    Returns:
        `shape`, of the type of `values`.

    Raises:
        ValueError: The parts do not fit together.
        IndexError: A place lies outside the tensor.
    """
    if sorted(order) != list(range(len(shape))) or len(levels) != len(shape):
        raise ValueError(f"expected one level for each of {len(shape)} axes, got axes {[*order]}")
    places = np.zeros((1, 0), np.int64)
    for level in levels:
        places = _below(places, level)
    if len(places) != len(values):
        raise ValueError(f"expected {len(places)} values, got {len(values)}")
    ordered = tuple(places[:, order.index(axis)] for axis in range(len(shape)))
    full = np.zeros(shape, values.dtype)
    full[ordered] = values
    return full


def _below(places: Ints, level: Level) -> Ints:
    """`(n, k)` places of the levels so far become `(m, k + 1)`."""
    if isinstance(level, Dense):
        counts = np.full(len(places), level.size)
        own = np.tile(np.arange(level.size), len(places))
    else:
        counts, own = np.diff(level.segments), level.indices
        if len(counts) != len(places) or counts.sum() != len(own) or level.segments[0] != 0:
            raise ValueError(f"{len(own)} places in {len(counts)} segments of {len(places)}")
    return np.column_stack((np.repeat(places, counts, axis=0), own))

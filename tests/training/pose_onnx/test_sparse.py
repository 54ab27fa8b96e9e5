import numpy as np
import pytest

from training.pose_onnx.graph import Array
from training.pose_onnx.sparse import Compressed, Dense, densified


def compressed(matrix: Array) -> tuple[Array, Compressed]:
    """Values, and columns below rows, written out one by one."""
    values, indices, segments = [], [], [0]
    for row in matrix:
        for column, value in enumerate(row):
            if value != 0:
                values.append(value)
                indices.append(column)
        segments.append(len(indices))
    return np.array(values, matrix.dtype), Compressed(np.array(segments), np.array(indices))


def thinned(*shape: int) -> Array:
    rng = np.random.default_rng(3)
    return np.where(rng.random(shape) < 0.3, rng.standard_normal(shape), 0.0).astype(np.float16)


def test_compressed_rows_become_a_matrix() -> None:
    full = thinned(7, 11)
    values, level = compressed(full)
    assert 0 < len(values) < full.size
    again = densified(values, (7, 11), (0, 1), (Dense(7), level))
    np.testing.assert_array_equal(again, full)
    assert again.dtype == np.float16


def test_a_kernel_as_the_wheel_has_them() -> None:
    full = thinned(5, 1, 1, 8)
    values, level = compressed(full.reshape(5, 8))
    levels = (Dense(5), Dense(1), Dense(1), level)
    np.testing.assert_array_equal(densified(values, full.shape, (0, 1, 2, 3), levels), full)


def test_axes_may_be_run_along_in_another_order() -> None:
    full = thinned(6, 4)
    values, level = compressed(full.T)
    np.testing.assert_array_equal(densified(values, (6, 4), (1, 0), (Dense(4), level)), full)


def test_the_outer_level_may_be_compressed() -> None:
    full = np.zeros((5, 3), np.float32)
    full[[1, 4]] = np.arange(6).reshape(2, 3)
    level = Compressed(np.array([0, 2]), np.array([1, 4]))
    values = np.arange(6, dtype=np.float32)
    np.testing.assert_array_equal(densified(values, (5, 3), (0, 1), (level, Dense(3))), full)


@pytest.mark.parametrize(
    ("values", "order", "segments", "indices"),
    [
        (3, (0, 1), [0, 1, 2], [0, 1]),  # a value too many
        (2, (0, 1), [0, 1, 2], [0, 5]),  # a column that is not there
        (2, (0, 1), [0, 2], [0, 1]),  # a row too few
        (2, (0, 1), [0, 1, 3], [0, 1]),  # more places than there are
        (2, (0, 0), [0, 1, 2], [0, 1]),  # an axis twice
    ],
)
def test_parts_that_do_not_fit_are_refused(
    values: int, order: tuple[int, ...], segments: list[int], indices: list[int]
) -> None:
    level = Compressed(np.array(segments), np.array(indices))
    with pytest.raises((ValueError, IndexError)):
        densified(np.ones(values), (2, 3), order, (Dense(2), level))

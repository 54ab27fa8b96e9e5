"""Pictures before the networks get them."""

import numpy as np
import pytest

from plugins.pose.picture import shrink


@pytest.mark.parametrize(
    ("size", "bound", "expected"),
    [
        ((640, 480), 0, (640, 480)),
        ((640, 480), 640, (640, 480)),
        ((640, 480), 639, (639, 479)),
        ((7680, 4320), 1280, (1280, 720)),
        ((4320, 7680), 1280, (720, 1280)),
        ((8, 7680), 1280, (1, 1280)),
        ((8000, 1), 100, (100, 1)),
    ],
)
def test_the_long_side_is_bounded_and_the_shape_kept(
    size: tuple[int, int], bound: int, expected: tuple[int, int]
) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    made = shrink(image, bound)
    assert made.shape == (expected[1], expected[0], 3)
    assert made.dtype == np.uint8
    assert (made is image) is (size == expected)


def test_pixels_are_averaged_not_left_out() -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    assert (shrink(stripes, 32) == 100).all()

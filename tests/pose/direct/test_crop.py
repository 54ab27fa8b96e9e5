"""What is cut out of a picture."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.frames import U8
from plugins.pose.direct.crop import BLACK, REPLICATE, crop
from plugins.pose.direct.region import Region, letterbox

N = 32
HEIGHT, WIDTH = 60, 90
FAR = 200


@pytest.fixture(scope="module")
def painted() -> U8:
    return np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)


Cut = Callable[..., U8]


@pytest.fixture(params=[False, True], ids=["as MediaPipe", "quick"])
def cut(request: pytest.FixtureRequest) -> Cut:
    """What is cut out, in memory of its own."""

    def made(image: U8, region: Region, border: int = REPLICATE, pixels: int = N) -> U8:
        into = np.full((pixels, pixels, 3), 77, np.uint8)
        crop(image, region, into, border, quick=request.param)
        return into

    return made


def at(left: int, top: int) -> Region:
    """The region whose pixels are those of the picture, from that one on."""
    return Region(left + N / 2, top + N / 2, float(N), 0.0)


def padded(image: U8, left: int, top: int, mode: str) -> U8:
    around = ((FAR, FAR), (FAR, FAR), (0, 0))
    wide = np.pad(image, around, mode=mode)  # type: ignore[call-overload]
    part = wide[FAR + top : FAR + top + N, FAR + left : FAR + left + N]
    return np.asarray(part, np.uint8)


@pytest.mark.parametrize(
    ("left", "top"),
    [
        (20, 10),
        (0, 0),
        (-10, 10),
        (WIDTH - 20, 10),
        (20, -7),
        (20, HEIGHT - 9),
        (-5, -5),
        (WIDTH - 5, HEIGHT - 5),
        (-100, 10),
        (WIDTH + 50, HEIGHT + 50),
    ],
)
def test_at_and_beyond_every_edge(cut: Cut, painted: U8, left: int, top: int) -> None:
    np.testing.assert_array_equal(cut(painted, at(left, top)), padded(painted, left, top, "edge"))
    np.testing.assert_array_equal(
        cut(painted, at(left, top), BLACK), padded(painted, left, top, "constant")
    )


def test_every_second_pixel_of_a_larger_region_and_nothing_smoothed(cut: Cut, painted: U8) -> None:
    seen = cut(painted, Region(40.0, 30.0, 2.0 * N, 0.0))
    rows, columns = np.clip(30 - N + 2 * np.arange(N), 0, HEIGHT - 1), 40 - N + 2 * np.arange(N)
    np.testing.assert_array_equal(seen, painted[rows][:, columns])


def test_between_two_pixels_lies_their_mean(cut: Cut, painted: U8) -> None:
    seen = cut(painted, Region(40.0, 30.0, N / 2, 0.0))
    left = 40 - N // 4
    row = painted[30 - N // 4].astype(float)
    between = (row[left : left + N // 2] + row[left + 1 : left + N // 2 + 1]) / 2
    np.testing.assert_allclose(seen[0, 1::2].astype(float), between, atol=1)
    np.testing.assert_array_equal(seen[0, ::2], row[left : left + N // 2])


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_region_turns_the_picture_the_other_way(
    cut: Cut, painted: U8, quarters: int
) -> None:
    seen = cut(painted, Region(45.0, 30.0, float(N), quarters * math.pi / 2))
    # The middle lies on a pixel, so the square reaches one pixel further on one side.
    left, top = 45 - N // 2 + (quarters < 3), 30 - N // 2 + (quarters > 1)
    square = painted[top : top + N, left : left + N]
    np.testing.assert_array_equal(seen, np.rot90(square, quarters))


def test_it_is_written_into_the_memory_that_was_given(painted: U8) -> None:
    tensor = np.full((3, N, N, 3), 7, np.uint8)
    crop(painted, at(20, 10), tensor[1])
    np.testing.assert_array_equal(tensor[1], painted[10 : 10 + N, 20 : 20 + N])
    assert (tensor[[0, 2]] == 7).all()


def test_a_picture_that_may_not_be_written_to_is_fine(cut: Cut, painted: U8) -> None:
    locked = painted.copy()
    locked.flags.writeable = False
    np.testing.assert_array_equal(cut(locked, at(0, 0)), painted[:N, :N])


@pytest.mark.parametrize("size", [(8, 480), (640, 8), (8, 8), (1, 1)])
def test_a_narrow_picture_fills_its_part_of_the_letterbox(cut: Cut, size: tuple[int, int]) -> None:
    width, height = size
    white = np.full((height, width, 3), 255, np.uint8)
    lit = (cut(white, letterbox(width, height), BLACK, 224) > 127).all(axis=2)
    side = max(size)
    assert abs(lit.any(axis=0).sum() - 224 * width / side) <= 1 + 224 / side
    assert abs(lit.any(axis=1).sum() - 224 * height / side) <= 1 + 224 / side


def test_an_8k_picture_is_looked_at_where_it_was_meant(cut: Cut) -> None:
    large = np.zeros((4320, 7680, 3), np.uint8)
    large[4000:4100, 7000:7100] = 255
    seen = cut(large, Region(7050.0, 4050.0, 200.0, 0.0), pixels=200)
    assert (seen[50:150, 50:150] == 255).all()
    assert seen.sum() == 255 * 100 * 100 * 3


def test_a_region_far_beyond_all_numbers_is_no_trouble(cut: Cut, painted: U8) -> None:
    for side in (1.0, 1e6, 1e12):
        assert cut(painted, Region(1e9, -1e9, side, 1.0)).shape == (N, N, 3)


def test_both_ways_differ_by_a_few_grey_levels_in_a_few_places(painted: U8) -> None:
    region, made = Region(41.3, 28.7, 50.9, 0.3), []
    for quick in (False, True):
        made.append(np.zeros((256, 256, 3), np.uint8))
        crop(painted, region, made[-1], quick=quick)
    apart = np.abs(made[0].astype(int) - made[1].astype(int))
    # A step of 1/32 px between two pixels that are 255 apart.
    assert apart.max() <= 2 * 255 / 32 + 1
    assert (apart > 0).mean() < 0.05

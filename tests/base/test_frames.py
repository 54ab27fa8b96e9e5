from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.frames import Frame, as_rgb

RED = np.array([[[255, 10, 20]]], np.uint8)


def test_rgb_stays_as_it_is() -> None:
    assert as_rgb(RED).tolist() == RED.tolist()


def test_bgr_is_turned_around() -> None:
    assert as_rgb(RED, order="bgr").tolist() == [[[20, 10, 255]]]


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1)])
def test_grey_becomes_three_equal_channels(shape: tuple[int, ...]) -> None:
    grey = np.arange(6, dtype=np.uint8).reshape(shape)
    rgb = as_rgb(grey)
    assert rgb.shape == (2, 3, 3)
    assert (rgb == grey.reshape(2, 3, 1)).all()


@pytest.mark.parametrize(("order", "wanted"), [("rgb", [1, 2, 3]), ("bgr", [3, 2, 1])])
def test_the_fourth_channel_is_dropped(order: str, wanted: list[int]) -> None:
    image = np.array([[[1, 2, 3, 4]]], np.uint8)
    assert as_rgb(image, order=order)[0, 0].tolist() == wanted


def test_16_bits_become_8() -> None:
    image = np.array([[0, 255, 256, 65535]], np.uint16)
    assert as_rgb(image)[0, :, 0].tolist() == [0, 0, 1, 255]


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((4,), np.uint8),
        np.zeros((1, 4, 4, 3), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 0), np.uint8),
    ],
    ids=lambda image: str(image.shape),
)
def test_other_shapes_are_refused(image: npt.NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="1, 3 or 4 channels, got shape"):
        as_rgb(image)


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.bool_, np.uint32])
def test_other_types_are_refused(dtype: type[Any]) -> None:
    with pytest.raises(ValueError, match="expected 8 or 16 bits a channel, got"):
        as_rgb(np.zeros((2, 2, 3), dtype))


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="'rgb' or 'bgr', got 'grb'"):
        as_rgb(RED, order="grb")


@given(
    image=hnp.arrays(
        dtype=st.sampled_from([np.uint8, np.uint16]),
        shape=st.one_of(
            st.tuples(st.integers(1, 9), st.integers(1, 9)),
            st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 4])),
        ),
    ),
    order=st.sampled_from(["rgb", "bgr"]),
    step=st.sampled_from([1, -1]),
)
def test_every_usual_image_becomes_contiguous_rgb(
    image: npt.NDArray[Any], order: str, step: int
) -> None:
    rgb = as_rgb(image[:, ::step], order=order)
    assert rgb.shape == (*image.shape[:2], 3)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous


def test_size_is_width_then_height() -> None:
    frame = Frame(np.zeros((4, 7, 3), np.uint8), capture_ns=0, epoch=0, index=0)
    assert frame.size == (7, 4)

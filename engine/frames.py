"""An image and the instant it was grabbed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One image of one epoch. It never leaves the process.

    Attributes:
        image: `(H, W, 3)` uint8, RGB, contiguous, H and W at least 1.
        capture_ns: When it was grabbed, before decoding and conversion. Monotonic for a live
            source; presentation time from the first frame for a file.
        epoch: Unbroken stretch of the stream it belongs to.
        index: Running number over all epochs of the session, counted at grab.
        decode_ms: What decoding and colour conversion took.
    """

    image: U8
    capture_ns: int
    epoch: int
    index: int
    decode_ms: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """`(width, height)` in pixels."""
        return int(self.image.shape[1]), int(self.image.shape[0])


def as_rgb(image: npt.NDArray[Any], *, order: str = "rgb") -> U8:
    """Bring a decoded image of any usual kind to `(H, W, 3)` uint8 RGB.

    Args:
        image: `(H, W)`, `(H, W, 1)`, `(H, W, 3)` or `(H, W, 4)`, uint8 or uint16.
        order: `rgb` or `bgr`, for three and four channels.

    Raises:
        ValueError: The shape, type or order is none of these.
    """
    if order not in ("rgb", "bgr"):
        raise ValueError(f"expected order 'rgb' or 'bgr', got '{order}'")
    if image.ndim == 2:
        image = image[:, :, None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or 0 in image.shape:
        raise ValueError(f"expected an image of 1, 3 or 4 channels, got shape {image.shape}")
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        raise ValueError(f"expected 8 or 16 bits a channel, got {image.dtype}")
    if image.shape[2] == 1:
        image = np.repeat(image, 3, axis=2)
    image = image[:, :, :3]
    return np.ascontiguousarray(image if order == "rgb" else image[:, :, ::-1])

"""Pictures before the networks get them."""

import numpy as np

from engine.frames import U8

# A person detector looks at 224 pixels a side in cells of 8 and more: below two cells there is
# nothing to find, and some of MediaPipe's parts refuse pictures of a pixel.
MIN_SIDE_PX = 16


def shrink(image: U8, max_side_px: int) -> U8:
    """`image` with its long side at most `max_side_px`; 0 leaves it as it is.

    Args:
        image: `(H, W, 3)` uint8.
        max_side_px: Bound, in pixels.
    """
    height, width = image.shape[:2]
    if max_side_px == 0 or max(height, width) <= max_side_px:
        return image
    import cv2  # here, because it takes long to import and small pictures never need it

    factor = max_side_px / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)

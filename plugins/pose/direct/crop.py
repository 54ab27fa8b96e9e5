"""Cuts a region out of a picture, into the place a network reads it from."""

import cv2

from engine.frames import U8
from plugins.pose.direct.region import Region

REPLICATE = cv2.BORDER_REPLICATE
BLACK = cv2.BORDER_CONSTANT


def crop(image: U8, region: Region, into: U8, border: int = REPLICATE) -> None:
    """Fill `into` with what lies in `region`, bilinear, nothing smoothed before.

    Args:
        image: `(H, W, 3)` uint8.
        region: May reach beyond the picture.
        into: `(n, n, 3)` uint8, contiguous.
        border: What lies beyond the picture: `REPLICATE` goes on with its edge, without which
            landmarks move by 5 to 50 px as soon as a region leaves the picture.
    """
    pixels = into.shape[0]
    cv2.warpAffine(
        image,
        region.matrix(pixels),
        (pixels, pixels),
        dst=into,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=border,
    )

"""Cuts a region out of a picture, into the place a network reads it from."""

import cv2
import numpy as np

from engine.frames import U8
from plugins.pose.direct.region import Region

REPLICATE = cv2.BORDER_REPLICATE
BLACK = cv2.BORDER_CONSTANT

_CORNERS = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])


def crop(
    image: U8, region: Region, into: U8, border: int = REPLICATE, *, quick: bool = False
) -> None:
    """Fill `into` with what lies in `region`, bilinear, nothing smoothed before.

    The two ways round places to 1/32 px differently, which changes a pixel by a grey level here
    and there.

    Args:
        image: `(H, W, 3)` uint8.
        region: May reach beyond the picture.
        into: `(n, n, 3)` uint8, contiguous.
        border: What lies beyond the picture: `REPLICATE` goes on with its edge, without which
            landmarks move by 5 to 50 px as soon as a region leaves the picture.
        quick: Not as MediaPipe does it: half the time, and the worst landmark of a body is 0.06 px
            from MediaPipe's instead of 0.002.
    """
    pixels = into.shape[0]
    size = (pixels, pixels)
    if quick:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = region.matrix(pixels)
        cv2.warpAffine(image, matrix, size, dst=into, flags=flags, borderMode=border)
        return
    corners = region.project(_CORNERS).astype(np.float32)
    onto = cv2.getPerspectiveTransform(corners, (_CORNERS * pixels).astype(np.float32))
    cv2.warpPerspective(image, onto, size, dst=into, flags=cv2.INTER_LINEAR, borderMode=border)

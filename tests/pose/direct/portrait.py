"""A picture of a real person that comes with matplotlib, and networks to look at it with."""

import cv2
import numpy as np
from matplotlib import cbook

from engine.frames import U8, as_rgb

_GREY = (90, 90, 90)


def portrait() -> U8:
    """`(606, 512, 3)`: from the head to the belt."""
    path = str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    return as_rgb(cv2.imread(path), order="bgr")


def room(turn_deg: float = 0.0, moved_px: tuple[float, float] = (0.0, 0.0)) -> U8:
    """`(480, 640, 3)`: the portrait at half its size in a grey room, turned clockwise, moved."""
    person = portrait()
    matrix = cv2.getRotationMatrix2D((256, 303), -turn_deg, 0.5)
    way = np.array([[0.0, 0.0, 320 - 256 + moved_px[0]], [0.0, 0.0, 240 - 303 + moved_px[1]]])
    image = cv2.warpAffine(person, matrix + way, (640, 480), borderValue=_GREY)
    return np.asarray(image, np.uint8)

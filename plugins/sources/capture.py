"""The part of cv2.VideoCapture that is used, and how to make one on this system."""

import sys
from collections.abc import Callable
from typing import Any, Protocol

import cv2
import numpy.typing as npt


class Capture(Protocol):
    """What `cv2.VideoCapture` offers; tests pass a simulated camera."""

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        """Whether the device could be opened."""
        ...

    def set(self, propId: int, value: float) -> bool:  # noqa: N803 - OpenCV's name
        """Request a property."""
        ...

    def get(self, propId: int) -> float:  # noqa: N803 - OpenCV's name
        """The actual value of a property."""
        ...

    def grab(self) -> bool:
        """Wait for the next picture; False if the device is lost."""
        ...

    def retrieve(self) -> tuple[bool, npt.NDArray[Any]]:
        """Decode the grabbed picture."""
        ...

    def release(self) -> None:
        """Let go of the device."""
        ...


CaptureFactory = Callable[[int | str], Capture]


def open_capture(target: int | str) -> Capture:
    """Open a camera with the backend of this system; others are slower or lack control."""
    backend = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
    return cv2.VideoCapture(target, backend.get(sys.platform, cv2.CAP_ANY))

"""A camera on the desk, simulated behind the interface of cv2.VideoCapture."""

import queue
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt


class SimulatedCamera:
    """One device file with a camera behind it; the test shows it pictures and pulls its cable."""

    def __init__(self, folder: Path, width: int = 64, height: int = 48, fps: float = 30.0) -> None:
        self.path = folder / "video0"
        self.properties = {
            cv2.CAP_PROP_FRAME_WIDTH: float(width),
            cv2.CAP_PROP_FRAME_HEIGHT: float(height),
            cv2.CAP_PROP_FPS: fps,
        }
        self.obeys = False
        self.busy = False
        self.opened: list[int | str] = []
        self.released = 0
        self.grabs = 0
        self.requested: dict[int, float] = {}
        self.cable: _Cable = _Cable()
        self.path.touch()

    @property
    def target(self) -> str:
        return str(self.path)

    def factory(self, handle: int | str) -> "SimulatedCapture":
        self.opened.append(handle)
        return SimulatedCapture(self)

    def show(self, image: npt.NDArray[Any]) -> None:
        self.cable.items.put(image)

    def show_noise(self, seed: int) -> None:
        self.show(np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8))

    def unplug(self, *, file_too: bool = True) -> None:
        if file_too:
            self.path.unlink()
        self.cable.items.put(None)

    def plug_in(self) -> None:
        self.path.touch()

    def hang(self) -> threading.Event:
        """The present connection never answers again, until the returned event is set."""
        cable, self.cable = self.cable, _Cable()
        return cable.wake


class _Cable:
    def __init__(self) -> None:
        self.items: queue.Queue[npt.NDArray[Any] | None] = queue.Queue()
        self.wake = threading.Event()


class SimulatedCapture:
    """One open handle of the camera."""

    def __init__(self, camera: SimulatedCamera) -> None:
        self._camera = camera
        self._cable = camera.cable
        self._image: npt.NDArray[Any] = np.zeros((1, 1, 3), np.uint8)

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self._camera.path.exists() and not self._camera.busy

    def set(self, propId: int, value: float) -> bool:  # noqa: N803 - OpenCV's name
        self._camera.requested[propId] = value
        if self._camera.obeys:
            self._camera.properties[propId] = value
        return self._camera.obeys

    def get(self, propId: int) -> float:  # noqa: N803 - OpenCV's name
        return self._camera.properties[propId]

    def grab(self) -> bool:
        self._camera.grabs += 1
        while not self._cable.wake.is_set():
            try:
                image = self._cable.items.get(timeout=0.01)
            except queue.Empty:
                continue
            if image is None:
                return False
            self._image = image
            return True
        return False

    def retrieve(self) -> tuple[bool, npt.NDArray[Any]]:
        return True, self._image

    def release(self) -> None:
        self._camera.released += 1

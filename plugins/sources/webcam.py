"""A camera of this machine, through OpenCV."""

import logging
import time
from typing import Any

import cv2
import numpy.typing as npt

from engine.clock import NS_PER_MS, Clock
from engine.contracts import SourceInfo
from engine.errors import SourceError, Trouble
from engine.frames import U8, as_rgb
from plugins.sources.capture import Capture, CaptureFactory, open_capture
from plugins.sources.device import CameraDevice
from plugins.sources.frozen import FrozenDetector, fingerprint
from plugins.sources.link import Link, Shot
from plugins.sources.options import LiveOptions, NonNegativeInt, Rate
from plugins.sources.reader import Limits
from plugins.sources.reconnecting import ReconnectingSource

_log = logging.getLogger(__name__)
_FPS_TOLERANCE = 0.5


class WebcamSource(ReconnectingSource):
    """A camera by index or path, kept open and reopened by the same name.

    Args:
        target: `0`, `/dev/video0`, `/dev/v4l/by-id/...`.
        config: Options.
        capture_factory: Makes the `cv2.VideoCapture`; tests pass a simulated one.
    """

    class Config(LiveOptions, frozen=True, kw_only=True):
        """Options.

        Attributes:
            width: Requested width in pixels; 0 leaves the camera's own.
            height: Requested height in pixels; 0 leaves the camera's own.
            fps: Requested rate; 0 leaves the camera's own.
            strict: A camera that does not give what was requested is an error, not a warning.
        """

        width: NonNegativeInt = 0
        height: NonNegativeInt = 0
        fps: Rate = 0.0
        strict: bool = False

    def __init__(
        self, target: str, config: Config, capture_factory: CaptureFactory = open_capture
    ) -> None:
        super().__init__(
            f"camera {target}",
            Limits(config.open_timeout_s, config.stall_s),
            FrozenDetector(config.frozen_after_s, config.reopen_after_s),
            Trouble.UNPLUGGED,
        )
        self._device = CameraDevice(target)
        self._config = config
        self._factory = capture_factory

    def _connect(self, clock: Clock, *, again: bool) -> Link:
        try:
            self._device.check()
        except SourceError as error:
            if again and error.trouble is Trouble.NOT_FOUND:
                raise _unplugged(self._device, "its device file is gone") from error
            raise
        return CameraLink(self._device, self._factory, self._config, clock)


class CameraLink:
    """An open camera.

    Args:
        device: Which.
        factory: Opens it.
        config: What to request.
        clock: Stamps the shots.

    Raises:
        SourceError: It does not open, or `strict` and it gives something else.
    """

    def __init__(
        self,
        device: CameraDevice,
        factory: CaptureFactory,
        config: WebcamSource.Config,
        clock: Clock,
    ) -> None:
        self._device = device
        self._clock = clock
        self._capture = factory(device.handle)
        try:
            if not self._capture.isOpened():
                raise device.refusal()
            self.info = _negotiate(self._capture, device, config)
        except BaseException:
            self._capture.release()
            raise

    def grab(self) -> Shot:
        """See `Link.grab`."""
        if not self._guarded(self._capture.grab):
            why = (
                "its device file is gone" if self._device.vanished else "it gives no more pictures"
            )
            raise _unplugged(self._device, why)
        capture_ns = self._clock.now_ns()
        start_ns = time.perf_counter_ns()
        ok, image = self._guarded(self._capture.retrieve)
        spent_ms = (time.perf_counter_ns() - start_ns) / NS_PER_MS
        if not ok:
            raise _unplugged(self._device, "a grabbed picture could not be retrieved")
        return Shot(capture_ns, lambda: _rgb(image), fingerprint(image), spent_ms)

    def close(self) -> None:
        """See `Link.close`."""
        self._capture.release()

    def _guarded(self, call: Any) -> Any:
        try:
            return call()
        except cv2.error as error:
            raise _unplugged(self._device, f"OpenCV says: {error}") from error


def _rgb(image: npt.NDArray[Any]) -> U8:
    if image.ndim == 3 and image.shape[2] == 3:
        # Ten times as fast as reversing the last axis.
        return as_rgb(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    try:
        return as_rgb(image, order="bgr")
    except ValueError as error:
        raise SourceError(f"the camera gave a bad picture: {error}", Trouble.BAD_FRAME) from error


def _negotiate(capture: Capture, device: CameraDevice, config: WebcamSource.Config) -> SourceInfo:
    """Request size and rate, and compare with what the camera then says."""
    wanted = {
        "width": (cv2.CAP_PROP_FRAME_WIDTH, float(config.width), 0.0),
        "height": (cv2.CAP_PROP_FRAME_HEIGHT, float(config.height), 0.0),
        "fps": (cv2.CAP_PROP_FPS, config.fps, _FPS_TOLERANCE),
    }
    for prop, value, _ in wanted.values():
        if value:
            capture.set(prop, value)
    actual = {name: capture.get(prop) for name, (prop, _, _) in wanted.items()}
    _compare(device, {n: (v, t) for n, (_, v, t) in wanted.items()}, actual, strict=config.strict)
    return SourceInfo(
        f"camera {device.name}",
        int(actual["width"]),
        int(actual["height"]),
        max(0.0, actual["fps"]),
    )


def _compare(
    device: CameraDevice,
    wanted: dict[str, tuple[float, float]],
    actual: dict[str, float],
    *,
    strict: bool,
) -> None:
    differences = [
        f"{name} {value:g} requested, {actual[name]:g} given"
        for name, (value, tolerance) in wanted.items()
        if value and abs(actual[name] - value) > tolerance
    ]
    if not differences:
        return
    message = f"camera {device.name}: {'; '.join(differences)}"
    if strict:
        raise SourceError(f"{message}: request what it can do, or strict=false", Trouble.BAD_FRAME)
    _log.warning("%s", message)


def _unplugged(device: CameraDevice, why: str) -> SourceError:
    return SourceError(
        f"camera {device.name} was lost: {why}: check the cable", Trouble.UNPLUGGED, transient=True
    )

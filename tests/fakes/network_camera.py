"""A camera on the network, simulated: MJPEG over HTTP on loopback, in real time.

As a process of its own::

    python -m tests.fakes.network_camera --video FILE --fps 30 --port 0
"""

import argparse
import base64
import contextlib
import itertools
import socket
import sys
import threading
import time
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

_BOUNDARY = "frame"
_MAX_REQUEST_BYTES = 16 * 1024


class _Mode(Enum):
    SERVING = "serving"
    HANGING = "hanging"


class NetworkCamera:
    """Sends the same JPEGs over and over to whoever asks.

    Args:
        jpegs: Encoded pictures.
        fps: Pictures a second, in real time.
        port: 0 takes a free one.
        with_content_length: Whether parts say how long they are.
        with_timestamp: Whether parts carry `X-Timestamp`: monotonic ns when sending began.
        credentials: `user:password` that are asked for; empty asks for none.
        status: HTTP status of every answer.
        content_type: Of every answer; None is that of MJPEG.
    """

    def __init__(
        self,
        jpegs: Sequence[bytes],
        fps: float = 30.0,
        *,
        port: int = 0,
        with_content_length: bool = True,
        with_timestamp: bool = False,
        credentials: str = "",
        status: int = 200,
        content_type: str | None = None,
    ) -> None:
        self._jpegs = list(jpegs)
        self._fps = fps
        self._with_content_length = with_content_length
        self._with_timestamp = with_timestamp
        self._credentials = credentials
        self._status = status
        self._content_type = content_type or f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()
        self._mode = _Mode.SERVING
        self._listener = _listen(port)
        self.port = int(self._listener.getsockname()[1])
        self.served = 0
        self._start_accepting()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream.mjpg"

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        self._closing.set()
        _shut(self._listener)
        with self._lock:
            for connection in self._connections:
                _shut(connection)
        for thread in self._threads:
            thread.join(5.0)
        self._threads.clear()

    def restore(self) -> None:
        """Be back on the same port after `cut`, or answer again after `hang`."""
        if not self._closing.is_set():
            self.cut()
        self._mode = _Mode.SERVING
        self._closing.clear()
        self._listener = _listen(self.port)
        self._start_accepting()

    def hang(self) -> None:
        """Drop every connection, accept new ones, and send nothing at all."""
        self.cut()
        self.restore()
        self._mode = _Mode.HANGING

    def go_silent(self) -> None:
        """Keep every connection open and send nothing more on it."""
        self._mode = _Mode.HANGING

    def stop(self) -> None:
        """End; the camera cannot be used afterwards."""
        self.cut()

    def __enter__(self) -> "NetworkCamera":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_accepting(self) -> None:
        self._spawn(self._accept, self._listener)

    def _spawn(self, target: Any, *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, name="network-camera", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            self._spawn(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # Whoever watches may go at any moment: that is no error of the camera's.
        with contextlib.suppress(OSError), connection:
            request = _receive_request(connection)
            if self._mode is _Mode.HANGING:
                self._closing.wait()
            elif self._answer(connection, request):
                self._stream(connection)
        with self._lock:
            self._connections.discard(connection)

    def _answer(self, connection: socket.socket, request: bytes) -> bool:
        status, extra = self._status, ""
        if self._credentials and not self._is_authorised(request):
            status, extra = 401, 'WWW-Authenticate: Basic realm="camera"\r\n'
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {self._content_type}\r\n{extra}"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        return status == 200

    def _is_authorised(self, request: bytes) -> bool:
        token = base64.b64encode(self._credentials.encode())
        return b"Authorization: Basic " + token in request

    def _stream(self, connection: socket.socket) -> None:
        start_s = time.monotonic()
        for number, jpeg in enumerate(itertools.cycle(self._jpegs)):
            due_s = start_s + number / self._fps
            if self._closing.wait(max(0.0, due_s - time.monotonic())):
                return
            if self._mode is _Mode.HANGING:
                self._closing.wait()
                return
            connection.sendall(self._part(jpeg))
            self.served += 1

    def _part(self, jpeg: bytes) -> bytes:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
        if self._with_content_length:
            head += f"Content-Length: {len(jpeg)}\r\n"
        if self._with_timestamp:
            head += f"X-Timestamp: {time.monotonic_ns()}\r\n"
        return head.encode() + b"\r\n" + jpeg + b"\r\n"


def encode_jpegs(images: Sequence[npt.NDArray[np.uint8]], quality: int = 90) -> list[bytes]:
    """JPEGs of RGB images."""
    return [_encode(image, quality) for image in images]


def jpegs_of_video(path: Path, limit: int | None = None, quality: int = 90) -> list[bytes]:
    """JPEGs of the first `limit` frames of a video."""
    with av.open(str(path)) as container:
        frames = itertools.islice(container.decode(video=0), limit)
        return [_encode(frame.to_ndarray(format="rgb24"), quality) for frame in frames]


def _encode(image: npt.NDArray[Any], quality: int) -> bytes:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    ok, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError(f"cannot encode an image of shape {image.shape}")
    return data.tobytes()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    # Back on the same port at once; on Windows this option would mean something else.
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def _shut(sock: socket.socket) -> None:
    # `shutdown` wakes a thread that is blocked on the socket; `close` alone does not.
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def _receive_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request and len(request) < _MAX_REQUEST_BYTES:
        data = connection.recv(4096)
        if not data:
            raise ConnectionResetError("the other side left before asking")
        request += data
    return request


def main() -> None:
    """Serve a video until the process is ended; the first line printed is the URL."""
    parser = argparse.ArgumentParser(description="A network camera that shows a video for ever.")
    parser.add_argument("--video", type=Path, required=True)
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limit", type=int, default=None, help="use the first N frames only")
    parser.add_argument("--no-content-length", action="store_true")
    args = parser.parse_args()
    jpegs = jpegs_of_video(args.video, args.limit)
    camera = NetworkCamera(
        jpegs,
        args.fps,
        port=args.port,
        with_content_length=not args.no_content_length,
        with_timestamp=True,
    )
    sys.stdout.write(f"{camera.url}\n")
    sys.stdout.flush()
    with camera, contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    main()

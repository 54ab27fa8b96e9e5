"""A server that sends the bytes of a media file, at a rate, to whoever connects."""

import contextlib
import socket
import threading

_CHUNK_BYTES = 1316  # seven MPEG-TS packets


class StreamServer:
    """Raw over TCP, or with an HTTP head in front.

    Args:
        data: What to send; the connection closes after it.
        http_type: Content type of an HTTP answer; empty sends raw bytes at once.
        bytes_per_s: Speed; 0 as fast as it goes.
    """

    def __init__(self, data: bytes, *, http_type: str = "", bytes_per_s: float = 0.0) -> None:
        self._data = data
        self._http_type = http_type
        self._pause_s = _CHUNK_BYTES / bytes_per_s if bytes_per_s else 0.0
        self._closing = threading.Event()
        self._dropping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._accept, name="stream-server", daemon=True)
        self._thread.start()

    @property
    def tcp_url(self) -> str:
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/file"

    def drop(self) -> None:
        """Close the present connection; the next one starts from the beginning."""
        self._dropping.set()

    def __enter__(self) -> "StreamServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(5.0)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._dropping.clear()
            # Whoever watches may go at any moment: that is no error of the server's.
            with contextlib.suppress(OSError), connection:
                connection.settimeout(2.0)
                self._send(connection)

    def _send(self, connection: socket.socket) -> None:
        if self._http_type:
            connection.recv(4096)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {self._http_type}\r\n"
            length = f"Content-Length: {len(self._data)}\r\nConnection: close\r\n\r\n"
            connection.sendall((head + length).encode())
        for at in range(0, len(self._data), _CHUNK_BYTES):
            connection.sendall(self._data[at : at + _CHUNK_BYTES])
            if self._closing.wait(self._pause_s) or self._dropping.is_set():
                return

"""The PUB socket: one send a message, never waiting for anybody."""

import errno
import socket
import stat
import threading
from pathlib import Path

import zmq

from engine.config import FeedConfig
from engine.errors import BindError
from engine.wire.addresses import Address, bind_address
from engine.wire.encoder import Wired

# Long enough for the last `end` events to leave, short enough that a dead peer holds up nobody.
LINGER_MS = 500

_REASONS = {
    errno.EADDRINUSE: "it is in use, perhaps by another Fidget",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.ENODEV: "this machine has no such address or interface",
    errno.EACCES: "the system does not permit it",
    errno.ENOENT: "the folder does not exist",
    errno.ENAMETOOLONG: "the path is too long for a socket",
    errno.EPROTONOSUPPORT: "this system has no such transport",
}
_ADVICE = "Choose another `endpoint` in [feed]; tcp://127.0.0.1:* takes any free port."


class Publisher:
    """Sends wire messages to whoever listens.

    The constructor binds, so that a bad address shows before a camera opens. From then on the
    socket belongs to the one thread that calls `send`; another thread may call `close` only
    after that one has ended. A subscriber that does not keep up loses messages beyond
    `send_hwm` and sees the holes in `seq`; nobody else notices.

    Args:
        config: Address, protection and queue length.

    Raises:
        BindError: The address is malformed, not allowed, in use or does not exist here.
    """

    def __init__(self, config: FeedConfig) -> None:
        address = bind_address(config.endpoint, insecure=config.insecure)
        _refuse_taken_path(address)
        self._owner: int | None = None
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, config.send_hwm)
        self._socket.set(zmq.LINGER, LINGER_MS)
        self._socket.set(zmq.IPV6, address.ipv6)
        try:
            self._socket.bind(address.text)
        except zmq.ZMQError as error:
            self.close()
            raise BindError(_explain(address.text, error)) from error
        self.endpoint: str = self._socket.get_string(zmq.LAST_ENDPOINT)

    def send(self, wired: Wired) -> None:
        """Hand one message to the socket; never waits. The owning thread.

        Raises:
            RuntimeError: Another thread has sent before: a bug in the caller.
        """
        thread = threading.get_ident()
        if self._owner is None:
            self._owner = thread
        if self._owner != thread:
            raise RuntimeError("the publisher belongs to the thread that sent first")
        self._socket.send_multipart((wired.topic.encode(), wired.payload), flags=zmq.NOBLOCK)

    def close(self) -> None:
        """Let what is queued leave, for at most `LINGER_MS`, and free the address. Idempotent."""
        self._socket.close()
        self._context.term()

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _explain(text: str, error: zmq.ZMQError) -> str:
    why = _REASONS.get(error.errno or 0, str(error))
    return f"cannot bind {text}: {why}. {_ADVICE}"


def _refuse_taken_path(address: Address) -> None:
    """An ipc bind deletes whatever has its name: a file of the user, or a running engine's."""
    if not address.path or address.wildcard or address.path.startswith("@"):
        return
    path = Path(address.path)
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise BindError(f"cannot bind {address.text}: a file of that name exists. {_ADVICE}")
    if _answers(address.path):
        raise BindError(f"cannot bind {address.text}: {_REASONS[errno.EADDRINUSE]}. {_ADVICE}")


def _answers(path: str) -> bool:
    if not hasattr(socket, "AF_UNIX"):  # Windows: Python cannot ask
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except OSError:  # left behind by a process that is gone
            return False
    return True

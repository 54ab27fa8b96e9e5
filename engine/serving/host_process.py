"""A process that hosts an engine, seen from the one that started it."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import BufferTooShort, connection, get_context, resource_tracker

import msgspec

from engine.errors import EngineError
from engine.serving import host
from engine.serving.host_messages import Reply, Request, decode_reply, encode

logger = logging.getLogger(__name__)

_ENDS_WITHIN_S = 2.0
_KILLED_WITHIN_S = 2.0
_EXIT_CODE_WITHIN_S = 0.05


class HostProcess:
    """Starts a fresh process and talks with it.

    Everything but `kill` is for one thread at a time. The process is a daemon: it never outlives
    this one.

    As everywhere with processes that are spawned, the program's main module is imported by the new
    one: a script must guard what it does with `if __name__ == "__main__":`.

    Raises:
        OSError: No process can be started.
    """

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=True)
        self._lock = threading.Lock()
        self._process = context.Process(
            target=host.serve, args=(theirs,), name="fidget-engine", daemon=True
        )
        with _interrupts_held_back():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid or 0

    def tell(self, request: Request) -> None:
        """Send a request; waits while the pipe is full."""
        self._pipe.send_bytes(encode(request))

    def tell_raw(self, data: memoryview) -> None:
        """Send bytes as they are."""
        self._pipe.send_bytes(data)

    def heard(self, timeout_s: float) -> bool:
        """Whether there is something to hear, if only that the process has ended."""
        return self._pipe.poll(timeout_s)

    def has_answered(self) -> bool:
        """Whether there is something to hear now. Any thread, while another one hears.

        On Windows that cannot be asked, and the answer is no.
        """
        with self._lock, suppress(OSError):
            return os.name != "nt" and self._pipe.poll(0)
        return False

    def hear(self) -> Reply:
        """The next reply.

        Raises:
            EOFError, OSError: The process has ended, or was killed.
            EngineError: It says what makes no sense.
        """
        try:
            return decode_reply(self._pipe.recv_bytes())
        except msgspec.MsgspecError as error:
            raise EngineError(f"its process answered what makes no sense: {error}") from error

    def hear_raw(self, into: memoryview) -> None:
        """The next bytes, exactly as many as there is room for.

        Raises:
            EOFError, OSError: The process has ended, or was killed.
            EngineError: There are more or fewer.
        """
        try:
            got = self._pipe.recv_bytes_into(into)
        except BufferTooShort as error:
            got = len(error.args[0])
        if got != len(into):
            raise EngineError(f"its process gave {got} bytes of an output, expected {len(into)}")

    def kill(self) -> None:
        """End it at once, and whatever waits for it here. Any thread."""
        self._process.kill()
        with self._lock:
            _hang_up(self._pipe)

    def close(self) -> None:
        """Let it end by itself, kill it if it does not; waits a few seconds at most. Idempotent."""
        with self._lock:
            self._pipe.close()
        self._process.join(_ENDS_WITHIN_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_KILLED_WITHIN_S)
        if self._process.is_alive():
            logger.error("process %d cannot be ended: a driver holds it", self.pid)

    def how_it_ended(self) -> str:
        """In words, as far as that is known yet."""
        self._process.join(_EXIT_CODE_WITHIN_S)
        code = self._process.exitcode
        if code is None:
            return "its process closed the pipe"
        if code < 0:
            return f"its process was ended by {_signal_name(-code)}"
        return f"its process ended with exit code {code}"


def _hang_up(pipe: "connection.Connection") -> None:
    """Wake whoever reads or writes here: a process that a driver holds does not even die.

    On Windows the pipe of a process that was killed breaks in any case.
    """
    if os.name == "nt":
        return
    with suppress(OSError), socket.socket(fileno=os.dup(pipe.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A process that is started meanwhile does not see Ctrl-C, not even before its first line."""
    if not hasattr(signal, "pthread_sigmask"):
        yield  # Windows: `host.serve` ignores it from its first line on
        return
    resource_tracker.ensure_running()  # it would undo the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

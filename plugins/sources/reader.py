"""The thread that connects to a camera, grabs from it, and connects again."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.clock import Clock
from engine.errors import SourceError
from plugins.sources.backoff import Backoff
from plugins.sources.ledger import Ledger
from plugins.sources.link import Link


@dataclass(frozen=True)
class Limits:
    """Bounds on what a reader does.

    Attributes:
        open_s: One attempt to connect.
        stall_s: Waiting for the camera to send anything.
    """

    open_s: float
    stall_s: float


class Reader:
    """One thread with at most one connection at a time.

    The thread is a daemon: a driver or a name look-up can hang in a native call that nothing
    interrupts, and must not keep the process from ending.

    Args:
        name: Kind of source, for the name of the thread.
        connect: Opens one connection; raises `SourceError`.
        ledger: Where everything is reported.
        clock: For back-off.
        limits: Told to the ledger, whose user watches them.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], Link],
        ledger: Ledger,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._connect = connect
        self._ledger = ledger
        self._clock = clock
        self._limits = limits
        self._backoff = Backoff()
        self._stop = threading.Event()
        self._number = ledger.adopt()
        self._thread = threading.Thread(
            target=self._run, name=f"fidget-{name}-{self._number}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; does not wait."""
        self._stop.set()

    def join(self, timeout_s: float) -> None:
        """Wait for its end, `timeout_s` at most."""
        self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                start_ns = self._clock.now_ns()
                self._one_connection()
                if not self._ledger.connected_once:
                    return
                self._rest(start_ns)
        except BaseException as error:  # noqa: BLE001 - kept, and raised by the next read
            self._ledger.failed(self._number, error)

    def _one_connection(self) -> None:
        link: Link | None = None
        try:
            self._ledger.expect(self._number, self._limits.open_s)
            link = self._connect()
            self._ledger.connected(self._number, link.info)
            self._drain(link)
        except SourceError as error:
            self._ledger.lost(self._number, error)
        finally:
            if link is not None:
                link.close()

    def _drain(self, link: Link) -> None:
        while not self._stop.is_set():
            self._ledger.expect(self._number, self._limits.stall_s)
            shot = link.grab()
            if shot is not None:
                self._backoff.reset()
                self._ledger.arrived(self._number, shot)

    def _rest(self, start_ns: int) -> None:
        self._ledger.expect(self._number, None)
        wait_s = self._backoff.wait_s(start_ns, self._clock.now_ns())
        self._clock.wait(self._stop, wait_s)

"""What is known about a live source, shared between its reader threads and its user."""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Literal

from engine.clock import NS_PER_S, Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import SourceError, Trouble
from plugins.sources.frozen import FrozenDetector, Verdict
from plugins.sources.link import Shot
from plugins.sources.mailbox import Mailbox

State = Literal["ok", "waiting", "trouble", "ended"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A shot with its place in the stream."""

    shot: Shot
    epoch: int
    index: int


class Ledger:
    """Epochs, counts, status and the newest shot of one live source. Any thread.

    Each reader signs with the number that `adopt` gave it. What an older reader still says is
    ignored, so a thread that hangs in a native call and comes back later does no harm.

    Attributes:
        settled: Set when the first attempt to open has succeeded or failed.
        info: Of the last successful connection.
        first_error: Why the first attempt failed.
        failure: What a reader died of; not a `SourceError`, so it is for good.
        connected_once: Whether any attempt has succeeded.
        mailbox: The newest arrival.
    """

    def __init__(self, clock: Clock, frozen: FrozenDetector) -> None:
        self.settled = threading.Event()
        self.info: SourceInfo | None = None
        self.first_error: SourceError | None = None
        self.failure: BaseException | None = None
        self.mailbox: Mailbox[Arrival] = Mailbox()
        self.connected_once = False
        self._clock = clock
        self._frozen = frozen
        self._lock = threading.RLock()
        self._reader = 0
        self._overdue_ns: int | None = None
        self._epoch = -1
        self._index = -1
        self._last_stamp_ns = -1
        self._last_given_ns = -1
        self._jumps = 0
        self._drops = {"stale": 0, "frozen": 0, "bad_frame": 0}
        self._status = SourceStatus("waiting", "", "opening")

    def adopt(self) -> int:
        """Make a new reader the one that counts; returns its number."""
        with self._lock:
            self._reader += 1
            self._overdue_ns = None
            return self._reader

    def expect(self, reader: int, within_s: float | None) -> None:
        """The reader starts something that takes at most `within_s`; None: as long as it likes."""
        with self._lock:
            if reader == self._reader:
                self._overdue_ns = (
                    None if within_s is None else self._clock.now_ns() + round(within_s * NS_PER_S)
                )

    @property
    def overdue(self) -> bool:
        """Whether the reader has not come back from what it said it would do."""
        with self._lock:
            return self._overdue_ns is not None and self._clock.now_ns() >= self._overdue_ns

    def connected(self, reader: int, info: SourceInfo) -> None:
        """A connection stands: a new epoch begins."""
        with self._lock:
            if reader != self._reader:
                return
            self.mailbox.clear()
            self._epoch += 1
            self.info = info
            self.connected_once = True
            self._set_status("waiting", "", "connected, no frame yet")
            self.settled.set()

    def arrived(self, reader: int, shot: Shot) -> None:
        """Take a shot, unless it repeats a frozen picture.

        Raises:
            SourceError: The picture is frozen for so long that the camera must be reopened.
        """
        with self._lock:
            if reader != self._reader:
                return
            self._index += 1
            verdict = self._frozen.see(shot.fingerprint, shot.capture_ns)
            if verdict is not Verdict.FRESH:
                self._hold_back(shot, verdict)
                return
            self.mailbox.put(Arrival(self._timed(shot), self._epoch, self._index))

    def lost(self, reader: int, error: SourceError) -> None:
        """An attempt failed or a connection broke; only the very first failure ends the reader."""
        with self._lock:
            if reader != self._reader:
                return
            if self.connected_once:
                self._set_status("trouble", error.trouble.value, f"{error}; trying again")
                return
            # `open` raises it: whoever opened decides what to say and whether to try again.
            self.first_error = error
            self._status = SourceStatus("trouble", error.trouble.value, str(error))
            self.settled.set()

    def failed(self, reader: int, error: BaseException) -> None:
        """The reader died of something unforeseen: the user's next read raises it."""
        with self._lock:
            if reader != self._reader:
                return
            self.failure = error
            self._set_status("trouble", "", f"stopped: {type(error).__name__}: {error}")
            self.settled.set()
            self.mailbox.fresh.set()

    def delivered(self) -> None:
        """The user got a frame."""
        with self._lock:
            if not self._jumps:
                self._set_status("ok", "", "")
                return
            message = f"the camera's time went backwards {self._jumps} times, a new epoch each"
            self._set_status("ok", Trouble.TIME_JUMP.value, message)

    def spoiled(self, error: SourceError) -> None:
        """A shot could not be decoded."""
        with self._lock:
            self._drops["bad_frame"] += 1
            self._set_status("trouble", error.trouble.value, str(error))

    def say(self, trouble: Trouble, message: str) -> None:
        """Report trouble that was noticed from outside the reader."""
        with self._lock:
            self._set_status("trouble", trouble.value, message)

    def ended(self) -> None:
        """The source was closed."""
        with self._lock:
            self._status = SourceStatus("ended", "", "closed")

    @property
    def status(self) -> SourceStatus:
        """How it is right now."""
        with self._lock:
            return self._status

    def drops(self) -> dict[str, int]:
        """Shots that no user ever got, by cause."""
        with self._lock:
            return {**self._drops, "stale": self.mailbox.replaced}

    def _hold_back(self, shot: Shot, verdict: Verdict) -> None:
        self._drops["frozen"] += 1
        repeated_s = self._frozen.repeated_s(shot.capture_ns)
        message = f"the camera has repeated the same picture for {repeated_s:.0f} s"
        if verdict is Verdict.REOPEN:
            raise SourceError(f"{message}; reopening it", Trouble.FROZEN, transient=True)
        self._set_status("trouble", Trouble.FROZEN.value, message)

    def _timed(self, shot: Shot) -> Shot:
        """The shot with a time that grows within its epoch; a jump back begins another."""
        if shot.jumped or shot.capture_ns < self._last_stamp_ns:
            self._epoch += 1
            self._jumps += 1
            _log.warning("time went backwards at frame %d: new epoch %d", self._index, self._epoch)
            self._last_given_ns = shot.capture_ns - 1
        self._last_stamp_ns = shot.capture_ns
        # A coarse clock (15 ms on Windows) stamps a burst alike.
        self._last_given_ns = max(shot.capture_ns, self._last_given_ns + 1)
        return replace(shot, capture_ns=self._last_given_ns)

    def _set_status(self, state: State, trouble: str, message: str) -> None:
        old = self._status
        self._status = SourceStatus(state, trouble, message)
        if trouble and trouble != old.trouble:
            _log.warning("source: %s: %s", trouble, message)
        elif state == "ok" and old.state == "trouble":
            _log.info("source: frames are coming again")

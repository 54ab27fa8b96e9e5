"""The base of all live sources: keeps the newest frame, comes back by itself."""

import time
from abc import ABC, abstractmethod
from typing import Literal

from engine.clock import NS_PER_MS, Clock
from engine.contracts import SourceInfo, SourceStatus
from engine.errors import SourceError, Trouble
from engine.frames import Frame
from plugins.sources.frozen import FrozenDetector
from plugins.sources.ledger import Arrival, Ledger
from plugins.sources.link import Link
from plugins.sources.reader import Limits, Reader

_JOIN_S = 1.0
# A driver that hangs on every attempt must not pile up threads for days.
_MAX_ABANDONED = 4


class ReconnectingSource(ABC):
    """A live source. A subclass says how to connect; everything else is here.

    A thread reads without pause and leaves the newest picture; it reconnects with back-off
    (0.1 s doubling to 1 s). Whether that thread hangs is checked in `read`.

    Args:
        name: Of the source, for people; no credentials.
        limits: Bounds on connecting and on waiting for a picture.
        frozen: Judges repeated pictures.
        stall: What a stall means for this kind of source.
    """

    live = True
    yields: Literal["frames"] = "frames"

    def __init__(self, name: str, limits: Limits, frozen: FrozenDetector, stall: Trouble) -> None:
        self._name = name
        self._limits = limits
        self._frozen = frozen
        self._stall = stall
        self._clock: Clock | None = None
        self._ledger: Ledger | None = None
        self._reader: Reader | None = None
        self._abandoned: list[Reader] = []

    @abstractmethod
    def _connect(self, clock: Clock, *, again: bool) -> Link:
        """Open one connection, in the reader's thread.

        Args:
            clock: Stamps the shots.
            again: It was connected before.

        Raises:
            SourceError: It cannot be opened.
        """

    def open(self, clock: Clock) -> SourceInfo:
        """See `Source.open`. Blocks for the open limit at most.

        Raises:
            SourceError: The first attempt failed.
        """
        self._clock = clock
        self._ledger = ledger = Ledger(clock, self._frozen)
        self._start_reader(clock, ledger)
        settled = clock.wait(ledger.settled, self._limits.open_s)
        error = self._first_failure(ledger, settled)
        if error is not None:
            self.close()
            raise error
        if ledger.info is None:
            raise AssertionError("a reader settled without a connection or an error")
        return ledger.info

    def read(self, timeout_s: float) -> Frame | None:
        """See `Source.read`.

        Raises:
            SourceError: The source is not open, or its reader died of something unforeseen.
        """
        if self._ledger is None or self._clock is None:
            raise SourceError(f"{self._name} is not open: call open first", Trouble.NOT_FOUND)
        self._clock.wait(self._ledger.mailbox.fresh, timeout_s)
        self._raise_failure(self._ledger)
        arrival = self._ledger.mailbox.take()
        if arrival is not None:
            return self._frame(self._ledger, arrival)
        if self._ledger.overdue:
            self._replace_reader(self._clock, self._ledger)
        return None

    def status(self) -> SourceStatus:
        """See `Source.status`. Any thread."""
        ledger = self._ledger
        return SourceStatus("waiting", "", "not open") if ledger is None else ledger.status

    def drops(self) -> dict[str, int]:
        """Pictures that arrived and were never given, by cause. Any thread.

        `stale`: a newer one came first. `frozen`: a repeat. `bad_frame`: could not be decoded.
        """
        ledger = self._ledger
        return {"stale": 0, "frozen": 0, "bad_frame": 0} if ledger is None else ledger.drops()

    def close(self) -> None:
        """See `Source.close`. Waits 1 s at most for the reader."""
        reader, self._reader = self._reader, None
        if reader is None or self._ledger is None:
            return
        # From here on nothing that the old reader says counts.
        self._ledger.adopt()
        reader.stop()
        reader.join(_JOIN_S)
        self._ledger.ended()

    def _start_reader(self, clock: Clock, ledger: Ledger) -> None:
        def connect() -> Link:
            return self._connect(clock, again=ledger.connected_once)

        name = type(self).__name__
        self._reader = Reader(name, connect, ledger, clock, self._limits)

    def _first_failure(self, ledger: Ledger, settled: bool) -> BaseException | None:
        if not settled:
            return SourceError(
                f"{self._name}: no answer within {self._limits.open_s:g} s: check that it is on "
                "and reachable",
                Trouble.TIMEOUT,
                transient=True,
            )
        return ledger.failure or ledger.first_error

    def _raise_failure(self, ledger: Ledger) -> None:
        if ledger.failure is not None:
            raise SourceError(
                f"{self._name}: its reader stopped: {type(ledger.failure).__name__}: "
                f"{ledger.failure}",
                self._stall,
            ) from ledger.failure

    def _frame(self, ledger: Ledger, arrival: Arrival) -> Frame | None:
        start_ns = time.perf_counter_ns()
        try:
            image = arrival.shot.decode()
        except SourceError as error:
            ledger.spoiled(error)
            return None
        decode_ms = arrival.shot.spent_ms + (time.perf_counter_ns() - start_ns) / NS_PER_MS
        ledger.delivered()
        return Frame(image, arrival.shot.capture_ns, arrival.epoch, arrival.index, decode_ms)

    def _replace_reader(self, clock: Clock, ledger: Ledger) -> None:
        """Leave a reader that hangs to itself and start another."""
        message = f"{self._name}: no picture within {self._limits.stall_s:g} s"
        self._abandoned = [reader for reader in self._abandoned if reader.alive]
        if self._reader is None or len(self._abandoned) >= _MAX_ABANDONED:
            ledger.say(
                self._stall, f"{message}; {len(self._abandoned)} attempts hang in the driver"
            )
            return
        ledger.say(self._stall, f"{message}; opening it again")
        self._reader.stop()
        self._abandoned.append(self._reader)
        self._start_reader(clock, ledger)

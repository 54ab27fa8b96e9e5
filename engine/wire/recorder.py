"""Records a running session without ever holding it up."""

import errno
import logging
import queue
import threading
from pathlib import Path

from engine.clock import NS_PER_S, Clock, SystemClock
from engine.poses import PoseSample
from engine.wire.encoder import Wired
from engine.wire.recording_writer import Opener, RecordingWriter, open_raw
from engine.wire.records import (
    RECORDER_EDGE,
    RecordingHeader,
    SchedulerDecision,
    StreamJoined,
)

logger = logging.getLogger(__name__)

FLUSH_EVERY_S = 1.0
_JOIN_S = 10.0
# Published poses repeat the recorded inputs, so they give way first.
_SHED_FIRST = ("pose.",)
_SHED_FIRST_ABOVE = 0.75

Item = Wired | PoseSample | SchedulerDecision | StreamJoined


class Recorder:
    """Takes records from any thread and writes them in one of its own.

    `put` never waits and never fails: what does not fit is counted, and the recording itself
    says so. A full disk or another failure ends the recording, not the session; the file stays
    readable up to its last whole chunk. At most the last second is lost when the process is
    killed; a power cut may cost what the system had not yet written.

    Args:
        path: The file, usually `.mcap`.
        header: What the session is.
        clock: For times of records and the second between chunks.
        overwrite: Replace an existing file.
        capacity: Records that may wait.
        opener: How to open the file.

    Raises:
        RecordingError: The file exists or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        header: RecordingHeader,
        *,
        clock: Clock | None = None,
        overwrite: bool = False,
        capacity: int = 4096,
        opener: Opener = open_raw,
    ) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._capacity = capacity
        self._writer = RecordingWriter(path, header, overwrite=overwrite, opener=opener)
        self._queue: queue.SimpleQueue[tuple[int, Item, str] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._state = "on"
        self._lost: dict[str, int] = {}
        self._noted: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="fidget-recorder", daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """`on`, `off` after `close`, or `failed: …`; as health publishes it."""
        with self._lock:
            return self._state

    def put(self, item: Item, stream: str = "") -> None:
        """Record a message, a pose sample, a decision or a stream. Any thread.

        Args:
            item: What to record.
            stream: Of a pose sample; by default that of the header.
        """
        kind = _kind(item)
        with self._lock:
            refusal = self._refusal(item)
            if refusal:
                cause = f"{refusal}_{kind}"
                self._lost[cause] = self._lost.get(cause, 0) + 1
            else:
                self._queue.put((self._clock.now_ns(), item, stream))

    def lost(self) -> dict[str, int]:
        """What could not be taken, cause to count, e.g. `overload_message`."""
        with self._lock:
            return dict(self._lost)

    def close(self) -> None:
        """Write what waits, end the file and stop. Idempotent; never raises."""
        with self._lock:
            if self._state == "on":
                self._state = "off"
                self._queue.put(None)
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            self._stop_as_failed(f"the disk took nothing for {_JOIN_S:g} s")

    def _refusal(self, item: Item) -> str:
        if self._state != "on":
            return "stopped"
        sheds_first = isinstance(item, Wired) and item.topic.startswith(_SHED_FIRST)
        limit = self._capacity * _SHED_FIRST_ABOVE if sheds_first else self._capacity
        return "overload" if self._queue.qsize() >= limit else ""

    def _run(self) -> None:
        try:
            self._write_until_closed()
            self._writer.finish(self.lost())
        except OSError as error:
            self._fail(_disk_trouble(error))
        except BaseException as error:  # noqa: BLE001 - a thread has nobody above it to tell
            self._fail(f"{type(error).__name__}: {error}")

    def _write_until_closed(self) -> None:
        interval_ns = round(FLUSH_EVERY_S * NS_PER_S)
        due_ns = self._clock.now_ns() + interval_ns
        while True:
            wait_s = max(0.0, (due_ns - self._clock.now_ns()) / NS_PER_S)
            try:
                entry = self._queue.get(timeout=wait_s)
            except queue.Empty:
                pass
            else:
                if entry is None:
                    self._note_losses()
                    return
                self._write(*entry)
            if self._clock.now_ns() >= due_ns:
                self._note_losses()
                self._writer.flush()
                due_ns = self._clock.now_ns() + interval_ns

    def _write(self, log_ns: int, item: Item, stream: str) -> None:
        if isinstance(item, Wired):
            self._writer.write_message(item, log_ns)
        elif isinstance(item, PoseSample):
            self._writer.write_pose(item, log_ns, stream)
        elif isinstance(item, StreamJoined):
            self._writer.write_joined(item, log_ns)
        else:
            self._writer.write_decision(item, log_ns)

    def _note_losses(self) -> None:
        """The recording states its own holes, so that a killed one is honest too."""
        now_ns = self._clock.now_ns()
        lost = self.lost()
        for cause in sorted(lost):
            fresh = lost[cause] - self._noted.get(cause, 0)
            if fresh:
                decision = SchedulerDecision(
                    at_ns=now_ns, edge=RECORDER_EDGE, cause=cause, count=fresh
                )
                self._writer.write_decision(decision, now_ns)
        self._noted = lost

    def _fail(self, why: str) -> None:
        self._writer.abandon()
        self._stop_as_failed(why)

    def _stop_as_failed(self, why: str) -> None:
        message = (
            f"{why}; {self._path} ends after {self._writer.size_bytes / 1e6:.1f} MB and is "
            "readable up to there; the session goes on without a recording"
        )
        with self._lock:
            self._state = f"failed: {message}"
            self._queue = queue.SimpleQueue()  # frees what waited
            self._queue.put(None)  # ends a thread whose disk wakes up after all
        logger.error("recording stopped: %s", message)


def _kind(item: Item) -> str:
    if isinstance(item, Wired):
        return "message"
    return "decision" if isinstance(item, SchedulerDecision) else "input"


def _disk_trouble(error: OSError) -> str:
    full = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return "the disk is full" if error.errno in full else f"the disk failed: {error.strerror}"

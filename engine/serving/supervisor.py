"""Gets the best engine there is ready in the background, again and again if need be."""

import logging
import threading
from collections.abc import Callable

from engine.clock import Clock
from engine.errors import DeviceError
from engine.serving.candidates import Best, Candidates
from engine.serving.engine_group import EngineGroup
from engine.serving.limits import ServingLimits
from engine.serving.trial import Trial
from engine.step_graph import rung_of

logger = logging.getLogger(__name__)


class Stopping(Exception):  # noqa: N818 - asked for, not an error
    """The supervisor is to end: what it was doing is given up."""


Pulse = Callable[[], None]
"""Raises `Stopping` when it is time to end; called between steps of the supervisor's work."""

MakeTrial = Callable[[int, Pulse], Trial]
"""A trial for so many streams."""

TakeOver = Callable[[Best, Pulse], None]
"""Brings engines up to the present and lets them serve; raises `EngineError` if that fails."""


class Supervisor:
    """A thread that judges the candidates, hands the best over, and does so anew when it is lost.

    Every attempt starts fresh processes. After a failure it waits, longer each time. It asks again
    also when there are more streams than the engine that serves has rows.

    Args:
        candidates: Who may serve.
        make_trial: How they are judged.
        take_over: Lets one serve.
        limits: For the waits.
        clock: Time.
    """

    def __init__(
        self,
        candidates: Candidates,
        make_trial: MakeTrial,
        take_over: TakeOver,
        limits: ServingLimits,
        clock: Clock,
    ) -> None:
        self._candidates = candidates
        self._make_trial = make_trial
        self._take_over = take_over
        self._clock = clock
        self._backoff = limits.backoff()
        self._lock = threading.Lock()
        self._streams = 0
        self._room = 0
        self._settled_rows = 0
        self._lost: list[EngineGroup] = []
        self._failures = 0
        self._failure = ""
        self._told = ""
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fidget-serving", daemon=True)
        self.message = ""
        """Why the processor serves, while it does; for people. Any thread."""

    def want(self, streams: int) -> None:
        """There are so many streams now. Any thread; starts the work."""
        with self._lock:
            self._streams = streams
        self._wake.set()
        if self._thread.ident is None and not self._stopping.is_set():
            self._thread.start()

    def lose(self, group: EngineGroup, reason: str) -> None:
        """These engines serve no more: end their processes, and try again later. Any thread."""
        with self._lock:
            self._lost.append(group)
            self._room = 0
            self._failures += 1
            self.message = self._failure = reason
        self._wake.set()

    def close(self) -> None:
        """End the thread and whatever it is preparing. Idempotent."""
        self._stopping.set()
        self._candidates.cancel()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._bury()

    def _run(self) -> None:
        try:
            while True:
                self._wake.clear()
                self._bury()
                self._pulse()
                if self._failures:
                    self._pause()
                elif self._has_work():
                    self._try()
                else:
                    self._wake.wait()
        except Stopping:
            return
        except Exception:
            self.message = "what prepares backends has failed; the processor goes on"
            logger.exception("%s", self.message)

    def _pulse(self) -> None:
        if self._stopping.is_set():
            raise Stopping

    def _has_work(self) -> bool:
        with self._lock:
            rows = _rows(self._streams)
            return self._streams > self._room and rows != self._settled_rows

    def _pause(self) -> None:
        """Wait as long as one does after a failure."""
        with self._lock:
            self._failures = 0
        wait_s = self._backoff.failed(self._clock.now_ns())
        self.message = f"{self._failure}; another attempt in {wait_s:g} s"
        self._clock.wait(self._stopping, wait_s)

    def _try(self) -> None:
        with self._lock:
            streams = self._streams
        rows = _rows(streams)
        self.message = (
            f"{self._failure}; another attempt is being made"
            if self._failure
            else "other backends are being prepared"
        )
        found = self._candidates.best(self._make_trial(streams, self._pulse), rows)
        if isinstance(found, Best):
            self._hand_over(found)
            return
        self._pulse()  # what was cancelled has not failed
        if found.retry:
            self._fail(found.reason)
        else:
            self._settle(found.reason, rows)

    def _hand_over(self, best: Best) -> None:
        try:
            self._take_over(best, self._pulse)
        except DeviceError as error:
            best.group.close()
            self._fail(str(error))
        except BaseException:
            best.group.close()
            raise
        else:
            self._backoff.served(self._clock.now_ns())
            self._told = ""
            with self._lock:
                if best.group not in self._lost:  # as fast as that
                    self._room = best.group.room
                    self._failure = ""

    def _fail(self, reason: str) -> None:
        if reason != self._told:
            logger.warning("no other backend serves: %s", reason)
        self._told = reason
        with self._lock:
            self._failures += 1
            self.message = self._failure = reason

    def _settle(self, reason: str, rows: int) -> None:
        logger.info("the processor goes on: %s", reason)
        self.message, self._failure = reason, ""
        self._settled_rows = rows

    def _bury(self) -> None:
        with self._lock:
            lost, self._lost = self._lost, []
        for group in lost:
            group.close()


def _rows(streams: int) -> int:
    return max(rung_of(streams), streams)

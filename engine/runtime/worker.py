"""Named threads whose first error is kept, never lost."""

import logging
import threading
from collections.abc import Callable

from engine.errors import StageFailed

logger = logging.getLogger(__name__)


class Failure:
    """The first error of a run. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: StageFailed | None = None
        self.happened = threading.Event()

    def keep(self, stage: str, cause: BaseException) -> None:
        """Remember `cause` if it is the first; log every one."""
        with self._lock:
            known = self._first is not None and self._first.cause is cause
            if self._first is None:
                self._first = StageFailed(stage, cause)
                self._first.__cause__ = cause
        self.happened.set()
        if not known:
            logger.error("stage '%s' failed: %s: %s", stage, type(cause).__name__, cause)

    @property
    def exit_code(self) -> int:
        """Of the first error; 0 without one."""
        return self._first.exit_code if self._first else 0

    def raise_first(self) -> None:
        """Raise the first error, if there was one.

        Raises:
            StageFailed: With the stage's name and the cause.
        """
        if self._first is not None:
            raise self._first


class Worker:
    """One stage's thread.

    Args:
        name: Stage name; the thread is called `fidget-<name>`.
        body: Runs until its input ends; what it raises is kept in `failure`.
        on_exit: Always runs afterwards, whatever happened: closes the stage's output.
        failure: Where the error goes.

    Attributes:
        name: As given.
        ended: Whether it has run to its end. Any thread.
    """

    def __init__(
        self,
        name: str,
        body: Callable[[], None],
        on_exit: Callable[[], None],
        failure: Failure,
    ) -> None:
        self.name = name
        self._body = body
        self._on_exit = on_exit
        self._failure = failure
        self.ended = False
        # A daemon, so that a native call that never returns cannot keep the process alive.
        self._thread = threading.Thread(target=self._run, name=f"fidget-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False if it still runs after `timeout_s`."""
        if self._thread.ident is not None:  # it was started
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._body()
        except BaseException as error:  # noqa: BLE001 - a thread has nobody above it to tell
            self._failure.keep(self.name, error)
        finally:
            self._on_exit()
            self.ended = True

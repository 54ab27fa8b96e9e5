"""Two threads that share the work on one picture."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Job(Generic[T]):
    """Work that somebody else may begin before its result is needed.

    Args:
        work: What to do; its result must not depend on how often it is done.
        future: Of the one who may do it; None if there is nobody.
    """

    def __init__(self, work: Callable[[], T], future: "Future[T] | None") -> None:
        self._work = work
        self._future = future

    def result(self) -> T:
        """What came of it; done here and now if nobody has begun.

        Raises:
            Exception: What the work raised.
        """
        if self._future is None or self._future.cancel():
            return self._work()
        return self._future.result()

    def drop(self) -> None:
        """Its result is not needed; returns when nobody works on it."""
        if self._future is not None and not self._future.cancel():
            self._future.exception()


class Team:
    """The calling thread and, if wanted, one more.

    Args:
        helper: Whether there is one more.
    """

    def __init__(self, *, helper: bool) -> None:
        self._pool = ThreadPoolExecutor(1, "fidget-pose-helper") if helper else None
        self.offer(lambda: None).result()  # a pool starts its thread with the first work

    def offer(self, work: Callable[[], T]) -> Job[T]:
        """Let the helper do it when it has time. Results must not depend on who did it."""
        return Job(work, self._pool.submit(work) if self._pool else None)

    def together(self, mine: Callable[[], T], theirs: Callable[[], T]) -> tuple[T, T]:
        """Do one and let the helper do the other; what came of each.

        Raises:
            Exception: What one of them raised; by then nobody works on the other.
        """
        job = self.offer(theirs)
        try:
            return mine(), job.result()
        finally:
            job.drop()

    def close(self) -> None:
        """Let the helper go once it has finished. Idempotent."""
        if self._pool is not None:
            self._pool.shutdown()

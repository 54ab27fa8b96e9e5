"""A lock between processes that ends with the process that holds it, however that ends."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


# What the two calls say when somebody else holds the lock.
_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class FileLock:
    """A lock of the operating system on a file; that the file exists means nothing.

    It also keeps threads of one process apart. A process that is forked while it is held holds it,
    too.

    Args:
        path: The file; it is made, stays empty and is left behind.
        now_s: A monotonic clock.
        sleep: Takes seconds; called between two tries.
    """

    def __init__(
        self,
        path: Path,
        now_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = path
        self._now_s = now_s
        self._sleep = sleep

    @contextmanager
    def held(self, wait_s: float) -> Iterator[bool]:
        """Hold it; gives False if somebody else still holds it after `wait_s`.

        Raises:
            OSError: The file cannot be opened, or its file system knows no locks.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield self._taken(descriptor, wait_s)
        finally:
            os.close(descriptor)

    def _taken(self, descriptor: int, wait_s: float) -> bool:
        end_s = self._now_s() + wait_s
        while True:
            try:
                _try_lock(descriptor)
            except OSError as error:
                if error.errno not in _HELD:
                    raise
            else:
                return True
            if self._now_s() >= end_s:
                return False
            self._sleep(_LOOK_S)

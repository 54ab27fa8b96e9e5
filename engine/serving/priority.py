"""Building an engine must not slow what is live down."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_NICER_BY = 10


@contextmanager
def low_priority() -> Iterator[None]:
    """Give way to others while the calling thread works.

    Linux keeps a priority for each thread, and one that was lowered cannot be raised again without
    rights: so it is meant for a thread that ends afterwards. Threads it starts inherit it. Windows
    has one for the process, which may be raised again. Elsewhere (macOS) it is one for the process
    and cannot be raised again, so that the serving would suffer for good: there nothing is done.
    """
    if sys.platform == "linux":
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, min(own + _NICER_BY, 19))
        yield
    elif sys.platform == "win32":
        process = psutil.Process()
        before = process.nice()
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        try:
            yield
        finally:
            process.nice(before)
    else:
        yield

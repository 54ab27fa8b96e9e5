"""Other processes that want every core, as a busy machine has them."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_LONGEST_S = 600.0


@contextmanager
def every_core_busy() -> Iterator[tuple[int, ...]]:
    """A process that does nothing but compute for each core, meanwhile.

    Gives their process ids.
    """
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_spin, daemon=True) for _ in range(psutil.cpu_count() or 1)]
    for process in processes:
        process.start()
    try:
        yield tuple(process.pid or 0 for process in processes)
    finally:
        for process in processes:
            process.kill()
            process.join()


def _spin() -> None:
    end_s = time.monotonic() + _LONGEST_S  # ends by itself if its parent is killed
    while time.monotonic() < end_s:
        for _ in range(100_000):
            pass

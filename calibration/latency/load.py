"""Other processes that want every core, as a busy machine has them."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


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
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():  # it may be killed
        for _ in range(100_000):
            pass

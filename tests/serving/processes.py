"""Whether processes are still there, and waiting for what they do."""

import threading
from collections.abc import Callable

import psutil

PATIENT_S = 20.0


def runs(pid: int | str) -> bool:
    """Whether it runs; one that is dead and was not waited for does not."""
    try:
        return bool(psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(happened: Callable[[], bool]) -> None:
    """Look every now and then; it fails if it takes much too long."""
    pause = threading.Event()
    for _ in range(round(PATIENT_S / 0.02)):
        if happened():
            return
        pause.wait(0.02)
    raise AssertionError("it did not happen")

"""Whether processes are still there."""

import psutil


def runs(pid: int | str) -> bool:
    """Whether it runs; one that is dead and was not waited for does not."""
    try:
        return bool(psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

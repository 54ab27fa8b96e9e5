"""Ctrl-C, also where a library swallows it.

While networks load, Python code runs inside native imports that turn a `KeyboardInterrupt` into an
import error or print and drop it. So the interrupt is remembered as well as raised.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_seen = threading.Event()


def interrupted() -> bool:
    """Whether the user has asked for an end since `watched` began. Any thread."""
    return _seen.is_set()


@contextmanager
def watched() -> Iterator[None]:
    """Remember Ctrl-C for as long as a command runs. The main thread."""
    _seen.clear()
    before = signal.signal(signal.SIGINT, _remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _remember(_number: int, _frame: FrameType | None) -> None:
    _seen.set()
    raise KeyboardInterrupt

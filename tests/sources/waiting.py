"""Bounded waits of real time for what another thread does."""

import time
from collections.abc import Callable
from typing import TypeVar

from engine.frames import Frame
from plugins.sources.reconnecting import ReconnectingSource

ResultT = TypeVar("ResultT")
PATIENCE_S = 20.0


def eventually(probe: Callable[[], ResultT | None], patience_s: float = PATIENCE_S) -> ResultT:
    """Call `probe` until it gives something true."""
    until_s = time.monotonic() + patience_s
    while time.monotonic() < until_s:
        result = probe()
        if result:
            return result
        time.sleep(0.002)
    raise AssertionError(f"did not happen within {patience_s:g} s")


def next_frame(source: ReconnectingSource) -> Frame:
    """The next frame, whatever trouble comes before it."""
    return eventually(lambda: source.read(0.0))

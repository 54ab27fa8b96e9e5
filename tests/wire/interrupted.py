"""Interrupts an inbox at any moment: `python -m tests.wire.interrupted`.

A process of its own, as a signal may come to any thread, and not every library's can bear that.
"""

import signal
from contextlib import suppress
from random import Random
from types import FrameType

from engine.wire.received import Inbox, Received
from tests.wire import samples

_TIMES = 3000
# From at once to well into the second wait.
_SOONEST_S, _LATEST_S = 1e-6, 6e-5


class _InterruptError(Exception):
    """What stands for Ctrl-C."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise _InterruptError


def main() -> None:
    """Raises what an interrupt became if that is not itself, and if the inbox broke."""
    inbox, random = Inbox(2), Random(0)
    signal.signal(signal.SIGALRM, _interrupt)
    for _ in range(_TIMES):
        with suppress(_InterruptError):
            signal.setitimer(signal.ITIMER_REAL, random.uniform(_SOONEST_S, _LATEST_S))
            while True:
                inbox.get(1e-6)
    item = Received("a.", samples.wire(samples.encoder(), "log").message, 0, 0)
    inbox.put(item)
    assert inbox.get(0) == item


if __name__ == "__main__":
    main()

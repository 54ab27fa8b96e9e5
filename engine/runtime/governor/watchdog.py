"""Calls that do not return."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """A stage at work on something.

    Attributes:
        number: Of its own in the session.
        stage: Name of the stage.
        start_ns: When it began, monotonic.
        level: Degrade level it began at.
    """

    number: int
    stage: str
    start_ns: int
    level: int


class Watchdog:
    """Tells, once a call, which stage has been inside one for longer than its bound.

    A stage may have several calls at a time. Any thread: one lock guards the state.

    Args:
        bounds_ns: Stage to the longest a call may take.
    """

    def __init__(self, bounds_ns: Mapping[str, int]) -> None:
        self._lock = threading.Lock()
        self._bounds_ns = dict(bounds_ns)
        self._open: dict[int, Call] = {}
        self._told: set[int] = set()
        self._count = 0

    def begin(self, stage: str, now_ns: int, level: int = 0) -> Call:
        """A call begins now; give what this returns to `end`."""
        with self._lock:
            call = Call(self._count, stage, now_ns, level)
            self._count += 1
            self._open[call.number] = call
            return call

    def end(self, call: Call) -> bool:
        """The call has returned, raised, or been given up.

        Returns:
            False if it had ended before.
        """
        with self._lock:
            self._told.discard(call.number)
            return self._open.pop(call.number, None) is not None

    def overdue(self, now_ns: int) -> list[Call]:
        """Calls past their bound that were not told before, oldest first."""
        with self._lock:
            late = [call for call in self._open.values() if self._is_new(call, now_ns)]
            self._told.update(call.number for call in late)
            return late

    def stuck(self) -> tuple[str, ...]:
        """Stages with a call that was told and has not ended, by name."""
        with self._lock:
            return tuple(sorted({self._open[number].stage for number in self._told}))

    def _is_new(self, call: Call, now_ns: int) -> bool:
        over = now_ns - call.start_ns > self._bounds_ns[call.stage]
        return over and call.number not in self._told

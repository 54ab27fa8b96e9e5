"""The processor in this process, its time watched."""

import logging
from typing import Protocol

import numpy as np

from engine.clock import Clock
from engine.errors import DeviceError, ModelError, StepAborted
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.watchdog import Watchdog

logger = logging.getLogger(__name__)

_ATTEMPTS = 2
_GIVEN_UP_AT_MOST = 8
_ROWS_WITHIN_BOUND = 32
_REBUILT_TOGETHER = 8


class Backlog(Protocol):
    """Engines, and the ticks that they have to run before a new one: `Follower`, `MissedTicks`.

    Attributes:
        group: The engines.
    """

    group: EngineGroup

    def missing(self, wanted: Bools) -> int:
        """Ticks that the row furthest behind lacks, of those wanted, `(S,)`."""
        ...

    def read_missing(self, wanted: Bools) -> tuple[F32, Bools]:
        """The next tick of every wanted row that lacks one, `(S, …)`, and which these are."""
        ...

    def catch_up(self, x: F32, active: Bools) -> None:
        """Run what `read_missing` gave.

        Raises:
            StepAborted: Rows that had taken the tick are further now, others are not.
            EngineError: The engines are of no more use.
        """
        ...

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """Run a new tick; the active rows are to lack none.

        Raises:
            StepAborted, EngineError: See `catch_up`.
        """
        ...


class WatchedProcessor:
    """Steps the engines of a backlog and never takes much longer than the bound for it.

    A step that takes longer is aborted and tried once more. Aborted twice, the tick is given up:
    its rows are NaN, which a recogniser passes on as classes that it abstains from; it is counted
    and logged. A live session goes on, which an error would end, and it goes on at once, which a
    third attempt would not. No memory is lost by it: the caller keeps the tick in the backlog, and
    the next step runs it first. More than eight in a row are an error: the processor cannot do what
    it is asked to.

    Args:
        backlog: The engines and what they lack; the caller adds to it what is `late`.
        name: Of what they run, for messages.
        bound_ms: For up to 32 rows; more take proportionally longer.
        clock: Time.
    """

    def __init__(self, backlog: Backlog, name: str, bound_ms: float, clock: Clock) -> None:
        self._backlog = backlog
        self._name = name
        self._bound_ms = bound_ms
        self._group = backlog.group
        self._watchdog = Watchdog("processor", bound_ms, self._group.abort, clock)
        self._in_a_row = 0
        self.late: Bools | None = None
        """Rows whose tick was given up by the latest step, `(S,)`; None if all got theirs."""
        self.given_up = 0
        """Ticks that were given up."""

    def reserve(self, streams: int) -> None:
        """Have at least so many rows.

        Raises:
            ModelError: See `Backend.open`.
        """
        self._group.reserve(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """Let the active rows run what they lack, then a new tick.

        To rebuild what was not stepped for long takes the receptive field of steps. With the
        shipped model, on one core of an AMD EPYC with AVX-512: 0.04 s for one stream, 0.09 s for 8,
        0.7 s for 64 (0.85 s if not rebuilt a few rows at a time).

        Returns:
            As `StepEngine.outputs`; NaN in active rows whose tick was given up.

        Raises:
            ModelError: It broke, or has given up too many ticks in a row.
        """
        try:
            outputs, self.late = self._run(x, active)
        except DeviceError as error:
            raise ModelError(f"the processor cannot run {self._name}: {error}") from error
        if self.late is None:
            self._in_a_row = 0
            return outputs
        self._give_up(int(self.late.sum()))
        return tuple(_without(output, self.late) for output in outputs)

    def close(self) -> None:
        """Free it. Idempotent."""
        self._watchdog.close()
        self._group.close()

    def _run(self, x: F32, active: Bools) -> tuple[tuple[F32, ...], Bools | None]:
        """Outputs, and the rows that did not get theirs."""
        if not self._backlog.missing(active):
            return self._attempted(x, active)
        left = active & self._brought_on(active)
        outputs, undone = self._attempted(x, left)
        late = active & ~left if undone is None else active & (~left | undone)
        return outputs, late if late.any() else None

    def _brought_on(self, active: Bools) -> Bools:
        """Which rows lack nothing now; the others were given up.

        A few rows at a time: their memory stays in the caches for all their ticks.
        """
        done = np.ones(len(active), np.bool_)
        for start in range(0, len(active), _REBUILT_TOGETHER):
            wanted = np.zeros(len(active), np.bool_)
            wanted[start : start + _REBUILT_TOGETHER] = active[start : start + _REBUILT_TOGETHER]
            done[wanted] = self._rebuilt(wanted)
        return done

    def _rebuilt(self, wanted: Bools) -> bool:
        aborted = 0
        while self._backlog.missing(wanted):
            x, active = self._backlog.read_missing(wanted)
            try:
                with self._watchdog.watching():
                    self._backlog.catch_up(x, active)
                aborted = 0
            except StepAborted:
                aborted += 1
                if aborted == _ATTEMPTS:
                    return False
        return True

    def _attempted(self, x: F32, active: Bools) -> tuple[tuple[F32, ...], Bools | None]:
        """Outputs, and the active rows that do not have theirs, None if all do."""
        left = active
        for _ in range(_ATTEMPTS):
            try:
                with self._watchdog.watching(np.count_nonzero(left) / _ROWS_WITHIN_BOUND):
                    return self._backlog.step(x, left), None
            except StepAborted:
                left = left.copy()
                left[: self._group.taken] = False
        return self._group.outputs(len(x)), left

    def _give_up(self, streams: int) -> None:
        self.given_up += 1
        self._in_a_row += 1
        told = f"the processor did not finish a tick of {streams} streams within its bound"
        if self._in_a_row > _GIVEN_UP_AT_MOST:
            raise ModelError(
                f"{told} of {self._bound_ms:g} ms, {self._in_a_row} times in a row; each was "
                "tried twice. Run fewer streams, or leave it more of the machine"
            )
        logger.warning("%s: its scores are left out", told)


def _without(output: F32, late: Bools) -> F32:
    told = output.copy()
    told[late] = np.nan
    return told

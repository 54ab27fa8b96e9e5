"""The processor in this process: what serves when nothing else does, its time watched."""

import logging

import numpy as np

from engine.backends import Backend
from engine.clock import Clock
from engine.errors import DeviceError, ModelError, StepAborted
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.serving.follower import Follower
from engine.serving.history import TickHistory
from engine.serving.watchdog import Watchdog
from engine.step_graph import StepGraph

logger = logging.getLogger(__name__)

_ATTEMPTS = 2
_GIVEN_UP_AT_MOST = 8
_ROWS_WITHIN_BOUND = 32
_REBUILT_TOGETHER = 8


class WatchedProcessor:
    """Steps a follower of the history and never takes much longer than the bound for it.

    A step that takes longer is aborted and tried once more. Aborted twice, the tick is given up:
    its rows are NaN, which a recogniser passes on as classes that it abstains from; it is counted
    and logged. A live session goes on, which an error would end, and it goes on at once, which a
    third attempt would not. No memory is lost by it: the tick is in the history, and the next step
    runs it first. Eight in a row are an error: the processor cannot do what it is asked to.

    Args:
        backend: Of the processor.
        graph: What it runs.
        history: What it follows.
        bound_ms: For up to 32 rows; more take proportionally longer.
        clock: Time.
    """

    def __init__(
        self,
        backend: Backend,
        graph: StepGraph,
        history: TickHistory,
        bound_ms: float,
        clock: Clock,
    ) -> None:
        self._graph = graph
        self._bound_ms = bound_ms
        self._group = EngineGroup(backend, graph)
        self._follower = Follower(self._group, history, graph)
        self._watchdog = Watchdog("processor", bound_ms, self._group.abort, clock)
        self._in_a_row = 0
        self.given_up = 0
        """Ticks that were given up."""

    def reserve(self, streams: int) -> None:
        """Have at least so many rows.

        Raises:
            ModelError: See `Backend.open`.
        """
        self._group.reserve(streams)

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """Bring the active rows up to the history, then run a tick that it does not have yet.

        To rebuild what was not stepped for long takes the receptive field of steps. With the
        shipped model, on one core of an AMD EPYC with AVX-512: 0.04 s for one stream, 0.09 s for 8,
        0.7 s for 64 (0.85 s if not rebuilt a few rows at a time).

        Returns:
            As `StepEngine.outputs`; NaN in active rows whose tick was given up.

        Raises:
            ModelError: It broke, or has given up too many ticks in a row.
        """
        try:
            left = active & self._brought_on(active)
            late = active & ~left
            outputs, undone = self._attempted(x, left)
        except DeviceError as error:
            raise ModelError(f"the processor cannot run {self._graph.name}: {error}") from error
        late |= undone
        if not late.any():
            self._in_a_row = 0
            return outputs
        self._give_up(late)
        return tuple(_without(output, late) for output in outputs)

    def close(self) -> None:
        """Free it. Idempotent."""
        self._watchdog.close()
        self._group.close()

    def _brought_on(self, active: Bools) -> Bools:
        """Which rows lack nothing now; the others were given up.

        A few rows at a time: their memory stays in the caches for all their ticks.
        """
        done = np.ones(len(active), np.bool_)
        if not self._follower.missing(active):
            return done
        for start in range(0, len(active), _REBUILT_TOGETHER):
            wanted = np.zeros(len(active), np.bool_)
            wanted[start : start + _REBUILT_TOGETHER] = active[start : start + _REBUILT_TOGETHER]
            done[wanted] = self._rebuilt(wanted)
        return done

    def _rebuilt(self, wanted: Bools) -> bool:
        aborted = 0
        while self._follower.missing(wanted):
            x, active = self._follower.read_missing(wanted)
            try:
                with self._watchdog.watching():
                    self._follower.catch_up(x, active)
                aborted = 0
            except StepAborted:
                aborted += 1
                if aborted == _ATTEMPTS:
                    return False
        return True

    def _attempted(self, x: F32, active: Bools) -> tuple[tuple[F32, ...], Bools]:
        """Outputs, and the active rows that do not have theirs."""
        left = active.copy()
        outputs: tuple[F32, ...] = ()
        for _ in range(_ATTEMPTS):
            try:
                with self._watchdog.watching(int(left.sum()) / _ROWS_WITHIN_BOUND):
                    outputs = self._follower.step(x, left)
                return outputs, np.zeros(len(x), np.bool_)
            except StepAborted:
                left[: self._group.taken] = False
        return self._group.outputs(len(x)), left

    def _give_up(self, late: Bools) -> None:
        self.given_up += 1
        self._in_a_row += 1
        told = f"the processor did not finish a tick of {late.sum()} streams within its bound"
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

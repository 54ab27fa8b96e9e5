"""A fixed trajectory on which an engine is compared with the processor, and timed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.backends import Backend
from engine.clock import NS_PER_MS, NS_PER_S, Clock
from engine.poses import F32, Bools
from engine.serving.engine_group import EngineGroup
from engine.step_graph import StepGraph

_COMPARED = 4
_BEYOND_MEMORY = 64
_TIMED, _TIMED_AT_LEAST, _TIMED_FOR_S = 100, 10, 1.0
# The time of the processor grows with the streams once their memory is beyond its caches.
_PROCESSOR_TIMED = 64


@dataclass(frozen=True)
class Difference:
    """Of outputs from those of the processor.

    Attributes:
        largest: Of any output at any tick.
        mean: Over all.
    """

    largest: float
    mean: float


@dataclass(frozen=True)
class StepTimes:
    """What a step takes, in milliseconds, as the caller sees it.

    Attributes:
        p50: Median.
        p99: 99th percentile of what was timed, which with few steps is the longest.
    """

    p50: float
    p99: float


class Trial:
    """Four streams of noise, the same each time, that idle at times; one of them is reset.

    In the thread that calls. Uses an engine of the processor of its own, so that the one that
    serves goes on meanwhile.

    Args:
        graph: What is run.
        processor: Makes the reference.
        streams: How many are to be timed.
        clock: Time.
        ticks: How many to compare; 0 is the receptive field and 64 more, so that whatever an
            engine remembers has come from itself.
        pulse: Called between steps; what it raises ends the trial.
    """

    def __init__(
        self,
        graph: StepGraph,
        processor: Backend,
        streams: int,
        clock: Clock,
        ticks: int = 0,
        pulse: Callable[[], None] = lambda: None,
    ) -> None:
        self.graph = graph
        self.streams = streams
        self._processor = processor
        self._clock = clock
        self._pulse = pulse
        count = ticks or graph.receptive_field + _BEYOND_MEMORY
        rng = np.random.default_rng(0)
        shape = (count, _COMPARED, *graph.row)
        self._x: F32 = rng.normal(0.0, 0.5, shape).astype(np.float32)
        tick, row = np.ogrid[:count, :_COMPARED]
        self._active: Bools = (tick + row) % 7 != 0
        self._reset_at = count // 2

    def compare(self, group: EngineGroup) -> Difference:
        """How far an engine is from the processor.

        Args:
            group: Has room for the streams; its memory is empty, and is again afterwards.

        Raises:
            EngineError: It failed.
        """
        places = sorted({0, 1, 2, group.room - 1} & set(range(group.room)))
        given = self._run(group, places)
        errors = [
            np.abs(one - other[: len(one)])
            for one, other in zip(given, self._reference, strict=True)
        ]
        flat = np.concatenate([error.ravel() for error in errors])
        return Difference(float(flat.max()), float(flat.mean()))

    def time(self, group: EngineGroup) -> StepTimes:
        """What a tick of all streams takes; the memory is empty before and after.

        Raises:
            EngineError: It failed.
        """
        return self._timed(group, self.streams)

    @cached_property
    def processor_times(self) -> StepTimes:
        """The same for the processor; of more than 64 streams it is extrapolated."""
        rows = min(self.streams, _PROCESSOR_TIMED)
        group = self._on_processor(rows)
        try:
            times = self._timed(group, rows)
        finally:
            group.close()
        scale = self.streams / rows
        return StepTimes(times.p50 * scale, times.p99 * scale)

    @cached_property
    def _reference(self) -> list[F32]:
        group = self._on_processor(_COMPARED)
        try:
            return self._run(group, list(range(_COMPARED)))
        finally:
            group.close()

    def _on_processor(self, rows: int) -> EngineGroup:
        group = EngineGroup(self._processor, self.graph)
        group.reserve(rows)
        return group

    def _run(self, group: EngineGroup, places: list[int]) -> list[F32]:
        """For each output what it was in the rows at `places`: `(P, T, n)`, idle ticks zero."""
        x = np.zeros((group.room, *self.graph.row), np.float32)
        active = np.zeros(group.room, np.bool_)
        shapes = [(len(places), len(self._x), *row) for _, row in self.graph.outputs]
        given = [np.zeros(shape, np.float32) for shape in shapes]
        for tick, (rows, on) in enumerate(zip(self._x, self._active, strict=True)):
            self._pulse()
            if tick == self._reset_at:
                group.reset(places[0])
            x[places], active[places] = rows[: len(places)], on[: len(places)]
            for into, output in zip(given, group.step(x, active), strict=True):
                into[:, tick] = np.where(active[places, None], output[places], 0.0)
        _forget(group)
        return given

    def _timed(self, group: EngineGroup, rows: int) -> StepTimes:
        x = np.resize(self._x, (rows, *self.graph.row)).astype(np.float32)
        active = np.ones(rows, np.bool_)
        took_ms: list[float] = []
        begin_ns = self._clock.now_ns()
        while len(took_ms) < _TIMED:
            self._pulse()
            start_ns = self._clock.now_ns()
            group.step(x, active)
            end_ns = self._clock.now_ns()
            took_ms.append((end_ns - start_ns) / NS_PER_MS)
            if len(took_ms) >= _TIMED_AT_LEAST and end_ns - begin_ns > _TIMED_FOR_S * NS_PER_S:
                break
        _forget(group)
        p50, p99 = np.percentile(took_ms, [50, 99])
        return StepTimes(float(p50), float(p99))


def _forget(group: EngineGroup) -> None:
    for row in range(group.room):
        group.reset(row)

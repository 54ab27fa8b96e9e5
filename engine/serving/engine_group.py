"""Rows of streams over engines that are added as streams are."""

import numpy as np

from engine.backends import Backend, StepEngine
from engine.poses import F32, Bools
from engine.step_graph import StepGraph, rung_of


class EngineGroup:
    """Engines of one backend side by side, used as if they were one.

    Room grows by rungs (`engine.step_graph.RUNGS`), so that adding streams one by one does not make
    an engine each.

    Args:
        backend: Makes the engines.
        graph: What they run.
    """

    def __init__(self, backend: Backend, graph: StepGraph) -> None:
        self._backend = backend
        self._graph = graph
        self._engines: list[StepEngine] = []
        self._rows: list[slice] = []
        self._joined: tuple[F32, ...] = ()
        self.taken = 0
        """How many of the first rows have had the tick of the latest step, also if it raised."""

    @property
    def room(self) -> int:
        """Rows there are."""
        return self._rows[-1].stop if self._rows else 0

    def reserve(self, streams: int) -> None:
        """Have at least so many rows.

        Raises:
            ModelError, DeviceError: See `Backend.open`; what was there before still is.
        """
        while self.room < streams:
            missing = max(rung_of(streams), streams) - self.room
            engine = self._backend.open(self._graph, missing)
            start = self.room
            self._engines.append(engine)
            self._rows.append(slice(start, start + engine.streams))
        self._joined = self._arrays()

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """One tick of the first rows; engines without an active row are left alone.

        Args:
            x: `(S, …)`, at most as many rows as there are.
            active: `(S,)`.

        Returns:
            `(S, n)` for each output, overwritten by the next step.

        Raises:
            StepAborted, EngineError: See `StepEngine.step`; the rows `taken` have gone on. After an
                abort the same tick may be run for the others.
        """
        streams, self.taken = len(x), 0
        for engine, rows in zip(self._engines, self._rows, strict=True):
            count = min(streams, rows.stop) - rows.start
            if count > 0 and active[rows].any():
                self._step(engine, x[rows.start : rows.start + count], active[rows][:count])
            self.taken = min(streams, rows.stop)
        return self.outputs(streams)

    def outputs(self, streams: int) -> tuple[F32, ...]:
        """What the latest step gave the first rows, also if it was aborted: see `taken`."""
        if len(self._engines) > 1:
            self._join()
        return tuple(output[:streams] for output in self._joined)

    def reset(self, stream: int) -> None:
        """Let one row forget everything."""
        for engine, rows in zip(self._engines, self._rows, strict=True):
            if rows.start <= stream < rows.stop:
                engine.reset(stream - rows.start)

    def abort(self) -> None:
        """See `StepEngine.abort`."""
        for engine in self._engines:
            engine.abort()

    def close(self) -> None:
        """Free the engines. Idempotent."""
        for engine in self._engines:
            engine.close()
        self._engines, self._rows, self._joined = [], [], ()

    def _step(self, engine: StepEngine, x: F32, active: Bools) -> None:
        count = len(x)
        engine.x[:count] = x
        if count < engine.streams:
            padded = np.zeros(engine.streams, np.bool_)
            padded[:count] = active
            active = padded
        engine.step(active)

    def _arrays(self) -> tuple[F32, ...]:
        """The engine's own arrays if there is one, else arrays for all."""
        if len(self._engines) == 1:
            return self._engines[0].outputs
        shapes = [row for _, row in self._graph.outputs]
        return tuple(np.zeros((self.room, *row), np.float32) for row in shapes)

    def _join(self) -> None:
        for engine, rows in zip(self._engines, self._rows, strict=True):
            for into, output in zip(self._joined, engine.outputs, strict=True):
                into[rows] = output

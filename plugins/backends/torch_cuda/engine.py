"""An engine that keeps the streams' memory on the device and gives only what goes in and out."""

import numpy as np
import torch
from torch import Tensor

from engine.errors import EngineError
from engine.poses import F32, Bools
from engine.step_graph import StepGraph
from plugins.backends.torch_cuda.lanes import Lane
from plugins.backends.torch_cuda.precision import DTYPES, Precision, arithmetic
from plugins.backends.torch_cuda.program import Program


class TorchEngine:
    """A `StepEngine` in torch.

    The memory lies in two sets of tensors: a tick reads one and writes the other, and only when
    its result has come do they change places. So one that broke off, wherever, has changed nothing.
    Input and activity go over in one transfer, and all outputs come back in one.

    Args:
        graph: What to run, checked (`program.check`).
        streams: How many.
        lane: Where.
        precision: Of arithmetic and memory; outputs are float32.

    Raises:
        ModelError: The graph cannot be run.
        RuntimeError: The device failed (torch's own error).
    """

    def __init__(self, graph: StepGraph, streams: int, lane: Lane, precision: Precision) -> None:
        self.streams = streams
        self.lane = lane
        self._name = graph.name
        self._dtype = DTYPES[precision]
        with lane.active(), arithmetic(precision):
            self._program = Program(graph, lane.device, self._dtype)
            self._states = tuple([self._zeros(row) for _, row in graph.states] for _ in range(2))
            self._given = _Shared(lane, streams, (graph.row, ()))
            self._told = _Shared(lane, streams, tuple(row for _, row in graph.outputs))
            lane.prepare((lambda: self._tick(0), lambda: self._tick(1)))
        self._turn = 0
        self._closed = False
        self._forget()
        self.x, self._active = self._given.arrays
        self.outputs = self._told.arrays

    def step(self, active: Bools) -> None:
        """See `StepEngine.step`."""
        if self._closed:
            raise EngineError(f"the engine of {self._name} is closed and cannot step")
        self._active[:] = active
        try:
            self.lane.run(self._turn)
        except RuntimeError as error:
            raise EngineError(f"torch broke while running {self._name}: {error}") from error
        self._turn = 1 - self._turn

    def reset(self, stream: int) -> None:
        """See `StepEngine.reset`.

        Raises:
            EngineError: The device is of no more use.
        """
        try:
            with self.lane.active():
                for state in self._states[self._turn]:
                    state[stream].zero_()
        except RuntimeError as error:
            raise EngineError(f"torch broke while resetting {self._name}: {error}") from error

    def abort(self) -> None:
        """See `StepEngine.abort`: what a GPU has begun it finishes."""

    def close(self) -> None:
        """See `StepEngine.close`."""
        self._closed = True
        self.lane.close()
        self._states = ([], [])

    def _tick(self, before: int) -> None:
        self._given.upload()
        x, active = self._given.tensors
        old, into = self._states[before], self._states[1 - before]
        outputs, states = self._program(x.to(self._dtype), old)
        for target, new, kept in zip(into, states, old, strict=True):
            stepped = (active != 0).view(-1, *[1] * (target.ndim - 1))
            torch.where(stepped, new, kept, out=target)
        for given, output in zip(self._told.tensors, outputs, strict=True):
            given.copy_(output)
        self._told.download()

    def _forget(self) -> None:
        with self.lane.active():
            for states in self._states:
                for state in states:
                    state.zero_()

    def _zeros(self, row: tuple[int, ...]) -> Tensor:
        return torch.zeros(self.streams, *row, dtype=self._dtype, device=self.lane.device)


class _Shared:
    """Arrays that the processor and the device both have, next to each other in memory."""

    def __init__(self, lane: Lane, streams: int, rows: tuple[tuple[int, ...], ...]) -> None:
        shapes = [(streams, *row) for row in rows]
        self._ours, self._theirs = lane.shared(sum(int(np.prod(shape)) for shape in shapes))
        self.arrays: tuple[F32, ...] = tuple(part.numpy() for part in _parts(self._ours, shapes))
        self.tensors = _parts(self._theirs, shapes)

    def upload(self) -> None:
        self._theirs.copy_(self._ours, non_blocking=True)

    def download(self) -> None:
        self._ours.copy_(self._theirs, non_blocking=True)


def _parts(whole: Tensor, shapes: list[tuple[int, ...]]) -> tuple[Tensor, ...]:
    parts = torch.split(whole, [int(np.prod(shape)) for shape in shapes])
    return tuple(part.view(shape) for part, shape in zip(parts, shapes, strict=True))

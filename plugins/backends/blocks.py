"""Engines of the processor: streams in blocks of a few, each with two sets of memory."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from engine.poses import F32, Bools
from engine.step_graph import INPUT, NEXT, StepGraph

BLOCK = 8
"""Streams that are run together. More are slower: their memory outgrows the cache (docs)."""

# Up to here one at a time is as fast as a block with idle rows.
_SINGLES = 3

Arrays = dict[str, F32]


class BlockRuntime(Protocol):
    """A runtime that can run a graph on arrays that stay where they are."""

    def bind(self, streams: int, inputs: Arrays, outputs: Arrays) -> Callable[[], None]:
        """A call that runs the graph once, from these arrays to those, all `(streams, …)`.

        What it raises of its own accord becomes an `EngineError`.
        """
        ...

    def abort(self) -> None:
        """Make a call that is running raise `StepAborted` soon. Any thread."""
        ...

    def close(self) -> None:
        """Free the runtime. Idempotent."""
        ...


class BlockEngine:
    """A `StepEngine` of the processor; nothing is allocated or copied between ticks.

    The memory lies in two sets of arrays: a block reads one and writes the other, the next time
    the other way round. Blocks without an active stream are not run. Idle rows of one that is run
    are copied over, which costs a tenth of a step each.

    Args:
        runtime: Runs the graph.
        graph: What to run.
        streams: How many.
    """

    def __init__(self, runtime: BlockRuntime, graph: StepGraph, streams: int) -> None:
        self.streams = streams
        self.x = _zeros(streams, graph.row)
        outputs = {name: _zeros(streams, row) for name, row in graph.outputs}
        self.outputs = tuple(outputs.values())
        self._runtime = runtime
        self._states = tuple(
            {name: _zeros(streams, row) for name, row in graph.states} for _ in range(2)
        )
        self._blocks = [
            _Block(runtime, rows, {INPUT: self.x}, outputs, self._states)
            for rows in _rows_of_blocks(streams)
        ]
        self._run_all(np.ones(streams, np.bool_))
        for stream in range(streams):
            self.reset(stream)

    def step(self, active: Bools) -> None:
        """See `StepEngine.step`."""
        self._run_all(active)

    def reset(self, stream: int) -> None:
        """See `StepEngine.reset`."""
        for states in self._states:
            for state in states.values():
                state[stream] = 0.0

    def abort(self) -> None:
        """See `StepEngine.abort`."""
        self._runtime.abort()

    def close(self) -> None:
        """See `StepEngine.close`."""
        self._blocks = []
        self._runtime.close()

    def _run_all(self, active: Bools) -> None:
        done: list[_Block] = []
        try:
            for block in self._blocks:
                own = active[block.rows]
                count = np.count_nonzero(own)  # a tenth of what `any` and `all` take
                if count:
                    block.run(own, some_idle=count < len(own))
                    done.append(block)
        except BaseException:
            for block in done:
                block.undo()
            raise


class _Block:
    """A few streams, run together."""

    def __init__(
        self,
        runtime: BlockRuntime,
        rows: slice,
        inputs: Arrays,
        outputs: Arrays,
        states: tuple[Arrays, ...],
    ) -> None:
        self.rows = rows
        self._states = tuple({n: state[rows] for n, state in own.items()} for own in states)
        count = rows.stop - rows.start
        own_inputs = {name: array[rows] for name, array in inputs.items()}
        own_outputs = {name: array[rows] for name, array in outputs.items()}
        self._runs = tuple(
            runtime.bind(
                count,
                own_inputs | self._states[before],
                own_outputs | {NEXT + name: s for name, s in self._states[1 - before].items()},
            )
            for before in (0, 1)
        )
        self._turn = 0

    def run(self, active: Bools, *, some_idle: bool) -> None:
        """A tick of the active rows; the others remember what they did."""
        self._runs[self._turn]()
        if some_idle:
            idle = ~active
            for name, before in self._states[self._turn].items():
                self._states[1 - self._turn][name][idle] = before[idle]
        self._turn = 1 - self._turn

    def undo(self) -> None:
        """Back to before the last `run`, whose memory is still there."""
        self._turn = 1 - self._turn


def _rows_of_blocks(streams: int) -> list[slice]:
    whole, rest = divmod(streams, BLOCK)
    sizes = [BLOCK] * whole + ([1] * rest if rest <= _SINGLES else [rest])
    ends = np.cumsum(sizes).tolist()
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]


def _zeros(streams: int, row: tuple[int, ...]) -> F32:
    return np.zeros((streams, *row), np.float32)

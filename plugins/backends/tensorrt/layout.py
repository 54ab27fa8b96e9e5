"""What goes into an engine for a fixed number of streams and what comes out."""

from dataclasses import dataclass
from math import prod

import numpy as np

from engine.step_graph import INPUT, NEXT, StepGraph

ACTIVE = "active"
"""An input the graph does not have: which rows have a tick now, `(S,)` bool."""

_OUTPUT_TYPE = np.dtype(np.float32)


@dataclass(frozen=True)
class Tensor:
    """One input or output.

    Attributes:
        name: As in the graph.
        shape: Streams first.
        dtype: Of an element.
    """

    name: str
    shape: tuple[int, ...]
    dtype: "np.dtype[np.float32] | np.dtype[np.bool_]" = _OUTPUT_TYPE

    @property
    def size(self) -> int:
        """In bytes."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def row_size(self) -> int:
        """Of one stream, in bytes."""
        return self.size // self.shape[0]


class Layout:
    """All tensors of an engine.

    Args:
        graph: What it runs.
        streams: How many, S.

    Attributes:
        streams: As given.
        x: The tick.
        active: Which rows have one.
        states: What is remembered; `NEXT + name` is what it becomes.
        outputs: What a step gives, without the states.
    """

    def __init__(self, graph: StepGraph, streams: int) -> None:
        self.streams = streams
        self.x = Tensor(INPUT, (streams, *graph.row))
        self.active = Tensor(ACTIVE, (streams,), np.dtype(np.bool_))
        self.states = tuple(Tensor(name, (streams, *row)) for name, row in graph.states)
        self.outputs = tuple(Tensor(name, (streams, *row)) for name, row in graph.outputs)

    @property
    def inputs(self) -> dict[str, Tensor]:
        """Of the engine, by name."""
        return {tensor.name: tensor for tensor in (self.x, self.active, *self.states)}

    @property
    def results(self) -> dict[str, Tensor]:
        """Outputs of the engine, the next states among them, by name."""
        after = [Tensor(NEXT + state.name, state.shape) for state in self.states]
        return {tensor.name: tensor for tensor in (*self.outputs, *after)}

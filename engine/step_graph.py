"""A network that takes one tick at a time, its memory explicit: what a backend runs."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from engine.variant import Variant

STREAMS = "streams"
"""Name of the first axis of every input and output: how many streams a step takes."""

INPUT = "x"
STATE = "state_"
NEXT = "next_"
"""The output `next_state_0` is what the input `state_0` must be at the next tick."""

RUNGS = (1, 8, 64, 256, 1024)
"""Numbers of streams that engines with fixed shapes are built for."""

Shapes = tuple[tuple[str, tuple[int, ...]], ...]
"""Names with the shape of one stream's row."""


@dataclass(frozen=True)
class StepGraph:
    """An ONNX graph `(x, state_0, …) -> (outputs, next_state_0, …)`, float32, first axis free.

    A stream that has seen nothing remembers zeros.

    Attributes:
        name: For messages, usually the file.
        onnx: The file's bytes.
        row: Shape of one stream's input.
        outputs: What a step gives, without the states.
        states: What is remembered.
        receptive_field: Ticks that can influence one output. Whatever a stream remembers can be
            made anew from so many of its last ticks.
        variant: What it says about itself if it is in another precision than float32. Inputs,
            outputs and states are float32 all the same.
    """

    name: str
    onnx: bytes
    row: tuple[int, ...]
    outputs: Shapes
    states: Shapes
    receptive_field: int
    variant: Variant | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file, hex."""
        return hashlib.sha256(self.onnx).hexdigest()

    @property
    def precision(self) -> str:
        """Of weights and arithmetic, as in the file; empty for float32."""
        return self.variant.precision if self.variant is not None else ""


def rung_of(streams: int) -> int:
    """The smallest rung with room for so many streams; the largest if there is none."""
    return next((rung for rung in RUNGS if rung >= streams), RUNGS[-1])

"""What a process that hosts an engine and the one that started it say to one another.

A message is one msgpack map with a tag. `Step` is followed by `S` rows of input, `Stepped` by each
output, as raw float32. Nothing is ever pickled.
"""

from collections.abc import Callable
from typing import TypeAlias

import msgspec
from msgspec import Struct

from engine.serving.backend_spec import BackendSpec
from engine.step_graph import StepGraph


class Ready(Struct, frozen=True, tag=True):
    """The process has started and listens."""


class Open(Struct, frozen=True, tag=True):
    """Make an engine; answered by `Opened` or `Failed`.

    Attributes:
        backend: What makes it.
        graph: What it is to run.
        streams: How many rows it is to have.
    """

    backend: BackendSpec
    graph: StepGraph
    streams: int


class Opened(Struct, frozen=True, tag=True):
    """The engine is there.

    Attributes:
        streams: How many rows it has.
    """

    streams: int


class Step(Struct, frozen=True, tag=True):
    """Run a tick; the rows follow. Answered by `Stepped` or `Failed`.

    Attributes:
        active: A byte a row.
        resets: Rows that are to forget everything before.
    """

    active: bytes
    resets: tuple[int, ...]


class Stepped(Struct, frozen=True, tag=True):
    """The tick has been run; the outputs follow."""


class Failed(Struct, frozen=True, tag=True):
    """It did not work.

    Attributes:
        kind: `model` if the graph cannot be run at all, `device` otherwise.
        message: Why.
    """

    kind: str
    message: str


Request: TypeAlias = Open | Step
Reply: TypeAlias = Ready | Opened | Stepped | Failed

encode = msgspec.msgpack.Encoder().encode
decode_request: Callable[[bytes], Request] = msgspec.msgpack.Decoder(Request).decode
decode_reply: Callable[[bytes], Reply] = msgspec.msgpack.Decoder(Reply).decode

"""What runs networks must offer: backends, the engines they make, and who picks among them.

Backends are plugins of the kind `backends`, see `engine.contracts` for what all plugins share.
Every method but `abort` is called from one thread at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from engine.engine_cache import CachedPlan
from engine.poses import F32, Bools
from engine.step_graph import StepGraph


class StepEngine(Protocol):
    """A step graph made ready for a fixed number of streams; it keeps their memory.

    Attributes:
        streams: How many, S; at least as many as were asked for.
        x: `(S, …)` float32: the caller writes the tick here.
        outputs: `(S, n)` float32 each, in the graph's order: overwritten by the next step.
    """

    streams: int
    x: F32
    outputs: tuple[F32, ...]

    def step(self, active: Bools) -> None:
        """Run one tick for the rows that are `active`, `(S,)`.

        The others keep their memory; their outputs mean nothing. One that raises has changed
        nothing: the same tick may be tried again.

        Raises:
            StepAborted: `abort` was called meanwhile.
            EngineError: The engine broke, or is of no more use.
        """
        ...

    def reset(self, stream: int) -> None:
        """Let a stream forget everything."""
        ...

    def abort(self) -> None:
        """Make a step that is running end soon, where that is possible. Any thread."""
        ...

    def close(self) -> None:
        """Free it. Idempotent."""
        ...


class Backend(Protocol):
    """Makes engines of step graphs. Constructor: `(config)`; imports its runtime only in `open`.

    Attributes:
        accelerator: Whether it runs on another device than the processor. Then what goes wrong
            may take the process along or never return, so it is run in a process of its own.
    """

    accelerator: bool

    def refusal(self) -> str:
        """Why it cannot be used here, as a sentence; empty if nothing speaks against trying.

        Cheap and safe: looks for packages and devices, and runs neither.
        """
        ...

    def open(self, graph: StepGraph, streams: int) -> StepEngine:
        """Make an engine with room for `streams` and run it once; may take minutes.

        Raises:
            ModelError: The graph cannot be run.
            DeviceError: The device is missing or broken.
        """
        ...


@runtime_checkable
class EngineBuilder(Backend, Protocol):
    """A backend whose engines are built once for each machine and kept: a session only loads them.

    A backend has `build` if and only if there is something to build; `build-engines` goes by it.
    """

    def build(self, graph: StepGraph, streams: int) -> CachedPlan:
        """Have what `open` needs for so many streams at hand, and tell how it came there.

        Takes minutes; called where nothing is live. A second call, and `open`, find what the first
        one built, unless it was `unkept`.

        Raises:
            ModelError: The graph cannot be built.
            DeviceError: There is no device to build for, or the builder does not start.
            ConfigError: There is no folder to keep it in.
        """
        ...


@runtime_checkable
class Tunable(Backend, Protocol):
    """A backend with options of which no single set is the fastest everywhere.

    A backend has `choices` if and only if there is something to choose; `calibrate latency` tries
    them all. What is not among them, such as other arithmetic, is the user's to ask for.
    """

    def choices(self, cores: int) -> tuple[dict[str, Any], ...]:
        """Sets of options worth trying on a machine with so many cores, the default ones first."""
        ...


@dataclass(frozen=True)
class BackendStatus:
    """Who runs a network now, for people.

    Attributes:
        name: The backend; empty without a network.
        reason: Why it serves and no other: how it was chosen, what others were refused for, how
            the one before was lost and when it is tried again.
    """

    name: str = ""
    reason: str = ""


class GraphRunner(Protocol):
    """Runs a step graph for streams that come and go, whatever happens to an accelerator."""

    @property
    def backend(self) -> BackendStatus:
        """Who runs it now. Any thread."""
        ...

    @property
    def late(self) -> Bools | None:
        """See `StepModel.late`."""
        ...

    def reserve(self, streams: int) -> None:
        """See `StepModel.reserve`."""
        ...

    def step(self, x: F32, active: Bools) -> tuple[F32, ...]:
        """One tick: `(S, …)` in, `(S, n)` out for each output, valid until the next step.

        Raises:
            ModelError: Not even the processor can run it.
        """
        ...

    def reset(self, stream: int) -> None:
        """Let a stream forget everything."""
        ...

    def close(self) -> None:
        """Free it. Idempotent."""
        ...


RunGraph = Callable[[StepGraph], GraphRunner]
"""How a recogniser gets its network run."""

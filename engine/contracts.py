"""What a plugin must offer. Every registered plugin passes the suite in `tests/contract`.

A plugin is a class with a nested frozen msgspec Struct `Config` (its options, all with defaults).
The constructor stores its arguments and does nothing heavy; heavy work belongs to `open` or
`warm_up`. Apart from `Source.status` and `Source.drops` every method is called from one thread at
a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from engine.backends import BackendStatus
from engine.clock import Clock
from engine.config import ClassDecoderConfig
from engine.frames import Frame
from engine.labels import Label
from engine.messages import Message
from engine.poses import F32, Bools, PoseSample

ItemT = TypeVar("ItemT", Frame, PoseSample, covariant=True)


@dataclass(frozen=True)
class SourceInfo:
    """What a source turned out to be once open.

    Attributes:
        description: For people; credentials removed.
        width_px: Actual width, 0 if unknown.
        height_px: Actual height, 0 if unknown.
        fps: Nominal rate, 0 if unknown.
        duration_s: Length of a finite source, 0 if unknown.
    """

    description: str
    width_px: int = 0
    height_px: int = 0
    fps: float = 0.0
    duration_s: float = 0.0


@dataclass(frozen=True)
class SourceStatus:
    """How a source is right now.

    Attributes:
        state: `ok`, `waiting`, `trouble` or `ended`.
        trouble: A `Trouble` code, or empty.
        message: What happened and what is being done about it; credentials removed.
    """

    state: Literal["ok", "waiting", "trouble", "ended"]
    trouble: str = ""
    message: str = ""


class Source(Protocol[ItemT]):
    """Gives frames, or the pose samples of a recording. Constructor: `(target, config)`.

    Attributes:
        live: True if items come in their own time: then the newest wins and older ones are
            dropped. False: every item is used and `read` is called only when there is room.
        yields: `frames` or `poses`.
    """

    live: bool
    yields: Literal["frames", "poses"]

    def open(self, clock: Clock) -> SourceInfo:
        """Open the device or file; may block for seconds.

        Raises:
            SourceError: It cannot be opened; `transient` if trying later may help.
            RecordingError: A recording cannot be read.
        """
        ...

    def read(self, timeout_s: float) -> ItemT | None:
        """The next item, or None if none came within `timeout_s`.

        A live source that loses its device keeps trying by itself with back-off, returns None
        meanwhile, tells why in `status`, and starts a new epoch when it is back.

        Raises:
            EndOfStream: A finite source is exhausted.
            SourceError: It failed for good.
        """
        ...

    def status(self) -> SourceStatus:
        """How it is right now. Any thread."""
        ...

    def drops(self) -> dict[str, int]:
        """Items that arrived and were never given, cause to count; empty if none can be lost.

        Any thread.
        """
        ...

    def close(self) -> None:
        """Let go of the device. Idempotent; never raises."""
        ...


class PoseEstimator(Protocol):
    """Joints of one person in one frame. Constructor: `(config)`.

    Attributes:
        skeleton: Name of the joint set it gives.
        efforts: What it may leave out to be quicker, for people, from nothing, which comes first,
            to most. What is left out is never invented: a joint is measured, carried along with
            one that is, or missing.
        live_effort: Index into `efforts` of what live streams begin with; files wait, and are
            looked at with nothing left out.
    """

    skeleton: str
    efforts: tuple[str, ...]
    live_effort: int

    def warm_up(self) -> None:
        """Load everything and run once, so that the first real frame is not slow.

        Raises:
            ModelError: The model cannot be loaded.
        """
        ...

    def step(self, frame: Frame, seq: int) -> PoseSample:
        """Joints of `frame`; a sample that is not valid, with the reason, if there is nobody.

        Raises:
            ModelError: The network broke.
        """
        ...

    def set_effort(self, effort: int) -> None:
        """Use `efforts[effort]` from the next step on; it holds over `reset`."""
        ...

    def reset(self) -> None:
        """Forget the tracked person: the next frame is of a new epoch."""
        ...

    def close(self) -> None:
        """Free the network. Idempotent."""
        ...


@runtime_checkable
class GroupEstimator(PoseEstimator, Protocol):
    """A pose network that can track several people in one picture.

    Each has a slot to themselves, which they keep while they are tracked. Slots are numbered from
    0; that of the main person comes first, and who that is, is for the plugin to decide. A slot may
    be empty. `PoseSample.person` says who is in it: a number from 1, kept through short losses,
    not given to anybody else until `reset`, and in one slot at a time. Another person begins a new
    epoch of the slot's stream, with their first valid sample, so changing slots has its price.
    """

    def track(self, most: int) -> None:
        """Track up to so many people; called once, before `warm_up`. Without it, it is one."""
        ...

    def step_all(self, frame: Frame, seq: int) -> Sequence[PoseSample]:
        """Joints of everybody in `frame`; called in place of `step`, which gives the first alone.

        Returns:
            `most` samples, one a slot. That of an empty slot is not valid and says why. A valid one
            has a `person`. Each says in `pose_ms` what the whole call took.

        Raises:
            ModelError: The network broke.
        """
        ...


class StepModel(Protocol):
    """A recogniser that takes one tick at a time. Constructor: `(config, person, run_graph)`.

    It keeps the history of several streams, each in its row. `run_graph` runs the network of one
    that has a network; `person` is the calibration in a session of a single stream, else None.

    The law: stepping through a clip equals any offline pass over it, also after `reset` and
    after a gap, whatever the other rows do.

    Attributes:
        skeleton: Joint set it expects; of a larger one that begins with it, it gets these joints.
        labels: Of its K scores: iMiGUE's own, of `engine.labels.LABELS`, and others made by
            `own_label`. Classes of iMiGUE that are not listed are not covered.
        rate_hz: Ticks a second it is made for.
        receptive_field: Ticks that can influence one output.
        delay: Ticks of look-ahead: scores at tick t describe tick t - delay.
        model_hash: Identity of weights or rules, hex.
        precision: Of its network's arithmetic, where that is not float32: `fp16`, `bf16` or `int8`;
            empty otherwise and without a network.
        operating_points: Class slug to the decoder settings recommended for its scores; empty
            when the general ones do. The user's `[decoder.classes]` win over them, they win over
            `[decoder]`.
    """

    skeleton: str
    labels: tuple[Label, ...]
    rate_hz: float
    receptive_field: int
    delay: int
    model_hash: str
    precision: str
    operating_points: Mapping[str, ClassDecoderConfig]

    @property
    def backend(self) -> BackendStatus:
        """What runs its network now, and why; empty without a network. Any thread."""
        ...

    @property
    def late(self) -> Bools | None:
        """`(S,)` rows whose latest tick was given up for want of time; None if there are none.

        Their scores are NaN; what they remember is as if the tick had been run. The thread that
        steps.
        """
        ...

    def warm_up(self) -> None:
        """Run once on zeros, then reset; for the rows there are, else for one.

        Raises:
            ModelError: The model cannot be loaded.
        """
        ...

    def reserve(self, streams: int) -> None:
        """Make room: rows 0 to `streams - 1` exist afterwards, new ones with an empty history.

        Rows that exist keep theirs. A `step` that is given more rows than there are does the same.

        Raises:
            ModelError: There is no room for so many.
        """
        ...

    def step(self, x: F32, active: Bools | None = None) -> F32 | None:
        """Scores of one tick.

        Args:
            x: `(S, J, 4)` float32, a row for each there is: x, y in the person's own units (see
                `engine.core.normalize`), confidence 0..1, depth in the same unit (0 when
                unknown). A missing joint is all 0, and so is a tick in a gap.
            active: `(S,)` rows that have a tick now; all by default. The others keep their
                history, and their scores mean nothing.

        Returns:
            `(S, K)` float32 scores, or None while the window fills. A score is 0..1, or NaN
            when the view does not support that class at this tick: the model abstains. Nothing
            else is allowed.
        """
        ...

    def reset(self, stream: int | None = None) -> None:
        """Forget the history of one stream, or of all."""
        ...

    def close(self) -> None:
        """Free the model. Idempotent."""
        ...


class Sink(Protocol):
    """Takes every published message, in its own thread with its own bounded queue.

    Constructor: `(config)`.
    """

    def put(self, topic: str, message: Message[Any]) -> None:
        """Take one message. May be slow: then messages to this sink are dropped and counted."""
        ...

    def close(self) -> None:
        """Finish. Idempotent."""
        ...

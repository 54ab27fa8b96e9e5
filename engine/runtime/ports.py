"""What a pipeline is connected to, and what it hands over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from engine.config import StreamConfig
from engine.contracts import Source, SourceStatus
from engine.core.pose_stage import PoseStage
from engine.core.stream import StreamCore
from engine.poses import PoseSample
from engine.runtime.drops import DropLedger
from engine.runtime.edges import POSE_RECOGNISE
from engine.runtime.governor.governor import Governor
from engine.runtime.governor.status import GovernorStatus
from engine.runtime.quality import Governed


@dataclass(frozen=True)
class Outgoing:
    """Something for the publish stage.

    Attributes:
        stream: Name of the stream; empty for what the session itself says.
        kind: Topic kind.
        body: A message body, or a `PoseSample` for `pose`.
        epoch: Epoch it belongs to.
        capture_ns: Grab time of the newest frame that led to it.
        decided_ns: When it was decided.
        degrade_level: How much the governor had left out; 0 is nothing.
    """

    stream: str
    kind: str
    body: Any
    epoch: int
    capture_ns: int
    decided_ns: int
    degrade_level: int = 0


@dataclass(frozen=True)
class Counts:
    """How far a stream has come.

    Attributes:
        status: Of its source.
        frames_in: Items read from the source.
        samples_out: Pose samples given.
        epoch: Of the newest item.
        queued: Channel to items waiting now.
        drops: Edge to cause to count.
        governor: How its governor is, if it has one.
        abstained: Slugs of the classes that the view does not support now.
    """

    status: SourceStatus
    frames_in: int
    samples_out: int
    epoch: int
    queued: dict[str, int]
    drops: dict[str, dict[str, int]]
    governor: GovernorStatus | None
    abstained: tuple[str, ...]


CountsOf = dict[str, Counts]
"""Stream to how far it has come."""


class Outlet(Protocol):
    """What the publish stage does with its items. All methods: the publish thread."""

    def open(self) -> None:
        """Bind sockets and open files."""
        ...

    def put(self, item: Outgoing) -> None:
        """Publish one item."""
        ...

    def health(self, counts: CountsOf) -> None:
        """Publish the state of the engine; called once a second whatever else happens."""
        ...

    def close(self, counts: CountsOf, exit_code: int) -> None:
        """Say goodbye and let go."""
        ...


class PoseTap(Protocol):
    """Sees the pose stage's samples for a recording. Must not block."""

    def sample(self, sample: PoseSample) -> None:
        """One sample left the pose stage."""
        ...

    def dropped(self, edge: str, cause: str, sample: PoseSample) -> None:
        """The recogniser never got this sample."""
        ...


@dataclass(frozen=True)
class StreamParts:
    """What one stream of a pipeline is made of.

    Attributes:
        config: Name and bounds of the stream.
        source: Open.
        pose: None for a source of poses.
        core: Makes the stream's core for its row in the recogniser. Called by the thread that
            steps the recogniser, or before there is one.
        drops: Gets the drops of the stream's edges.
        governed: Keeps a live stream within its deadline; None for one that is not live or
            has no frames.
        tap: A recorder of its pose samples, if any.
        close: Frees what belongs to the stream besides its source, at its end.
    """

    config: StreamConfig
    source: Source[Any]
    pose: PoseStage | None
    core: Callable[[int], StreamCore]
    drops: DropLedger
    governed: Governed | None = None
    tap: PoseTap | None = None
    close: Callable[[], None] = lambda: None

    @property
    def governor(self) -> Governor | None:
        """Of the stream, if it has one."""
        return self.governed.governor if self.governed else None

    def lose(self, sample: PoseSample, cause: str) -> None:
        """Count and record that the recogniser does not get a sample. Any thread."""
        self.drops.add(POSE_RECOGNISE, cause)
        if self.tap:
            self.tap.dropped(POSE_RECOGNISE, cause, sample)

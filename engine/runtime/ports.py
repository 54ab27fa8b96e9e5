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
        frames_in: Items read from the source; 0 for all but the main stream of an input.
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
    """What one stream of a pipeline is made of, from the pose stage on.

    Attributes:
        name: In topics and ids.
        core: Makes the stream's core for its row in the recogniser. Called by the thread that
            steps the recogniser, or before there is one.
        drops: Gets the drops of the stream's edges.
        tap: A recorder of its pose samples, if any.
    """

    name: str
    core: Callable[[int], StreamCore]
    drops: DropLedger
    tap: PoseTap | None = None

    def lose(self, sample: PoseSample, cause: str) -> None:
        """Count and record that the recogniser does not get a sample. Any thread."""
        self.drops.add(POSE_RECOGNISE, cause)
        if self.tap:
            self.tap.dropped(POSE_RECOGNISE, cause, sample)


@dataclass(frozen=True)
class InputParts:
    """What one input of a pipeline is made of: a camera, file or recording, with its streams.

    Attributes:
        config: Name and bounds of the input.
        source: Open.
        pose: None for a source of poses.
        streams: One a slot of the pose stage. The first has the name of the input and is the main
            one: frames, and what is dropped before the pose stage, are counted with it.
        governed: Keeps a live input within its deadline; None for one that is not live or
            has no frames.
        close: Frees what belongs to the input besides its source, at its end.
    """

    config: StreamConfig
    source: Source[Any]
    pose: PoseStage | None
    streams: tuple[StreamParts, ...]
    governed: Governed | None = None
    close: Callable[[], None] = lambda: None

    @property
    def main(self) -> StreamParts:
        """The stream of the main person."""
        return self.streams[0]

    @property
    def governor(self) -> Governor | None:
        """Of the input, if it has one."""
        return self.governed.governor if self.governed else None

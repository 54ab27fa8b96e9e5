"""What a pipeline is connected to, and what it hands over."""

from dataclasses import dataclass
from typing import Any, Protocol

from engine.poses import PoseSample


@dataclass(frozen=True)
class Outgoing:
    """Something for the publish stage.

    Attributes:
        kind: Topic kind.
        body: A message body, or a `PoseSample` for `pose`.
        epoch: Epoch it belongs to.
        capture_ns: Grab time of the newest frame that led to it.
        decided_ns: When it was decided.
    """

    kind: str
    body: Any
    epoch: int
    capture_ns: int
    decided_ns: int


@dataclass(frozen=True)
class Counts:
    """How far a pipeline has come.

    Attributes:
        frames_in: Items read from the source.
        samples_out: Pose samples given.
        epoch: Of the newest item.
        queued: Channel to items waiting now.
        abstained: Slugs of the classes that the view does not support now.
    """

    frames_in: int
    samples_out: int
    epoch: int
    queued: dict[str, int]
    abstained: tuple[str, ...]


class Outlet(Protocol):
    """What the publish stage does with its items. All methods: the publish thread."""

    def open(self) -> None:
        """Bind sockets and open files."""
        ...

    def put(self, item: Outgoing) -> None:
        """Publish one item."""
        ...

    def health(self, counts: Counts) -> None:
        """Publish the state of the engine; called once a second whatever else happens."""
        ...

    def close(self, counts: Counts, exit_code: int) -> None:
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

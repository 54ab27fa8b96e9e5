"""What a data set of long videos offers, whatever its files look like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses

Outcome = Literal["win", "lose"]
Part = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Video:
    """One video.

    Attributes:
        number: Its number in the data set.
        subject: Who is in it; None if the release does not say.
        outcome: How the match before it ended; None if the release does not say.
        part: Folder of the release it lies in; None if the release has no parts.
        has_labels: Whether its clips can be asked for.
        has_poses: Whether its points can be asked for.
    """

    number: int
    subject: int | None = None
    outcome: Outcome | None = None
    part: Part | None = None
    has_labels: bool = True
    has_poses: bool = True


class DataSet(Protocol):
    """Videos with iMiGUE labels and points. Nothing is kept: every call reads its files anew."""

    @property
    def name(self) -> str:
        """Which release it is."""
        ...

    @property
    def rate_hz(self) -> float:
        """Frames a second."""
        ...

    @property
    def videos(self) -> tuple[Video, ...]:
        """Those that can be used, by number."""
        ...

    @property
    def skipped(self) -> Mapping[int, str]:
        """Number of each video that is there and left out, and why."""
        ...

    def clips(self, video: int) -> tuple[LabelledClip, ...]:
        """Its labelled clips, as in the file; `tidying.tidied` lays them over the frames.

        Raises:
            UsageError: There is no such video, it has no labels, or they are damaged.
        """
        ...

    def poses(self, video: int) -> Poses:
        """Its points.

        Raises:
            UsageError: There is no such video, it has no points, or they are damaged.
        """
        ...

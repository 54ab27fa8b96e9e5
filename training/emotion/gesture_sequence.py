"""The gestures of one video, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.poses import F32
from training.evaluation.tally import I64

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class GestureSequence:
    """What was seen in one video, in the order of its starts.

    Attributes:
        name: Of the video.
        subject: Who is in it; videos of one person are not independent.
        positive: Whether it ended positively: in iMiGUE, whether the match was won.
        seen_s: For how long gestures could be seen.
        classes: `(E,)` int64 class index of `training.labels`, without `none`.
        start_s: `(E,)` float32, ascending.
        end_s: `(E,)` float32.
        scores: `(E,)` float32, 0..1; 1 for annotated gestures.
        hidden_s: Class index to the part of `seen_s` in which that class could not be seen; that it
            did not come then says nothing.
    """

    name: str
    subject: str
    positive: bool
    seen_s: float
    classes: I64
    start_s: F32
    end_s: F32
    scores: F32
    hidden_s: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lengths = {len(self.classes), len(self.start_s), len(self.end_s), len(self.scores)}
        if len(lengths) != 1:
            raise ValueError(f"{self.name}: expected equally many of everything, got {lengths}")
        if (np.diff(self.start_s) < 0).any() or (self.end_s < self.start_s).any():
            raise ValueError(
                f"{self.name}: expected gestures in order, none ending before its start"
            )
        if not all(0.0 <= hidden_s <= self.seen_s for hidden_s in self.hidden_s.values()):
            raise ValueError(f"{self.name}: expected hidden times up to {self.seen_s:g} s")

    def __len__(self) -> int:
        return len(self.classes)

"""The gestures of one video, and whether it was won."""

from dataclasses import dataclass

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
        positive: Whether the state is the positive one: the match was won.
        seen_s: For how long gestures could be seen.
        classes: `(E,)` int64 class index of `training.labels`, without `none`.
        start_s: `(E,)` float32, ascending.
        end_s: `(E,)` float32.
        scores: `(E,)` float32, 0..1; 1 for annotated gestures.
    """

    name: str
    subject: str
    positive: bool
    seen_s: float
    classes: I64
    start_s: F32
    end_s: F32
    scores: F32

    def __post_init__(self) -> None:
        lengths = {len(self.classes), len(self.start_s), len(self.end_s), len(self.scores)}
        if len(lengths) != 1:
            raise ValueError(f"{self.name}: expected equally many of everything, got {lengths}")
        if (np.diff(self.start_s) < 0).any() or (self.end_s < self.start_s).any():
            raise ValueError(
                f"{self.name}: expected gestures in order, none ending before its start"
            )

    def __len__(self) -> int:
        return len(self.classes)

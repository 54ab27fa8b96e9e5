"""What may be left out to be quicker, each by name."""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Savings:
    """What is left out. The defaults leave nothing out: MediaPipe's own results.

    Attributes:
        detect_every_s: While nobody is followed, people are looked for once in so long.
        doubt_after_s: Who was not built like a person for so long is let go of, and others are
            looked for; 0 never does.
        quick_crops: Regions are cut out as of `quick` of `plugins.pose.direct.crop`.
        skip_outside: A hand whose region lies outside the picture is not looked for.
        missed_every: A hand that was not there three times is looked for in one of so many frames.
        resting_every: A hand that rests is looked for in one of so many frames.
        turns: While both hands are about, each is looked for in one of so many frames, by turns.
        place_every: Where a hand is that follows itself well, the placing network is asked in one
            of so many looks.
        face_every: The face, where it is wanted, is looked at in one of so many frames.
    """

    detect_every_s: float = 0.0
    doubt_after_s: float = 0.0
    quick_crops: bool = False
    skip_outside: bool = False
    missed_every: int = 1
    resting_every: int = 1
    turns: int = 1
    place_every: int = 1
    face_every: int = 1


PolicyName = Literal["exact", "sparing", "hands by turns", "hands seldom"]

_SPARING = Savings(
    detect_every_s=0.2,
    doubt_after_s=1.0,
    quick_crops=True,
    skip_outside=True,
    missed_every=3,
    resting_every=3,
    place_every=3,
)

POLICIES: dict[PolicyName, Savings] = {
    "exact": Savings(),
    "sparing": _SPARING,
    "hands by turns": replace(_SPARING, turns=2, face_every=2),
    "hands seldom": replace(_SPARING, turns=4, resting_every=4, missed_every=4, face_every=2),
}
"""What is left out, from nothing to most."""

"""What may be left out to be quicker, each by name."""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Savings:
    """What is left out, or done otherwise. The defaults give MediaPipe's own results.

    Attributes:
        doubt_after_s: Who was not built like a person for so long is let go of, and others are
            looked for; 0 never does.
        quick_crops: Regions are cut out as of `quick` of `plugins.pose.direct.crop`.
        skip_outside: A hand whose region lies outside the picture is not looked for.
        missed_every: A hand that was not there three times is looked for in one of so many frames.
        recover_every: Of the looks for a hand that was not there one of so many, from 2, goes first
            by palms that are found about its wrist, which costs a look more; 0 goes by the body.
        resting_every: A hand that rests is looked for in one of so many frames.
        turns: While both hands are about, each is looked for in one of so many frames, by turns.
        hands_beside: A hand is looked for beside the body, going by the body of the picture before,
            so that neither waits for the other. Of two that are due, the one that was looked for
            later waits for the next picture.
        by_turns_s: Body and hands take turns where pictures come so fast that each is still
            looked at once in so long. In a picture of the hands the body stays where it was, but
            for its wrists, which go half the hands' way; in one of the body the hands stay.
        place_every: Where a hand is that follows itself well, the placing network is asked in one
            of so many looks.
        face_every: The face, where it is wanted, is looked at in one of so many frames.
    """

    doubt_after_s: float = 0.0
    quick_crops: bool = False
    skip_outside: bool = False
    missed_every: int = 1
    recover_every: int = 0
    resting_every: int = 1
    turns: int = 1
    hands_beside: bool = False
    by_turns_s: float = 0.0
    place_every: int = 1
    face_every: int = 1


PolicyName = Literal["exact", "sparing", "hands searched", "hands by turns", "all by turns"]

LIVE: PolicyName = "hands by turns"
"""The first that keeps up with 30 pictures a second on two cores: what live streams begin with."""

# Two pictures of a camera of 30 a second; at 25 a second there is time for everything.
_TWO_PICTURES_S = 0.07

_SPARING = Savings(
    doubt_after_s=1.0,
    quick_crops=True,
    skip_outside=True,
    missed_every=3,
    resting_every=3,
    place_every=3,
)

_BY_TURNS = replace(_SPARING, turns=2, hands_beside=True, face_every=2)

POLICIES: dict[PolicyName, Savings] = {
    "exact": Savings(),
    "sparing": _SPARING,
    "hands searched": replace(_BY_TURNS, recover_every=2),
    "hands by turns": _BY_TURNS,
    "all by turns": replace(_BY_TURNS, by_turns_s=_TWO_PICTURES_S),
}
"""What is left out, from nothing to most."""

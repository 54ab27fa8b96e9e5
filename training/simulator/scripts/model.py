"""The vocabulary of scripts: where hands go, how they move there, what the body does meanwhile.

Ranges are (lowest, highest) and drawn from uniformly; durations log-uniformly.
"""

from dataclasses import dataclass
from typing import Literal

Range = tuple[float, float]
Triple = tuple[float, float, float]

Channel = Literal[
    "lean",
    "bend",
    "twist",
    "shift",
    "rise",
    "approach",
    "shrug_left",
    "shrug_right",
    "round",
    "yaw",
    "pitch",
    "roll",
    "thrust",
    "sink",
]
CHANNELS: tuple[Channel, ...] = (
    "lean",  # trunk forward about the hips, rad
    "bend",  # trunk sideways, rad
    "twist",  # trunk about its axis, rad
    "shift",  # whole body sideways, m
    "rise",  # trunk straightened or slumped, m
    "approach",  # whole body towards the camera, m
    "shrug_left",  # one shoulder up, m
    "shrug_right",
    "round",  # shoulders forward, m
    "yaw",  # head to its left, rad
    "pitch",  # head up, rad
    "roll",  # head to its left shoulder, rad
    "thrust",  # head forward, m
    "sink",  # head into the shoulders, m
)


@dataclass(frozen=True)
class Motion:
    """What a hand does at its place.

    Attributes:
        kind: `still`; `rub` to and fro along the surface; `circle` on it; `tap` off and on it;
            `beat` in all directions, as hands of speakers move.
        size_m: Half of the way.
        hz: Repetitions a second.
        fingers: Swing of the fingers' bend, 0..1, at the same pace.
    """

    kind: Literal["still", "rub", "circle", "tap", "beat"] = "still"
    size_m: Range = (0.0, 0.0)
    hz: Range = (1.0, 1.0)
    fingers: Range = (0.0, 0.0)


STILL = Motion()


@dataclass(frozen=True)
class Reach:
    """Where one hand goes.

    Attributes:
        places: Names in `places.PLACES`; one is drawn.
        contact: Names in `hand.CONTACTS`: what of the hand is at the place; one is drawn.
        motion: One is drawn.
        curl: Bend of the fingers.
        thumb: 0 stands off to 1 across the palm.
        spread: Fan of the fingers.
        off_m: Held so far off the surface, along its normal.
        side: The place lies on the acting hand's `own` side, the `other`, or `either`.
        fingers: Overrides where fingers point.
        palm: Overrides where the palm faces: else against the surface.
        tilt: Deviation of the hand's direction, rad.
    """

    places: tuple[str, ...]
    contact: tuple[str, ...] = ("index", "tips", "middle")
    motion: tuple[Motion, ...] = (STILL,)
    curl: Range = (0.1, 0.5)
    thumb: Range = (0.0, 0.9)
    spread: Range = (0.0, 0.8)
    off_m: Range = (0.0, 0.0)
    side: Literal["own", "other", "either"] = "own"
    fingers: Triple | None = None
    palm: Triple | None = None
    tilt: float = 0.3


@dataclass(frozen=True)
class Pulse:
    """A change of posture.

    Attributes:
        channel: What changes.
        size: Amount at full extent; the sign is drawn unless `signed`.
        shape: `hold`: goes there, stays and comes back. `stay`: goes there over the whole time
            and remains until something else comes. `swing`: to and fro.
        hz: Pace of swings.
        rise_s: Time to get there.
        signed: Whether the sign of `size` is meant.
        with_previous: Same sign, pace and phase as the pulse before it.
        against_previous: The same, with the opposite sign.
    """

    channel: Channel
    size: Range
    shape: Literal["hold", "stay", "swing"] = "hold"
    hz: Range = (1.0, 1.0)
    rise_s: Range = (0.25, 0.7)
    signed: bool = False
    with_previous: bool = False
    against_previous: bool = False


@dataclass(frozen=True)
class Variant:
    """One way to do it.

    Attributes:
        name: For people.
        one: What the acting hand does; None leaves it where it is.
        two: What the other hand does; None leaves it where it is.
        pulses: What the body does.
        hold_s: How long it lasts once there.
        weight: How often, against the other variants.
        steps: The hands go on to so many further draws of the same reach, as speakers do.
        meet: Both hands go to one and the same place.
    """

    name: str
    one: Reach | None = None
    two: Reach | None = None
    pulses: tuple[Pulse, ...] = ()
    hold_s: Range = (0.25, 4.0)
    weight: float = 1.0
    steps: Range = (0, 0)
    meet: bool = False


@dataclass(frozen=True)
class Script:
    """A gesture, or something that only looks like one.

    Attributes:
        name: Slug of the class, or a name of the negative.
        label_id: iMiGUE id, or None for a negative.
        meaning: What it is, in a sentence.
        source: Where that is said.
        variants: The ways to do it.
        weight: How often it is drawn.
        shows: Whether these joints can show it. If not, `touching` tells whether it looks like
            another class: then its ticks are not scored, else they count as nothing.
        touching: See `shows`.
    """

    name: str
    label_id: int | None
    meaning: str
    source: str
    variants: tuple[Variant, ...]
    weight: float = 1.0
    shows: bool = True
    touching: bool = False

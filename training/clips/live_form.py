"""How videos are cut for models that are to be served live."""

from typing import Annotated

from msgspec import Meta, Struct


class LiveForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Windows of a stream, each named by one of its ticks.

    Attributes:
        window: Ticks of a window: 48 are 1.9 s, of gestures that last 2.5 s on average.
        delay: The tick that names a window lies so many before its last one: 24 is the middle.
            What happens is told so much later.
        stride: Ticks from one run of a network of windows to the next, live. A network that steps
            runs at each.
        per_gesture: Windows of each labelled gesture, at ticks evenly over it.
        background: Windows of nothing for each window of a gesture, evenly over what is not
            labelled of the same video.
    """

    window: Annotated[int, Meta(ge=2, le=1000)] = 48
    delay: Annotated[int, Meta(ge=0)] = 24
    stride: Annotated[int, Meta(ge=1, le=1000)] = 5
    per_gesture: Annotated[int, Meta(ge=1, le=100)] = 2
    background: Annotated[float, Meta(ge=0, le=100)] = 1.0

    def __post_init__(self) -> None:
        if self.delay >= self.window:
            raise ValueError(f"delay must be less than the window of {self.window} ticks")

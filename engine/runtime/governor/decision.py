"""What the governor decides, for whoever keeps it."""

from typing import Literal

from msgspec import Struct

What = Literal["shed", "discard", "level", "stuck"]


class Decision(Struct, frozen=True, kw_only=True):
    """One act of the governor.

    Attributes:
        at_ns: When, monotonic.
        what: `shed`: a frame was refused before a stage. `discard`: what a stage gave, or what
            waited for one, was thrown away. `level`: another level holds from now on. `stuck`: a
            call has passed its bound.
        stage: Before, of or in which stage; empty for `level`.
        cause: `deadline` for `shed`, `late_result` for `discard`, `pressure` or `relief` for
            `level`, `overdue` for `stuck`.
        level: Degrade level after it.
        seq: Running number of the frame or sample, if it was given.
    """

    at_ns: int
    what: What
    stage: str
    cause: str
    level: int
    seq: int | None = None

"""Options that several sources share."""

from typing import Annotated

from msgspec import Meta, Struct

from engine.config import PositiveSeconds, Seconds

NonNegativeInt = Annotated[int, Meta(ge=0)]
PositiveInt = Annotated[int, Meta(gt=0)]
Rate = Annotated[float, Meta(ge=0)]
PositiveRate = Annotated[float, Meta(gt=0)]


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the options of every source."""


class LiveOptions(Options, frozen=True, kw_only=True):
    """Options of every source that reconnects.

    Attributes:
        open_timeout_s: Bound on one attempt to connect.
        stall_s: Without a picture for so long the source is opened again.
        frozen_after_s: The same picture for so long counts as frozen; 0 never.
        reopen_after_s: Frozen for so long, the source is opened again.
    """

    open_timeout_s: PositiveSeconds = 5.0
    stall_s: PositiveSeconds = 2.0
    frozen_after_s: Seconds = 2.0
    reopen_after_s: PositiveSeconds = 10.0

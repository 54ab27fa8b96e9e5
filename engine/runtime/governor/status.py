"""The state of the governor, for health."""

from msgspec import Struct

from engine.runtime.governor.quantiles import StageForecast


class GovernorStatus(Struct, frozen=True, kw_only=True):
    """The governor for health.

    Attributes:
        level: Degrade level, 0 is full quality.
        level_name: Its name.
        forecasts: Stage to what a call is expected to take.
        shed: Frames refused before a stage, since the session began.
        discarded: Results thrown away.
        late: Results published after their deadline all the same.
        stuck: Stages inside a call that has passed its bound.
    """

    level: int
    level_name: str
    forecasts: dict[str, StageForecast]
    shed: int
    discarded: int
    late: int
    stuck: tuple[str, ...]

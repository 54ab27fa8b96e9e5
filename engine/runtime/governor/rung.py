"""What is remembered of one degrade level."""

import math

from engine.clock import NS_PER_S

_RELAPSE_NS = 10 * NS_PER_S
_REMEMBERED_NS = 30 * NS_PER_S
_LONGER = 4
_LONGEST_WAIT_NS = 30 * NS_PER_S
_EASED = 0.7


class Rung:
    """How long a level is kept, by how leaving it went before.

    A level that must be taken again within 10 s of being left was left too early: it is kept four
    times as long as before, 30 s at most. Within 30 s it is kept as long as before; after that all
    is forgotten. Not for several threads: guarded by the ladder that owns it.

    Args:
        hold_ns: What the first such wait is a multiple of.
    """

    def __init__(self, hold_ns: int) -> None:
        self._hold_ns = hold_ns
        self._wait_ns = 0
        self._left_ns: int | None = None
        self._left_slack = 0.0
        self._loaded: float | None = None

    def take(self, now_ns: int) -> None:
        """The level is climbed to."""
        since_ns = math.inf if self._left_ns is None else now_ns - self._left_ns
        if since_ns >= _REMEMBERED_NS:
            self._wait_ns = 0
        elif since_ns < _RELAPSE_NS:
            self._wait_ns = min(_LONGER * max(self._wait_ns, self._hold_ns), _LONGEST_WAIT_NS)
        self._loaded = None

    def settle(self, slack: float) -> None:
        """Take the first slack seen since the climb as that under the load; later ones are ignored.

        If there was less when the level was left too early, that counts: the load may have ended
        meanwhile.
        """
        if self._loaded is None:
            self._loaded = min(slack, self._left_slack) if self._wait_ns else slack

    def may_leave(self, slack: float, climbed_ns: int, now_ns: int) -> bool:
        """Whether the level has been kept for long enough, or its load is visibly gone.

        It is gone when frames need at most 0.7 of what they needed of the deadline under it.

        Args:
            slack: Part of the deadline left now.
            climbed_ns: When any level was last climbed to.
            now_ns: Monotonic.
        """
        if now_ns - climbed_ns >= self._wait_ns:
            return True
        return self._loaded is not None and 1 - slack <= _EASED * (1 - self._loaded)

    def leave(self, slack: float, now_ns: int) -> None:
        """The level is left for the one below, with so much slack."""
        self._left_ns = now_ns
        self._left_slack = slack

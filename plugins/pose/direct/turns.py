"""Whether body or hands are looked at in a picture, or both."""

from engine.clock import NS_PER_S
from plugins.pose.direct.savings import Savings


class Turns:
    """Tells them apart in time as of `Savings.by_turns_s`. Pure; one person."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """In the next picture both are looked at."""
        self._last_ns: int | None = None
        self._body_ns = self._hands_ns = 0

    def step(self, time_ns: int, savings: Savings) -> tuple[bool, bool]:
        """Whether the body is looked at in the next picture, and whether hands are.

        Args:
            time_ns: When it was captured.
            savings: What may be left out.
        """
        body, hands = self._due(time_ns, savings)
        self._last_ns = time_ns
        if body:
            self._body_ns = time_ns
        if hands:
            self._hands_ns = time_ns
        return body, hands

    def _due(self, time_ns: int, savings: Savings) -> tuple[bool, bool]:
        if self._last_ns is None or time_ns <= self._last_ns:
            return True, True
        # What can wait for another picture like this one need not be in this one.
        wait_ns = savings.by_turns_s * NS_PER_S - (time_ns - self._last_ns)
        body = time_ns - self._body_ns > wait_ns
        hands = time_ns - self._hands_ns > wait_ns
        if not (body or hands):
            body = self._body_ns < self._hands_ns
            hands = not body
        return body, hands

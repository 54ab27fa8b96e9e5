"""How long to wait before the next attempt."""

from engine.clock import NS_PER_S

FIRST_S = 0.1
MAX_S = 1.0


class Backoff:
    """Doubles from 0.1 s to 1 s, counted from the start of the failed attempt.

    Counting from the start means that a long time-out does not add to the wait.
    """

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def reset(self) -> None:
        """It worked: the next failure starts at the first step again."""
        self._next_s = FIRST_S

    def wait_s(self, attempt_start_ns: int, now_ns: int) -> float:
        """Seconds to wait now, 0 if the attempt itself took longer; moves to the next step."""
        step_s, self._next_s = self._next_s, min(2 * self._next_s, MAX_S)
        return max(0.0, step_s - (now_ns - attempt_start_ns) / NS_PER_S)

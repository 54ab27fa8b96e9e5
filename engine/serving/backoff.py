"""How long to leave a backend alone that has failed."""

from engine.clock import NS_PER_S


class RetryBackoff:
    """Waits that double with each failure, and begin anew after a time of health.

    Args:
        first_s: The first wait.
        most_s: The longest.
        healthy_s: So long without a failure is health.
    """

    def __init__(self, first_s: float = 1.0, most_s: float = 60.0, healthy_s: float = 60.0) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._healthy_ns = round(healthy_s * NS_PER_S)
        self._next_s = first_s
        self._serving_since_ns: int | None = None

    def served(self, now_ns: int) -> None:
        """It serves from now on."""
        self._serving_since_ns = now_ns

    def failed(self, now_ns: int) -> float:
        """It failed; gives the seconds to wait before the next attempt."""
        since_ns, self._serving_since_ns = self._serving_since_ns, None
        if since_ns is not None and now_ns - since_ns >= self._healthy_ns:
            self._next_s = self._first_s
        wait_s, self._next_s = self._next_s, min(2 * self._next_s, self._most_s)
        return wait_s

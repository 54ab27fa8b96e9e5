"""What is told when another backend takes over."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class BackendChange:
    """From one tick to the next another backend runs the network; no tick is lost by it.

    Attributes:
        at_ns: When, on the clock of the session.
        before: The backend until then.
        after: The one from then on.
        reason: Why, in words.
    """

    at_ns: int
    before: str
    after: str
    reason: str


OnChange = Callable[[BackendChange], None]
"""Is told in the thread that steps, or in the supervisor's while that thread waits: be quick."""

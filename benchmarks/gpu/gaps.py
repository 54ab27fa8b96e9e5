"""What could not be run, in words: a report says that instead of leaving something out."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.report import Result
from engine.errors import FidgetError


class Gaps:
    """Collects them."""

    def __init__(self) -> None:
        self.told: list[Result] = []

    def add(self, what: str, why: str) -> None:
        """Something was not run, or broke off."""
        self.told.append({"what": what, "why": why})

    @contextmanager
    def unless_it_runs(self, what: str) -> Iterator[None]:
        """Turn what our own errors say into a gap; anything else is a bug and goes on."""
        try:
            yield
        except FidgetError as error:
            self.add(what, str(error))

"""What is wrong with a copy of a data set: all of it, not only what is met first."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import UsageError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or that a user should know.

    Attributes:
        place: File, with `:line` where there is one.
        text: What was expected and what is there.
        fatal: Whether what it is about cannot be used; else it is told and worked around.
    """

    place: str
    text: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class DataSetError(UsageError):
    """A file of a data set cannot be used.

    Args:
        faults: All that is wrong with it, at least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = len(faults) - 1
        rest = f" (and {more} more: `python -m training prepare` lists all)" if more else ""
        super().__init__(f"{faults[0]}{rest}")
        self.faults = tuple(faults)


def fatal(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Those after which something cannot be used."""
    return tuple(fault for fault in faults if fault.fatal)

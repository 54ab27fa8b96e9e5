"""Tells what is wrong with the rows of a table of numbers, each kind once."""

import math
from collections.abc import Sequence

from training.datasets.faults import Fault

LIMIT = 1e9
"""No pixel, metre or count of these tables comes near it; a number beyond is damage."""


class RowCheck:
    """Looks at one row after the other.

    Args:
        place: The file.
        widths: How many columns a row may have.
    """

    def __init__(self, place: str, widths: Sequence[int]) -> None:
        self._place = place
        self._widths = tuple(widths)
        self._first: dict[str, tuple[int, str]] = {}
        self._count: dict[str, int] = {}

    def row(self, line: int, cells: Sequence[object]) -> None:
        """Look at a row.

        Args:
            line: Its number in the file, from 1.
            cells: Text or values.
        """
        if len(cells) not in self._widths:
            self._add("columns", line, f"expected {self.expected} columns, got {len(cells)}")
            return
        self._widths = (len(cells),)  # the first good row decides what the others must be
        for column, cell in enumerate(cells, 1):
            kind, text = _cell_fault(cell)
            if kind:
                self._add(kind, line, f"column {column}: {text}")
                return

    @property
    def expected(self) -> str:
        """The allowed numbers of columns, in words."""
        return " or ".join(map(str, self._widths))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """One a kind, at its first place, with how many rows have it."""
        return tuple(
            Fault(f"{self._place}:{line}", text + _others(self._count[kind] - 1))
            for kind, (line, text) in self._first.items()
        )

    def _add(self, kind: str, line: int, text: str) -> None:
        self._first.setdefault(kind, (line, text))
        self._count[kind] = self._count.get(kind, 0) + 1


def _others(count: int) -> str:
    return f" (and {count} more such {'row' if count == 1 else 'rows'})" if count else ""


def _cell_fault(cell: object) -> tuple[str, str]:
    """Kind and text of what is wrong with a cell; empty if nothing is."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return "empty", "expected a number, got an empty cell"
    if not isinstance(cell, (str, int, float)):
        return "number", f"expected a number, got '{cell}'"
    try:
        value = float(cell)
    except ValueError:
        return "number", f"expected a number, got '{cell}'"
    if not math.isfinite(value):
        return "finite", f"expected a finite number, got '{cell}'"
    return ("range", f"{cell} is beyond any pixel") if abs(value) > LIMIT else ("", "")

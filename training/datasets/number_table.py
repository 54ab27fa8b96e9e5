"""Tables of numbers in csv files, with a header line or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.datasets.faults import DataSetError, Fault
from training.datasets.row_check import LIMIT, RowCheck
from training.datasets.text_file import read_text

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NumberTable:
    """A table.

    Attributes:
        values: `(T, W)` float64, finite, T >= 1.
        header: Whether a header line was passed over.
    """

    values: F64
    header: bool


def read_table(path: Path, widths: Sequence[int]) -> NumberTable:
    """Read a table, T rows of one width. Blank lines count for nothing.

    Args:
        path: The csv file.
        widths: How many columns it may have.

    Raises:
        DataSetError: It is missing, empty, cut off, of another width, or holds what is no finite
            number; with all faults.
    """
    text = read_text(path)
    lines = text.splitlines()
    header = bool(lines) and _is_header(lines[0].split(","))
    rows = lines[header:]
    if not any(row.strip() for row in rows):
        raise DataSetError([Fault(str(path), "expected rows of numbers, got none")])
    values = _parsed(rows)
    if values is None or values.shape[1] not in widths or not _sane(values):
        whole = text.endswith(("\n", "\r"))
        raise DataSetError(_faults(path, rows, 1 + header, widths, whole=whole))
    return NumberTable(values, header)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first line names columns rather than gives numbers.

    pandas writes the numbers of columns as their names, behind an empty cell for the index or
    without one. No row of points is a run of whole numbers: confidences are at most 1. An empty
    index before numbers of other kinds is no header but a fault.
    """
    if _is_name(cells[0]) or (len(cells) > 1 and all(map(_is_name, cells[1:]))):
        return True
    words = [cell.strip() for cell in cells]
    count = list(map(str, range(len(words))))
    return len(words) > 2 and words in (count, ["", *count[:-1]])


def _is_name(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return bool(cell.strip())
    return False


def _parsed(rows: Sequence[str]) -> F64 | None:
    """All rows as numbers, None if they are not all numbers or not all of one width."""
    try:
        return np.loadtxt(rows, np.float64, delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None


def _sane(values: F64) -> bool:
    return bool((np.abs(values) <= LIMIT).all())  # NaN compares as false


def _faults(
    path: Path, rows: Sequence[str], first_line: int, widths: Sequence[int], *, whole: bool
) -> list[Fault]:
    check = RowCheck(str(path), widths)
    numbered = [(line, row) for line, row in enumerate(rows, first_line) if row.strip()]
    last_line, last = numbered[-1]
    cut = not whole and last.count(",") + 1 not in widths
    for line, row in numbered[:-1] if cut else numbered:
        check.row(line, row.split(","))
    faults = list(check.faults)
    if cut:
        have = last.count(",") + 1
        text = f"ends within a row, {have} of {check.expected} columns: cut off, copy it again"
        faults.append(Fault(f"{path}:{last_line}", text))
    return faults

"""OpenPose's 137 points of a video as an Excel workbook: T rows of 411 numbers, no header."""

import zipfile
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from engine.errors import UsageError
from training.datasets.faults import DataSetError, Fault
from training.datasets.number_table import F64
from training.datasets.points import FULL_137
from training.datasets.row_check import LIMIT, RowCheck

_DAMAGE = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, IndexError, EOFError)

WIDTH = 3 * FULL_137.count


def read_openpose(path: Path) -> F64:
    """The points of a video.

    Args:
        path: The workbook; its first sheet is read, row by row.

    Returns:
        `(T, 411)` float64, T >= 1: x, y in pixels and confidence of 137 points.

    Raises:
        DataSetError: It is missing, damaged, empty, or not what it must be; with all faults.
        UsageError: There is nothing here that reads workbooks.
    """
    good: list[F64] = []
    check = RowCheck(str(path), (WIDTH,))
    for line, cells in enumerate(_rows(path), 1):
        row = _numbers(cells)
        if row is None:
            check.row(line, cells)
        else:
            good.append(row)
    if check.faults:
        raise DataSetError(check.faults)
    if not good:
        raise DataSetError([Fault(str(path), "expected rows of numbers, got none")])
    return np.array(good)


def _rows(path: Path) -> Iterator[tuple[object, ...]]:
    openpyxl = _openpyxl()
    try:
        # Not kept in memory as a whole: a workbook of 20 MB would take gigabytes.
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            yield from workbook.worksheets[0].iter_rows(values_only=True)
        finally:
            workbook.close()
    except OSError as error:
        fault = Fault(str(path), f"cannot be read: {error.strerror or error}")
        raise DataSetError([fault]) from error
    except _DAMAGE as error:
        fault = Fault(str(path), f"no workbook, or cut off: copy it again ({error})")
        raise DataSetError([fault]) from error


def _openpyxl() -> Any:
    try:
        return import_module("openpyxl")
    except ImportError as error:
        raise UsageError(
            "openpyxl is not installed, and only it reads the .xlsx files of iMiGUE: install it "
            "with `pip install openpyxl`"
        ) from error


def _numbers(cells: tuple[object, ...]) -> F64 | None:
    """A row of good numbers, None if it is anything else."""
    if len(cells) != WIDTH:
        return None
    try:
        row = np.array(cells, np.float64)
    except (TypeError, ValueError):
        return None
    return row if bool((np.abs(row) <= LIMIT).all()) else None

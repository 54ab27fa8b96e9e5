"""The comparison as a table for people, and as lines that add up over runs."""

import csv
from collections.abc import Iterable
from pathlib import Path

from rich.console import JustifyMethod
from rich.table import Table

from engine.errors import UsageError
from training.clips.comparison import Row
from training.evaluation.intervals import Estimate

COLUMNS = (
    *("protocol", "synthetic", "model", "parameters", "train_clips", "test_clips", "epochs"),
    *("seed", "top1", "top1_low", "top1_high", "top5", "top5_low", "top5_high", "mean_class"),
    *("published_top1", "published_top5"),
)
COLUMNS_TOLD = ("model", "parameters", "top-1 %", "top-5 %", "mean of classes %", "published")
"""What a person sees of a line, see `cells`."""


def table(rows: Iterable[Row], title: str, *, comparable: bool) -> Table:
    """For the terminal.

    Args:
        rows: Of the models.
        title: Above it.
        comparable: Whether the data are those of the published figures.
    """
    told = Table(title=title)
    for name in COLUMNS_TOLD:
        note = ", not comparable" if name == "published" and not comparable else ""
        side: JustifyMethod = "left" if name == "model" else "right"
        told.add_column(name + note, justify=side, overflow="fold")  # names must stay whole
    for row in rows:
        told.add_row(*cells(row))
    return told


def cells(row: Row) -> tuple[str, ...]:
    """A line for a person, by `COLUMNS_TOLD`."""
    told = (row.figures.top1, row.figures.top5, row.figures.mean_class)
    count = f"{row.parameters:,}" if row.parameters else "-"
    return (row.name, count, *map(_percent, told), _published(row))


def append(path: Path, rows: Iterable[Row], **run: object) -> None:
    """Add a line a row to a csv file, which begins with its columns.

    Args:
        path: The file; made if it is not there.
        rows: Of the models.
        run: The columns that are the same for all of them.

    Raises:
        UsageError: It cannot be written, or is a table of something else.
    """
    check_columns(path)
    try:
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            if new:
                writer.writeheader()
            writer.writerows({**run, **_line(row)} for row in rows)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def check_columns(path: Path) -> None:
    """Tell before hours of training that lines cannot be added to a file.

    Raises:
        UsageError: It cannot be read, or is a table of something else.
    """
    head = ",".join(COLUMNS)
    try:
        if path.exists() and path.read_text("utf-8").partition("\n")[0].strip() != head:
            raise UsageError(f"{path}: has other columns; expected {head}: name another file")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error


def _line(row: Row) -> dict[str, object]:
    top1, top5 = row.figures.top1, row.figures.top5
    return {
        "model": row.name,
        "parameters": row.parameters,
        "top1": _rounded(top1.value),
        "top1_low": _rounded(top1.low),
        "top1_high": _rounded(top1.high),
        "top5": _rounded(top5.value),
        "top5_low": _rounded(top5.low),
        "top5_high": _rounded(top5.high),
        "mean_class": _rounded(row.figures.mean_class.value),
        "published_top1": row.published_top1_percent,
        "published_top5": row.published_top5_percent,
    }


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 4)


def _percent(one: Estimate) -> str:
    if one.value is None:
        return "-"
    if one.low is None or one.high is None:
        return f"{100 * one.value:.1f}"
    return f"{100 * one.value:.1f} [{100 * one.low:.1f}, {100 * one.high:.1f}]"


def _published(row: Row) -> str:
    if row.published_top1_percent is None:
        return "-"
    return f"{row.published_top1_percent:.2f} / {row.published_top5_percent:.2f}"

"""From the cells of one label row to a clip, or to what is wrong with it."""

from collections.abc import Collection, Mapping

from engine.labels import BY_ID

IMIGUE_LABELS = tuple(BY_ID)
"""Raw ids 1..31 and 99."""


def whole_number(cell: str) -> int | None:
    """A whole number, also written as `12.0`; None if it is none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def parsed_row(cells: Mapping[str, str], labels: Collection[int] = IMIGUE_LABELS) -> (
    tuple[int, int, int] | str
):  # fmt: skip
    """Label, first frame and last frame of a row, or what is wrong with it.

    Args:
        cells: `class`, `start_frame` and `end_frame`, as text.
        labels: Those that there are.
    """
    numbers = {name: whole_number(cell) for name, cell in cells.items()}
    for name, number in numbers.items():
        if number is None:
            return f"{name}: expected a whole number, got '{cells[name]}'"
    label, start, end = (numbers[name] or 0 for name in ("class", "start_frame", "end_frame"))
    if label not in labels:
        return f"class: expected {_range(labels)}, got {label}"
    if start < 0:
        return f"start_frame: expected 0 or more, got {start}"
    if end < start:
        return f"ends at frame {end}, before its start at {start}"
    return label, start, end


def _range(labels: Collection[int]) -> str:
    run = [label for label in sorted(labels) if label + 1 in labels or label - 1 in labels]
    alone = [str(label) for label in sorted(labels) if label not in run]
    return " or ".join([f"{run[0]} to {run[-1]}", *alone])

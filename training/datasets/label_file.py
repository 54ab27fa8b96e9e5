"""Label files of one video: `class,start,end` a line, without a header, the end inclusive."""

from collections.abc import Collection
from pathlib import Path

from training.datasets.faults import DataSetError, Fault
from training.datasets.label_row import IMIGUE_LABELS, parsed_row, whole_number
from training.datasets.labelled_clip import LabelledClip
from training.datasets.text_file import read_text

_COLUMNS = ("class", "start_frame", "end_frame")


def read_labels(path: Path, video: int) -> tuple[LabelledClip, ...]:
    """The clips of a video, one a line, in the order of the file.

    Args:
        path: The label file. A header line is passed over, and not counted.
        video: Number of the video.

    Raises:
        DataSetError: It is missing or a line is not a clip; with all faults.
    """
    rows = read_spans(path, IMIGUE_LABELS)
    return tuple(LabelledClip(video, number, *row) for number, row in enumerate(rows))


def read_spans(path: Path, labels: Collection[int]) -> list[tuple[int, int, int]]:
    """Label, first frame and last frame of each line.

    Args:
        path: The label file.
        labels: Those that there are.

    Raises:
        DataSetError: As for `read_labels`.
    """
    lines = read_text(path).splitlines()
    numbered = [(line, row.split(",")) for line, row in enumerate(lines, 1) if row.strip()]
    if numbered and all(whole_number(cell) is None for cell in numbered[0][1]):
        numbered = numbered[1:]
    rows, faults = [], []
    for line, cells in numbered:
        row = _row(cells, labels)
        if isinstance(row, str):
            faults.append(Fault(f"{path}:{line}", row))
        else:
            rows.append(row)
    if faults:
        raise DataSetError(faults)
    return rows


def _row(cells: list[str], labels: Collection[int]) -> tuple[int, int, int] | str:
    if len(cells) != len(_COLUMNS):
        return f"expected {','.join(_COLUMNS)}, got {len(cells)} columns"
    return parsed_row(dict(zip(_COLUMNS, cells, strict=True)), labels)

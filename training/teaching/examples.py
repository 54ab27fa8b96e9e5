"""Where a gesture was shown: a csv file with `recording,start_s,end_s`."""

import csv
from dataclasses import dataclass
from pathlib import Path

from engine.errors import UsageError
from training.datasets.text_file import read_text

COLUMNS = ("recording", "start_s", "end_s")


@dataclass(frozen=True)
class Example:
    """The gesture once.

    Attributes:
        place: Where it is written down, for messages.
        recording: Where it is to be seen, in its first stream.
        start_s: First instant, from the first sample of the recording.
        end_s: Last instant.
    """

    place: str
    recording: Path
    start_s: float
    end_s: float


def read_examples(path: Path) -> tuple[Example, ...]:
    """Read and check a file of examples.

    Args:
        path: Recordings in it are named from its folder on.

    Raises:
        UsageError: It cannot be read, or a line of it makes no sense.
    """
    reader = csv.DictReader(read_text(path).splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(
            f"{path}:1: expected a header with {','.join(COLUMNS)}; {', '.join(missing)} is missing"
        )
    return tuple(_example(f"{path}:{reader.line_num}", row, path.parent) for row in reader)


def _example(place: str, row: dict[str, str | None], folder: Path) -> Example:
    recording, start, end = ((row[name] or "").strip() for name in COLUMNS)
    try:
        start_s, end_s = float(start), float(end)
    except ValueError as error:
        raise UsageError(f"{place}: expected seconds, got '{start}' and '{end}'") from error
    if not 0.0 <= start_s < end_s < float("inf"):
        raise UsageError(f"{place}: expected 0 <= start_s < end_s, got {start} and {end}")
    if not (folder / recording).is_file():
        raise UsageError(f"{place}: there is no recording {folder / recording}")
    return Example(place, folder / recording, start_s, end_s)

"""What a person says happens in a recording, and when: `label,start_s,end_s` a line."""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.errors import UsageError
from engine.labels import BY_ID, BY_SLUG, LABELS, Label
from engine.wire import tables
from training.datasets.faults import DataSetError, Fault
from training.datasets.text_file import read_text

COLUMNS = ("label", "start_s", "end_s")
AFTER_END_S = 0.1
"""How far an annotation may reach beyond the last pose sample: to the end of its frame."""

_NEAREST = 3
_LOOSE = 0.4  # of a match: rather a far suggestion than none
_BY_NAME = {label.name.lower(): label for label in LABELS}


@dataclass(frozen=True)
class Annotation:
    """One gesture.

    Attributes:
        label_id: Raw iMiGUE id, 1..31 or 99.
        start_s: First instant, in seconds from the recording's first pose sample.
        end_s: First instant after it.
    """

    label_id: int
    start_s: float
    end_s: float

    @property
    def slug(self) -> str:
        """Short name of its class."""
        return BY_ID[self.label_id].slug


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Annotations of a csv file, in its order.

    Args:
        path: The file; its first line names `label`, `start_s` and `end_s`.

    Raises:
        DataSetError: It is missing, lacks a column, or a line makes no sense; with all faults.
    """
    reader = csv.DictReader(read_text(path).splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        text = f"expected a header with {','.join(COLUMNS)}; {', '.join(missing)} is missing"
        raise DataSetError([Fault(f"{path}:1", text)])
    return checked(
        (f"{path}:{reader.line_num}", {name: row[name] or "" for name in COLUMNS}) for row in reader
    )


def write_annotations(path: Path, annotations: Iterable[Annotation]) -> None:
    """Write a csv file, in order of time.

    Raises:
        UsageError: It cannot be written.
    """
    rows = (
        {"label": a.slug, "start_s": a.start_s, "end_s": a.end_s} for a in in_order(annotations)
    )
    try:
        tables.write_csv(path, COLUMNS, rows)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def checked(rows: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[Annotation, ...]:
    """Annotations out of text.

    Args:
        rows: Place for messages, and the text of `COLUMNS`.

    Raises:
        DataSetError: A label is unknown or a time makes no sense; with all faults.
    """
    found, faults = [], []
    for place, cells in rows:
        annotation = _annotation(cells)
        if isinstance(annotation, str):
            faults.append(Fault(place, annotation))
        else:
            found.append(annotation)
    if faults:
        raise DataSetError(faults)
    return tuple(found)


def beyond(annotations: Iterable[Annotation], duration_s: float, place: str) -> list[Fault]:
    """Those that do not lie in a recording.

    Args:
        annotations: To check.
        duration_s: From the first pose sample to the last.
        place: For messages.
    """
    return [
        Fault(place, f"{a.slug} from {a.start_s:g} s to {a.end_s:g} s: the recording has only "
              f"{duration_s:.3f} s")
        for a in annotations
        if a.end_s > duration_s + AFTER_END_S
    ]  # fmt: skip


def in_order(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The same in order of time."""
    return sorted(annotations, key=lambda a: (a.start_s, a.end_s, a.label_id))


def _annotation(cells: Mapping[str, str]) -> Annotation | str:
    label = _label(cells["label"])
    if label is None:
        return (
            f"label '{cells['label']}' is unknown; nearest are {', '.join(_near(cells['label']))}"
        )
    times_s = [_seconds(cells[name]) for name in COLUMNS[1:]]
    start_s, end_s = times_s
    if start_s is None or end_s is None:
        return f"expected times in seconds, got '{cells['start_s']}' and '{cells['end_s']}'"
    if not 0 <= start_s < end_s:
        return f"{label.slug}: expected 0 <= start_s < end_s, got {start_s:g} and {end_s:g}"
    return Annotation(label.id, start_s, end_s)


def _label(text: str) -> Label | None:
    """By short name, name of the paper, or raw id."""
    word = text.strip()
    if word.isdecimal():
        return BY_ID.get(int(word))
    return BY_SLUG.get(word.lower()) or _BY_NAME.get(word.lower())


def _near(text: str) -> list[str]:
    word = text.strip().lower().replace(" ", "_")
    return get_close_matches(word, BY_SLUG, _NEAREST, _LOOSE) or sorted(BY_SLUG)


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

"""How recordings ended: `recording,outcome,subject` a line."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.datasets.faults import DataSetError, Fault
from training.datasets.text_file import read_text
from training.emotion.watched import EVENTS

COLUMNS = ("recording", "outcome", "subject")
STREAM = "stream"
_OUTCOMES = {"positive": True, "negative": False}


@dataclass(frozen=True)
class Outcome:
    """One recording, or one person in it.

    Attributes:
        recording: Name of the recording, or of what `analyze` made of it.
        positive: Whether its state is the positive one.
        subject: Who is in it; recordings of one person are not independent.
        stream: Of a recording with several people; empty is the main one.
    """

    recording: str
    positive: bool
    subject: str
    stream: str = ""

    @property
    def name(self) -> str:
        """Tells it apart from all others, whichever of its files the recording is named by."""
        recording = self.recording.removesuffix(EVENTS)
        return f"{recording}:{self.stream}" if self.stream else recording


def read_outcomes(path: Path) -> tuple[Outcome, ...]:
    """Outcomes of a csv file, in its order.

    Args:
        path: The file; its first line names `COLUMNS`, and `stream` if some recordings have
            several people.

    Raises:
        DataSetError: It is missing or empty, lacks a column, or a line makes no sense; with all
            faults.
    """
    reader = csv.DictReader(read_text(path).splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        text = f"expected a header with {','.join(COLUMNS)}; {', '.join(missing)} is missing"
        raise DataSetError([Fault(f"{path}:1", text)])
    found: dict[str, Outcome] = {}
    faults = []
    for row in reader:
        outcome = _outcome({name: (row.get(name) or "").strip() for name in (*COLUMNS, STREAM)})
        if isinstance(outcome, Outcome) and outcome.name in found:
            outcome = f"'{outcome.name}' is named twice"
        if isinstance(outcome, str):
            faults.append(Fault(f"{path}:{reader.line_num}", outcome))
        else:
            found[outcome.name] = outcome
    if not found and not faults:
        faults.append(Fault(str(path), "expected a line for each recording, got none"))
    if faults:
        raise DataSetError(faults)
    return tuple(found.values())


def _outcome(cells: Mapping[str, str]) -> Outcome | str:
    """One line, or what is wrong with it."""
    for name in ("recording", "subject"):
        if not cells[name]:
            return f"expected a {name}, got none"
    if cells["outcome"] not in _OUTCOMES:
        return f"expected the outcome positive or negative, got '{cells['outcome']}'"
    return Outcome(cells["recording"], _OUTCOMES[cells["outcome"]], cells["subject"], cells[STREAM])

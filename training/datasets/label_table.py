"""The label table of the full release: one csv with a header for all videos."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from training.datasets.dataset import Outcome
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_row import parsed_row, whole_number
from training.datasets.labelled_clip import LabelledClip
from training.datasets.text_file import read_text

LABELS = "labels_*.csv"
_SPAN = ("class", "start_frame", "end_frame")
_COLUMNS = ("video_id", "subject_id", *_SPAN, "win_or_lose")
_OUTCOMES: dict[str, Outcome] = {"win": "win", "lose": "lose", "loss": "lose"}


@dataclass(frozen=True)
class LabelTable:
    """All labels.

    Attributes:
        clips: Of each video, in the order of the table.
        subjects: Of each video.
        outcomes: Of each video.
    """

    clips: Mapping[int, tuple[LabelledClip, ...]]
    subjects: Mapping[int, int]
    outcomes: Mapping[int, Outcome]


NO_LABELS = LabelTable({}, {}, {})


def read_label_table(path: Path) -> LabelTable:
    """Read `labels_*.csv`.

    Args:
        path: The table; columns beyond those used are passed over.

    Raises:
        DataSetError: It is missing, lacks a column or holds a row that makes no sense; with all
            faults.
    """
    reader = csv.DictReader(read_text(path).splitlines())
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        expected = f"expected a header with {','.join(_COLUMNS)}"
        raise DataSetError([Fault(f"{path}:1", f"{expected}; {', '.join(missing)} is missing")])
    builder = _Builder(path)
    for row in reader:
        builder.add(reader.line_num, row)
    return builder.table()


def label_tables(root: Path) -> list[Path]:
    """Label tables of the full release in `root` or in its folder `Label`, by name."""
    return sorted(
        {*root.glob(LABELS), *root.glob(f"Label/{LABELS}"), *root.glob(f"*/Label/{LABELS}")}
    )


def newest_labels(root: Path) -> LabelTable:
    """What the newest label table of a copy says; nothing if there is none.

    Raises:
        DataSetError: It is damaged.
    """
    # The date is in the name, so the last one by name is the newest.
    paths = label_tables(root)
    return read_label_table(paths[-1]) if paths else NO_LABELS


@dataclass
class _Builder:
    path: Path
    faults: list[Fault] = field(default_factory=list)
    clips: dict[int, list[LabelledClip]] = field(default_factory=dict)
    subjects: dict[int, int] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def add(self, line: int, row: Mapping[str, str | None]) -> None:
        cells = {name: (row[name] or "").strip() for name in _COLUMNS}
        wrong = self._wrong(cells)
        if wrong:
            self.faults.append(Fault(f"{self.path}:{line}", wrong))

    def table(self) -> LabelTable:
        if self.faults:
            raise DataSetError(self.faults)
        if not self.clips:
            raise DataSetError([Fault(str(self.path), "expected labelled clips, got none")])
        clips = {video: tuple(found) for video, found in sorted(self.clips.items())}
        return LabelTable(clips, self.subjects, self.outcomes)

    def _wrong(self, cells: Mapping[str, str]) -> str:
        """Takes a row; what is wrong with it, or nothing."""
        video, subject = whole_number(cells["video_id"]), whole_number(cells["subject_id"])
        if video is None or subject is None:
            return f"expected numbers of video and subject, got {list(cells.values())[:2]}"
        outcome = _OUTCOMES.get(cells["win_or_lose"].lower())
        if outcome is None:
            return f"win_or_lose: expected Win or Lose, got '{cells['win_or_lose']}'"
        if self.subjects.setdefault(video, subject) != subject:
            return f"video {video} is of subject {self.subjects[video]} above and {subject} here"
        if self.outcomes.setdefault(video, outcome) != outcome:
            return f"video {video} is '{self.outcomes[video]}' above and '{outcome}' here"
        span = parsed_row({name: cells[name] for name in _SPAN})
        if isinstance(span, str):
            return span
        found = self.clips.setdefault(video, [])
        found.append(LabelledClip(video, len(found), *span))
        return ""

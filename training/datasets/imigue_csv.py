"""The skeleton release of the MiGA challenge: csv files in a folder a video.

`imigue_skeleton_train/0001/` and its sisters `_validate` and `_test` hold `0001_light_hand.csv`
(a running number and 35 points), sometimes only `0001_light.csv`, and `0001_label.csv`. Who is in a
video and how the match ended is in the label table of the full release, which may lie beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.datasets import published
from training.datasets.dataset import Part, Video
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_file import read_labels
from training.datasets.label_table import LabelTable, newest_labels
from training.datasets.labelled_clip import LabelledClip
from training.datasets.number_table import F64, read_table
from training.datasets.openpose_xlsx import read_openpose
from training.datasets.point_rows import poses_of
from training.datasets.points import BODY_25, FULL_137, LIGHT_35
from training.datasets.poses import Poses
from training.datasets.video_folders import VideoFolder, video_folders

LABELS = "_label.csv"
LIGHT_HAND = "_light_hand.csv"
LIGHT = "_light.csv"
OPENPOSE = "_openpose.xlsx"
SUFFIXES = (LIGHT_HAND, LIGHT, OPENPOSE, LABELS)
_LAYOUTS = {1 + 3 * layout.count: layout for layout in (LIGHT_35, BODY_25)}
_LIGHT_HAND_WIDTH = 1 + 3 * LIGHT_35.count
_PRECEDENCE: tuple[Part | None, ...] = ("train", None, "validation", "test")


class MigaCopy:
    """A `DataSet` over a copy, whole or in part.

    Args:
        root: Any folder at or above those of the videos.
    """

    name = "iMiGUE, MiGA skeleton release"
    rate_hz = published.RATE_HZ

    def __init__(self, root: Path) -> None:
        self.root = root
        found = [folder for folder in video_folders(root) if folder.with_any(SUFFIXES)]
        self.repeated = _repeated(found)
        chosen = {folder.number: folder for folder in sorted(found, key=_rank, reverse=True)}
        self.skipped: Mapping[int, str] = {
            number: published.BROKEN[number]
            for number in sorted(chosen)
            if number in published.BROKEN
        }
        self._folders = {n: chosen[n] for n in sorted(chosen) if n not in self.skipped}
        people = newest_labels(root)
        self.videos = tuple(_video(folder, people) for folder in self._folders.values())

    def clips(self, video: int) -> tuple[LabelledClip, ...]:
        """See `DataSet`."""
        path = self._folder(video).named(LABELS)
        if path is None:
            raise _missing(self._folder(video), LABELS)
        return read_labels(path, video)

    def poses(self, video: int) -> Poses:
        """See `DataSet`."""
        folder = self._folder(video)
        light = folder.named(LIGHT_HAND) or folder.named(LIGHT)
        if light is not None:
            return _csv_poses(light)
        workbook = folder.named(OPENPOSE)
        if workbook is None:
            raise _missing(folder, LIGHT_HAND)
        return poses_of(read_openpose(workbook), FULL_137)

    def _folder(self, video: int) -> VideoFolder:
        if video in self._folders:
            return self._folders[video]
        why = self.skipped.get(video, f"there is no folder {video:04d} with files of this release")
        raise DataSetError([Fault(str(self.root), f"video {video} cannot be used: {why}")])


def _csv_poses(path: Path) -> Poses:
    hands = path.name.endswith(LIGHT_HAND)
    widths = (_LIGHT_HAND_WIDTH,) if hands else tuple(_LAYOUTS)
    values = read_table(path, widths).values
    poses = poses_of(values[:, 1:], _LAYOUTS[values.shape[1]])
    return replace(poses, notes=(*poses.notes, *_gap_notes(values[:, 0])))


def _gap_notes(numbers: F64) -> list[str]:
    """Labels count rows, as every published reader does; the numbers of rows may differ."""
    gaps = np.flatnonzero(np.diff(numbers) != 1)
    if not len(gaps):
        return []
    first, second = numbers[gaps[0] : gaps[0] + 2]
    text = f"row number {second:g} comes after {first:g}"
    return [f"{text}, and {len(gaps)} such places in all: rows may be missing, frames are rows"]


def _video(folder: VideoFolder, people: LabelTable) -> Video:
    return Video(
        folder.number,
        subject=people.subjects.get(folder.number),
        outcome=people.outcomes.get(folder.number),
        part=folder.part,
        has_labels=folder.named(LABELS) is not None,
        has_poses=folder.with_any((LIGHT_HAND, LIGHT, OPENPOSE)),
    )


def _rank(folder: VideoFolder) -> int:
    return _PRECEDENCE.index(folder.part)


def _repeated(folders: Sequence[VideoFolder]) -> dict[int, tuple[Path, ...]]:
    """Videos with more than one folder: those of validation may lie in training as well."""
    by_number: dict[int, list[Path]] = {}
    for folder in folders:
        by_number.setdefault(folder.number, []).append(folder.path)
    return {number: tuple(paths) for number, paths in by_number.items() if len(paths) > 1}


def _missing(folder: VideoFolder, suffix: str) -> DataSetError:
    name = f"{folder.number:04d}{suffix}"
    return DataSetError([Fault(str(folder.path), f"{name} is missing")])

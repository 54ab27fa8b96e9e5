"""The full release of iMiGUE: one label table, and 137 points a frame as workbooks.

`Label/labels_20200831.csv` has all labels with subject and outcome; `mg_skeleton_only/0001/
0001_2.xlsx` the points. Published readers of these labels disagree on whether the last frame
belongs to a clip; here it does, as in the challenge's label files.
"""

from collections.abc import Mapping
from pathlib import Path

from training.datasets import published
from training.datasets.dataset import Video
from training.datasets.faults import DataSetError, Fault
from training.datasets.label_table import LabelTable, newest_labels
from training.datasets.labelled_clip import LabelledClip
from training.datasets.openpose_xlsx import read_openpose
from training.datasets.point_rows import poses_of
from training.datasets.points import FULL_137
from training.datasets.poses import Poses
from training.datasets.video_folders import video_folders

POINTS = "_2.xlsx"


class FullCopy:
    """A `DataSet` over a copy; a copy without points, or without labels, has only the others.

    Args:
        root: Any folder at or above `Label` and `mg_skeleton_only`.
        labels: In place of those of the copy.

    Raises:
        DataSetError: The label table is damaged.
    """

    name = "iMiGUE, full release"
    rate_hz = published.RATE_HZ

    def __init__(self, root: Path, labels: LabelTable | None = None) -> None:
        self.root = root
        self._labels = newest_labels(root) if labels is None else labels
        paths = {folder.number: folder.named(POINTS) for folder in video_folders(root)}
        self._points = {number: path for number, path in paths.items() if path}
        numbers = sorted({*self._labels.clips, *self._points})
        self.skipped: Mapping[int, str] = {
            number: published.BROKEN[number] for number in numbers if number in published.BROKEN
        }
        self.videos = tuple(self._video(n) for n in numbers if n not in self.skipped)

    def clips(self, video: int) -> tuple[LabelledClip, ...]:
        """See `DataSet`."""
        if video not in self._labels.clips or video in self.skipped:
            raise self._none(video, "labels")
        return self._labels.clips[video]

    def poses(self, video: int) -> Poses:
        """See `DataSet`."""
        if video not in self._points or video in self.skipped:
            raise self._none(video, f"{video:04d}{POINTS}")
        return poses_of(read_openpose(self._points[video]), FULL_137)

    def _video(self, number: int) -> Video:
        return Video(
            number,
            subject=self._labels.subjects.get(number),
            outcome=self._labels.outcomes.get(number),
            has_labels=number in self._labels.clips,
            has_poses=number in self._points,
        )

    def _none(self, video: int, what: str) -> DataSetError:
        why = self.skipped.get(video, f"it has no {what} here")
        return DataSetError([Fault(str(self.root), f"video {video} cannot be used: {why}")])

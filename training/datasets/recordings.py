"""Our own recordings with annotations beside them, as a data set.

Beside `NAME.mcap` lies `NAME.mcap.annotations.csv` or `NAME.mcap.eaf`, as `annotate` writes them.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.config import ResampleConfig
from engine.core.joint_set import in_joint_set
from engine.core.resample import NS_PER_S, Resampler, Tick
from engine.errors import ModelError
from engine.imigue import from_holistic
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75, IMIGUE_22
from engine.wire.recording import Recording, open_recording
from training.datasets import published
from training.datasets.annotations import Annotation, beyond, read_annotations
from training.datasets.dataset import Video
from training.datasets.elan_annotations import read_elan_annotations
from training.datasets.faults import DataSetError, Fault
from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses

CSV = ".annotations.csv"
ELAN = ".eaf"


class RecordingSet:
    """A `DataSet` over all recordings of a folder, numbered from 1 in the order of their names.

    Samples are resampled to iMiGUE's rate as in a live run; frame 0 is the first pose sample.

    Args:
        folder: Of the recordings.

    Attributes:
        paths: The recording of each number.
    """

    name = "recordings of Fidget"
    rate_hz = published.RATE_HZ

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: Mapping[int, Path] = dict(enumerate(sorted(folder.glob("*.mcap")), 1))
        self.skipped: Mapping[int, str] = {}
        self.videos = tuple(
            Video(number, has_labels=annotations_beside(path) is not None)
            for number, path in self.paths.items()
        )

    def clips(self, video: int) -> tuple[LabelledClip, ...]:
        """See `DataSet`; annotations to the nearest frames."""
        path = self._path(video)
        file = annotations_beside(path)
        if file is None:
            text = f"there is no {path.name}{CSV} beside it, and no {path.name}{ELAN}"
            raise DataSetError([Fault(str(path), text)])
        annotations = read_any(file)
        faults = beyond(annotations, open_recording(path).survey.duration_s, str(file))
        if faults:
            raise DataSetError(faults)
        return tuple(self._clip(video, n, a) for n, a in enumerate(annotations))

    def poses(self, video: int) -> Poses:
        """See `DataSet`; frames in which nobody was found have failed."""
        return recorded_poses(open_recording(self._path(video)), self.rate_hz)

    def _clip(self, video: int, number: int, annotation: Annotation) -> LabelledClip:
        first = round(annotation.start_s * self.rate_hz)
        last = max(first, round(annotation.end_s * self.rate_hz) - 1)
        return LabelledClip(video, number, annotation.label_id, first, last)

    def _path(self, video: int) -> Path:
        if video not in self.paths:
            text = f"there is no recording {video}, only 1 to {len(self.paths)}"
            raise DataSetError([Fault(str(self.folder), text)])
        return self.paths[video]


def beside(recording: Path, suffix: str) -> Path:
    """The file of annotations that belongs to a recording.

    Args:
        recording: The recording.
        suffix: `CSV` or `ELAN`.
    """
    return recording.with_name(recording.name + suffix)


def annotations_beside(recording: Path) -> Path | None:
    """The annotations of a recording, csv before ELAN; None if there are none."""
    files = (beside(recording, suffix) for suffix in (CSV, ELAN))
    return next((file for file in files if file.is_file()), None)


def read_any(path: Path, tier: str | None = None) -> tuple[Annotation, ...]:
    """Annotations of a csv or ELAN file, by its suffix.

    Raises:
        DataSetError: As for `read_annotations` and `read_elan_annotations`.
    """
    return read_elan_annotations(path, tier) if path.suffix == ELAN else read_annotations(path)


def recorded_poses(recording: Recording, rate_hz: float) -> Poses:
    """The joints of a recording at a steady rate.

    Args:
        recording: Its first stream is read.
        rate_hz: Frames a second.

    Raises:
        DataSetError: It has no samples, another joint set, or its time jumps back.
        RecordingError: It is malformed.
    """
    builder = _Frames(recording.path, rate_hz)
    for sample in recording.pose_inputs():
        builder.add(sample)
    return builder.poses()


class _Frames:
    def __init__(self, path: Path, rate_hz: float) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._resampler = Resampler(ResampleConfig(), rate_hz)
        self._ticks: dict[int, Tick] = {}
        self._first_ns: int | None = None
        self._last: PoseSample | None = None
        self._size_px = (published.WIDTH_PX, published.HEIGHT_PX)

    def add(self, sample: PoseSample) -> None:
        if self._first_ns is None:
            self._first_ns = sample.capture_ns
        if self._last is not None and sample.capture_ns < self._last.capture_ns:
            raise self._fault(f"its time jumps back at sample {sample.seq}: frames have no place")
        if self._last is not None and sample.epoch != self._last.epoch:
            self._resampler.reset()
        self._last = sample
        if sample.valid:
            self._size_px = (sample.width_px, sample.height_px)
        for tick in self._resampler.step(self._in_holistic(sample)):
            self._ticks[self._frame(tick.t_ns)] = tick

    def poses(self) -> Poses:
        if self._last is None:
            raise self._fault("holds no pose samples")
        frames = self._frame(self._last.capture_ns) + 1
        points = np.zeros((frames, len(IMIGUE_22), 3), np.float32)
        failed = np.ones(frames, np.bool_)
        size = np.array((*self._size_px, 1), np.float32)
        for frame, tick in self._ticks.items():
            if tick.valid:
                points[frame] = from_holistic(tick.joints) * size
                failed[frame] = False
        return Poses(points, failed, *self._size_px)

    def _frame(self, t_ns: int) -> int:
        return round((t_ns - (self._first_ns or 0)) * self._rate_hz / NS_PER_S)

    def _in_holistic(self, sample: PoseSample) -> PoseSample:
        try:
            return in_joint_set(sample, HOLISTIC_75)
        except ModelError as error:
            raise self._fault(
                f"has the joints '{sample.skeleton}', which are not known here"
            ) from error

    def _fault(self, text: str) -> DataSetError:
        return DataSetError([Fault(str(self._path), text)])

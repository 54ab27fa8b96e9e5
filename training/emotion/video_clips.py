"""The clips of one video, labelled ones or windows over all of it, for models that name them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.clip_set import MOST_TICKS, cut_clips
from training.clips.normalising import normalised
from training.datasets.dataset import DataSet
from training.datasets.labelled_clip import LabelledClip
from training.datasets.tidying import tidied
from training.emotion.encoding import timing
from training.evaluation.tally import I64
from training.labels import IGNORE


@dataclass(frozen=True)
class VideoClips:
    """E clips in the order of their starts.

    Attributes:
        clips: `(E, T, 22, 3)` float32 as of `normalised`, zeros after the end.
        lengths: `(E,)` int64 frames of each.
        labels: `(E,)` int64 class index of `training.labels`, `IGNORE` where there is none.
        timing: `(E, 2)` float32 as of `encoding.timing`.
    """

    clips: F32
    lengths: I64
    labels: I64
    timing: F32

    def __len__(self) -> int:
        return len(self.labels)

    def chosen(self, rows: I64) -> "VideoClips":
        """Some of the clips; pauses stay those between all of them."""
        return VideoClips(
            self.clips[rows], self.lengths[rows], self.labels[rows], self.timing[rows]
        )


class ClipsOfVideos:
    """Clips of a data set's videos, read when they are first asked for, and kept.

    Args:
        data: Where from.
        window_s: Length of windows without a pause between them; 0 takes the labelled clips.

    Raises:
        UsageError: Windows have no frame, or more than clips may have.
    """

    def __init__(self, data: DataSet, window_s: float = 0.0) -> None:
        self._data = data
        self._window = round(window_s * data.rate_hz)
        if window_s and not 1 <= self._window <= MOST_TICKS:
            raise UsageError(
                f"expected windows of {1 / data.rate_hz:g} to {MOST_TICKS / data.rate_hz:g} s, "
                f"got {window_s:g} s"
            )
        self._read: dict[str, VideoClips] = {}

    def of(self, name: str) -> VideoClips:
        """The clips of a video that `annotated` calls so.

        Raises:
            UsageError: There is no such video, it has no points, or they are damaged.
        """
        if name not in self._read:
            number = int(name)
            found = self._windows(number) if self._window else self._labelled(number)
            self._read[name] = _packed(list(found), self._data.rate_hz)
        return self._read[name]

    def _labelled(self, number: int) -> Iterator[tuple[F32, int, int, int]]:
        for points, clip in cut_clips(self._data, number):
            yield points, clip.class_index, clip.start_frame, clip.end_frame + 1

    def _windows(self, number: int) -> Iterator[tuple[F32, int, int, int]]:
        poses = self._data.poses(number)
        clips = tidied(self._data.clips(number), poses.frames).clips
        for start in range(0, poses.frames - self._window + 1, self._window):
            own = poses.cut(slice(start, start + self._window))
            label = _label_of(clips, start, start + self._window)
            yield normalised(own.points, own.failed), label, start, start + self._window


def _label_of(clips: tuple[LabelledClip, ...], start: int, end: int) -> int:
    """The class that takes at least half of a window."""
    taken = [min(clip.end_frame + 1, end) - max(clip.start_frame, start) for clip in clips]
    if not taken or 2 * max(taken) < end - start:
        return IGNORE
    return clips[int(np.argmax(taken))].class_index


def _packed(found: list[tuple[F32, int, int, int]], rate_hz: float) -> VideoClips:
    """Without those in which nobody is seen; sorted by their starts."""
    rows = sorted((row for row in found if row[0].any()), key=lambda row: row[2])
    longest = max((len(points) for points, *_ in rows), default=1)
    clips = np.zeros((len(rows), longest, len(IMIGUE_22), 3), np.float32)
    for clip, (points, *_) in zip(clips, rows, strict=True):
        clip[: len(points)] = points
    _, labels, starts, ends = zip(*rows, strict=True) if rows else ((), (), (), ())
    return VideoClips(
        clips=clips,
        lengths=np.array([len(points) for points, *_ in rows], np.int64),
        labels=np.array(labels, np.int64),
        timing=timing(
            np.array(starts, np.float32) / np.float32(rate_hz),
            np.array(ends, np.float32) / np.float32(rate_hz),
        ),
    )

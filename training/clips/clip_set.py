"""The labelled clips of some videos, as arrays."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.normalising import normalised
from training.datasets.dataset import DataSet, Video
from training.datasets.labelled_clip import LabelledClip
from training.datasets.tidying import tidied
from training.evaluation.tally import I64
from training.labels import NONE_INDEX

CutVideo = Callable[[DataSet, int], Iterator[tuple[F32, LabelledClip]]]
"""Points of each labelled clip of a video, such as `cut_clips`."""

MOST_TICKS = 90
"""As in the MiGA challenge: of longer clips the last so many frames count."""


@dataclass(frozen=True)
class ClipSet:
    """N clips.

    Attributes:
        clips: `(N, T, 22, 3)` float32 as of `normalised`, or as live; zeros after the end.
        lengths: `(N,)` int64 frames of each.
        labels: `(N,)` int64 class index of `training.labels`; `none` among windows for live use.
        subjects: `(N,)` who is in each; the video where the data set does not say.
        names: `(N,)` sample ids, such as `0004_0`.
        left_out: Who is in each clip without a single frame with a pose: nothing can be said
            about those.
    """

    clips: F32
    lengths: I64
    labels: I64
    subjects: tuple[str, ...]
    names: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def people(self) -> tuple[str, ...]:
        """Who is in them, each once, in the order of their first clips."""
        return tuple(dict.fromkeys(self.subjects))

    @property
    def classes(self) -> int:
        """How many its labels are of: iMiGUE's, and "none" where a window shows nothing."""
        return max(NONE_INDEX, int(self.labels.max(initial=0)) + 1)

    def digest(self) -> str:
        """Of all that a training could see of them."""
        found = hashlib.sha256()
        for array in (self.clips, self.lengths, self.labels):
            found.update(np.ascontiguousarray(array).data)
        return found.hexdigest()

    def of_people(self, people: Collection[str]) -> "ClipSet":
        """Only the clips of these people."""
        own = self.of_rows(np.flatnonzero([subject in people for subject in self.subjects]))
        return replace(own, left_out=tuple(one for one in self.left_out if one in people))

    def drawn(self, each: int, seed: int) -> "ClipSet":
        """So many clips of each class, or fewer where there are fewer.

        Args:
            each: How many.
            seed: Which ones; another draws others.
        """
        rng = np.random.default_rng((seed, each))
        chosen = [
            rng.permutation(np.flatnonzero(self.labels == k))[:each] for k in np.unique(self.labels)
        ]
        return self.of_rows(np.concatenate(chosen))

    def of_rows(self, rows: I64) -> "ClipSet":
        """Only these clips, in this order; nobody was left out of them."""
        return ClipSet(
            clips=self.clips[rows],
            lengths=self.lengths[rows],
            labels=self.labels[rows],
            subjects=tuple(self.subjects[row] for row in rows),
            names=tuple(self.names[row] for row in rows),
        )


def gather(
    data: DataSet,
    videos: Iterable[int],
    tell: Callable[[str], None] = lambda _: None,
    cut: CutVideo | None = None,
) -> ClipSet:
    """Read the clips of some videos, one video at a time.

    Args:
        data: Where from.
        videos: Numbers of the videos.
        tell: Hears what is being read.
        cut: How a video is cut; by default `cut_clips`.

    Raises:
        UsageError: A video is damaged, or there is no clip with a pose.
    """
    known = {video.number: video for video in data.videos}
    rows: list[tuple[F32, LabelledClip, str]] = []
    left_out: list[str] = []
    for number in videos:
        tell(f"reading video {number:04d}")
        for points, clip in (cut or cut_clips)(data, number):
            person = person_of(known[number])
            if points.any():
                rows.append((points, clip, person))
            else:
                left_out.append(person)
    if not rows:
        raise UsageError(f"{data.name}: no labelled clip with a pose in the chosen videos")
    clips = np.zeros((len(rows), MOST_TICKS, len(IMIGUE_22), 3), np.float32)
    for row, (points, _, _) in zip(clips, rows, strict=True):
        row[: len(points)] = points
    return ClipSet(
        clips=clips,
        lengths=np.array([len(points) for points, _, _ in rows], np.int64),
        labels=np.array([clip.class_index for _, clip, _ in rows], np.int64),
        subjects=tuple(subject for _, _, subject in rows),
        names=tuple(clip.sample_id for _, clip, _ in rows),
        left_out=tuple(left_out),
    )


def cut_clips(data: DataSet, number: int) -> Iterator[tuple[F32, LabelledClip]]:
    """Points of each labelled clip of a video, `(T, 22, 3)` as of `normalised`.

    T is at most `MOST_TICKS`. Those of a clip without a single frame with a pose are all 0.

    Raises:
        UsageError: There is no such video, it has no points or labels, or they are damaged.
    """
    poses = data.poses(number)
    for clip in tidied(data.clips(number), poses.frames).clips:
        frames = slice(max(clip.start_frame, clip.end_frame + 1 - MOST_TICKS), clip.end_frame + 1)
        own = poses.cut(frames)
        yield normalised(own.points, own.failed), clip


def person_of(video: Video) -> str:
    """Who is in a video; the video itself where the data set does not say."""
    return f"video {video.number}" if video.subject is None else f"subject {video.subject}"

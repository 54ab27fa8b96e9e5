"""Looks through a data set of long videos, one video at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from training.datasets import published
from training.datasets.abilities import abilities
from training.datasets.dataset import DataSet, Video
from training.datasets.faults import DataSetError, Fault
from training.datasets.inspection import Count, Inspection, Watch, class_shares, counted
from training.datasets.labelled_clip import LabelledClip
from training.datasets.poses import Poses
from training.datasets.tidying import tidied

_FAILED_PART = 0.5
_FEW = 5
T = TypeVar("T")


@dataclass
class _Seen:
    """What was seen so far; of the points, only how many."""

    faults: list[Fault] = field(default_factory=list)
    clips: dict[int, tuple[LabelledClip, ...]] = field(default_factory=dict)
    frames: int = 0
    failed: int = 0

    def read(self, reader: Callable[[int], T], video: int) -> T | None:
        """What the reader gives, or None with its faults kept."""
        try:
            return reader(video)
        except DataSetError as error:
            self.faults.extend(error.faults)
            return None

    def note(self, video: int, *texts: str) -> None:
        """Things worth knowing of a video."""
        self.faults.extend(Fault(f"video {video:04d}", text, fatal=False) for text in texts)


def inspect_videos(
    data: DataSet, folder: Path, faults: tuple[Fault, ...], watch: Watch, *, quick: bool
) -> Inspection:
    """Look through all videos.

    Args:
        data: The copy.
        folder: Where it is.
        faults: Those that are known already.
        watch: Told of progress.
        quick: Leave the points unread.
    """
    seen = _Seen(list(faults))
    for number, why in data.skipped.items():
        seen.note(number, f"is left out: {why}")
    for place, video in enumerate(data.videos, 1):
        _look(data, video, seen, quick=quick)
        watch(place, len(data.videos))
    seen.faults += _missing(data.videos)
    clips = [clip for found in seen.clips.values() for clip in found]
    return Inspection(
        str(folder),
        data.name,
        _counts(data, seen),
        class_shares(counted(clip.label_id for clip in clips)),
        abilities(data.videos, seen.clips),
        tuple(seen.faults),
    )


def _look(data: DataSet, video: Video, seen: _Seen, *, quick: bool) -> None:
    number = video.number
    if not 1 <= number <= published.LAST_VIDEO:
        text = f"expected videos 1 to {published.LAST_VIDEO}: it is none of iMiGUE's"
        seen.faults.append(Fault(f"video {number:04d}", text))
    clips = seen.read(data.clips, number) if video.has_labels else None
    poses = seen.read(data.poses, number) if video.has_poses and not quick else None
    if poses is not None:
        seen.frames += poses.frames
        seen.failed += int(poses.failed.sum())
        seen.note(number, *poses.notes, *_failure_notes(poses))
    if clips is not None:
        seen.clips[number] = clips
        seen.note(number, *tidied(clips, poses.frames if poses else None).notes)
        seen.note(number, *_placeholder_notes(clips), *_silent_notes(clips))


def _failure_notes(poses: Poses) -> list[str]:
    part = float(poses.failed.mean())
    return [f"OpenPose found nothing in {part:.0%} of its frames"] if part > _FAILED_PART else []


def _placeholder_notes(clips: tuple[LabelledClip, ...]) -> list[str]:
    """Label files of the hidden test set hold one and the same class in all rows."""
    if len(clips) < _FEW or len({clip.label_id for clip in clips}) > 1:
        return []
    return [f"all {len(clips)} clips are of class {clips[0].label_id}: placeholders?"]


def _silent_notes(clips: tuple[LabelledClip, ...]) -> list[str]:
    if clips:
        return []
    return ["nobody makes a gesture in it: protocols that go by person or outcome leave it out"]


def _missing(videos: tuple[Video, ...]) -> list[Fault]:
    """Files of single videos; what no video has makes a copy partial, not faulty."""
    faults = []
    if any(video.has_poses for video in videos):
        faults += [_fault(v, "its points are missing") for v in videos if not v.has_poses]
    if any(video.has_labels for video in videos):
        unlabelled = [v for v in videos if not v.has_labels and v.number not in published.MIGA_TEST]
        faults += [_fault(v, "its labels are missing") for v in unlabelled]
    return faults


def _fault(video: Video, text: str) -> Fault:
    return Fault(f"video {video.number:04d}", text)


def _counts(data: DataSet, seen: _Seen) -> tuple[Count, ...]:
    numbers = {video.number for video in data.videos} | set(data.skipped)
    outcomes = [video.outcome for video in data.videos]
    counts = [
        Count("videos, with those left out", len(numbers), published.VIDEOS),
        Count("videos with labels", len(seen.clips)),
        Count("of them without any gesture", sum(not clips for clips in seen.clips.values())),
        *_frame_counts(seen),
        Count("labelled clips", _clips(seen, numbers), published.CLIPS),
        *_subject_counts(data, seen),
        *_challenge_counts(seen),
        _videos("emotion videos to train on", numbers & published.EMOTION_TRAIN,
                len(published.EMOTION_TRAIN)),
        _videos("emotion videos to test on", numbers & published.EMOTION_TEST,
                len(published.EMOTION_TEST)),
    ]  # fmt: skip
    if any(outcomes):
        counts.append(Count("videos after a won match", outcomes.count("win"), published.WINS))
        counts.append(Count("videos after a lost match", outcomes.count("lose"), published.LOSSES))
    return tuple(counts)


def _frame_counts(seen: _Seen) -> list[Count]:
    if not seen.frames:
        return []
    return [Count("frames", seen.frames), Count("of them without any point", seen.failed)]


def _subject_counts(data: DataSet, seen: _Seen) -> list[Count]:
    """The paper's split, which needs to know who is in a video."""
    if not any(video.subject for video in data.videos):
        return []
    parts = (
        ("clips of training subjects", published.TRAIN_SUBJECTS, published.TRAIN_CLIPS),
        ("clips of test subjects", published.TEST_SUBJECTS, published.TEST_CLIPS),
    )
    return [
        Count(name, _clips(seen, {v.number for v in data.videos if v.subject in subjects}), count)
        for name, subjects, count in parts
    ]


def _challenge_counts(seen: _Seen) -> list[Count]:
    """The challenge's split, whose validation is a part of its training set."""
    train = set(seen.clips) - published.MIGA_TEST
    return [
        Count("clips of the challenge's training videos", _clips(seen, train),
              published.MIGA_TRAIN_CLIPS),
        Count("of them in its validation videos", _clips(seen, train & published.MIGA_VALIDATION),
              published.MIGA_VALIDATION_CLIPS),
        Count("clips of the challenge's test videos", _clips(seen, set(published.MIGA_TEST)),
              published.MIGA_TEST_CLIPS),
    ]  # fmt: skip


def _videos(name: str, numbers: frozenset[int] | set[int], count: int) -> Count:
    return Count(name, len(numbers), count)


def _clips(seen: _Seen, numbers: set[int]) -> int:
    return sum(len(clips) for number, clips in seen.clips.items() if number in numbers)

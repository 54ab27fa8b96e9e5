"""Annotated gestures of a data set as sequences, with how each match went."""

from collections.abc import Callable, Iterable

import numpy as np

from engine.errors import UsageError
from training.clips.clip_set import person_of
from training.datasets.dataset import DataSet
from training.datasets.tidying import tidied
from training.emotion.gesture_sequence import GestureSequence


def annotated(
    data: DataSet, videos: Iterable[int], tell: Callable[[str], None] = lambda _: None
) -> list[GestureSequence]:
    """Sequences of some videos, read one at a time.

    Gestures could be seen in frames with a pose, or, where the copy has no points, up to the end of
    the last labelled one.

    Args:
        data: Where from.
        videos: Numbers of the videos.
        tell: Hears what is being read.

    Raises:
        UsageError: It is not known how a match went, or a video is damaged.
    """
    known = {video.number: video for video in data.videos}
    made = []
    for number in videos:
        tell(f"reading video {number:04d}")
        video = known[number]
        if video.outcome is None:
            raise UsageError(
                f"{data.name}: how the match of video {number} went is not known; put the full "
                "release's Label/labels_*.csv beside it"
            )
        poses = data.poses(number) if video.has_poses else None
        clips = tidied(data.clips(number), poses.frames if poses else None).clips
        frames = (
            int((~poses.failed).sum())
            if poses
            else max((clip.end_frame + 1 for clip in clips), default=0)
        )
        made.append(
            GestureSequence(
                name=f"{number:04d}",
                subject=person_of(video),
                positive=video.outcome == "win",
                seen_s=max(frames, 1) / data.rate_hz,
                classes=np.array([clip.class_index for clip in clips], np.int64),
                start_s=np.array([clip.start_frame for clip in clips], np.float32) / data.rate_hz,
                end_s=np.array([clip.end_frame + 1 for clip in clips], np.float32) / data.rate_hz,
                scores=np.ones(len(clips), np.float32),
            )
        )
    return made

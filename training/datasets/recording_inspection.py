"""Looks through a folder of our own recordings."""

from collections.abc import Callable
from pathlib import Path

from engine.errors import RecordingError
from training.datasets.faults import DataSetError, Fault
from training.datasets.inspection import (
    Ability,
    Count,
    Inspection,
    Watch,
    class_shares,
    counted,
)
from training.datasets.labelled_clip import LabelledClip
from training.datasets.recordings import RecordingSet


def inspect_recordings(folder: Path, watch: Watch, *, quick: bool) -> Inspection:
    """Look through all recordings.

    Args:
        folder: Of the recordings.
        watch: Told of progress.
        quick: Leave the poses unread.
    """
    data = RecordingSet(folder)
    faults: list[Fault] = []
    clips: list[LabelledClip] = []
    frames: list[int] = []

    def read_clips(number: int) -> None:
        clips.extend(data.clips(number))

    def read_poses(number: int) -> None:
        frames.append(data.poses(number).frames)

    for place, video in enumerate(data.videos, 1):
        if video.has_labels:
            faults += _faults(read_clips, video.number, data)
        faults += [] if quick else _faults(read_poses, video.number, data)
        watch(place, len(data.videos))
    annotated = sum(video.has_labels for video in data.videos)
    counts = (
        Count("recordings", len(data.videos)),
        Count("annotated recordings", annotated),
        Count("annotations", len(clips)),
        Count("frames at 25 Hz", sum(frames)),
    )
    shares = class_shares(counted(clip.label_id for clip in clips))
    can = Ability("train or judge a recogniser", bool(clips), f"{annotated} are annotated")
    return Inspection(str(folder), data.name, counts, shares, (can,), tuple(faults))


def _faults(reader: Callable[[int], None], number: int, data: RecordingSet) -> tuple[Fault, ...]:
    try:
        reader(number)
    except DataSetError as error:
        return error.faults
    except RecordingError as error:
        path = str(data.paths[number])
        return (Fault(path, str(error).removeprefix(f"{path}: ")),)
    return ()

"""Which clips train and which test, by the name of a published protocol."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.errors import UsageError
from training.datasets.dataset import DataSet, Video
from training.datasets.silent_videos import silent_videos
from training.datasets.splits import Split, miga_split, subject_split

CROSS_SUBJECT = "cross-subject"
CHALLENGE = "miga"

_SPLITS: dict[str, Callable[[Iterable[Video]], Split]] = {
    CROSS_SUBJECT: subject_split,
    CHALLENGE: miga_split,
}
PROTOCOLS = tuple(_SPLITS)


def clip_split(data: DataSet, protocol: str) -> Split:
    """The protocol over the videos that have both labels and points.

    Args:
        data: Where the videos are.
        protocol: One of `PROTOCOLS`: the paper's 37 and 35 people, or the challenge's videos.

    Raises:
        UsageError: The protocol cannot be run on this copy, with what is missing.
    """
    usable = [video for video in data.videos if video.has_labels and video.has_poses]
    left_out = _of_nobody(data, usable) if protocol == CROSS_SUBJECT else ()
    placed = [video for video in usable if video.number not in left_out]
    split = replace(_SPLITS[protocol](placed), left_out=left_out)
    for part, videos in (("train", split.train), ("test", split.test)):
        if not videos:
            raise UsageError(
                f"{data.name}: the protocol '{protocol}' has no video with labels and points to "
                f"{part} with among the {len(usable)} of this copy; `python -m training prepare` "
                "tells what it holds"
            )
    return split


def _of_nobody(data: DataSet, videos: list[Video]) -> tuple[int, ...]:
    """Those that the label table of a copy that has one cannot name, for lack of any gesture."""
    if all(video.subject is None for video in videos):
        return ()
    return silent_videos(data, (video for video in videos if video.subject is None))

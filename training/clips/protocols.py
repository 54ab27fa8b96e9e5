"""Which clips train and which test, by the name of a published protocol."""

from collections.abc import Callable, Iterable

from engine.errors import UsageError
from training.datasets.dataset import DataSet, Video
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
    split = _SPLITS[protocol](usable)
    for part, videos in (("train", split.train), ("test", split.test)):
        if not videos:
            raise UsageError(
                f"{data.name}: the protocol '{protocol}' has no video with labels and points to "
                f"{part} with among the {len(usable)} of this copy; `python -m training prepare` "
                "tells what it holds"
            )
    return split

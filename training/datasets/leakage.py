"""What a reader of emotion is tested on that its recogniser was trained on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from training.datasets.dataset import Video
from training.datasets.splits import Split, emotion_split, miga_split


@dataclass(frozen=True)
class Leakage:
    """Test videos of the emotion protocol, by what a recogniser of the challenge has seen.

    Attributes:
        seen: Among the recogniser's training or validation videos.
        unseen: Not among them.
    """

    seen: tuple[int, ...]
    unseen: tuple[int, ...]

    def __str__(self) -> str:
        total = len(self.seen) + len(self.unseen)
        return (
            f"{len(self.seen)} of {total} emotion test videos are training videos of the "
            "challenge: gestures that a recogniser trained there finds in them are too good"
        )


def leakage(videos: Iterable[Video]) -> Leakage:
    """Of the videos of a copy. In all of iMiGUE 67 of 100 are seen."""
    known = list(videos)
    trained_on = {*miga_split(known).train, *miga_split(known).validation}
    test = emotion_split(known).test
    return Leakage(
        tuple(video for video in test if video in trained_on),
        tuple(video for video in test if video not in trained_on),
    )


def disjoint_emotion_split(videos: Iterable[Video]) -> Split:
    """The emotion protocol with only those test videos that the recogniser has not seen."""
    known = list(videos)
    return replace(emotion_split(known), test=leakage(known).unseen)

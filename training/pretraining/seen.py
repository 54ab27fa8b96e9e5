"""Whom an encoder has learned from, as far as anybody can know."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from training.datasets.dataset import Video
from training.pretraining.sources import Source


class SeenVideos(Struct, frozen=True, kw_only=True):
    """Videos of a data set in iMiGUE's numbering.

    Attributes:
        synthetic: Whether `synthesize` made them: their numbers are of other people.
        videos: Their numbers.
        subjects: Who is in them, as far as the data set said.
    """

    synthetic: bool
    videos: tuple[int, ...]
    subjects: tuple[int, ...]


class Seen(Struct, frozen=True, kw_only=True):
    """All that was learned from.

    Attributes:
        sets: Videos, real and synthetic ones.
        recordings: Streams of recordings: who is in those, nobody wrote down.
    """

    sets: tuple[SeenVideos, ...]
    recordings: int


def seen_in(sources: Iterable[Source]) -> Seen:
    """What is known of streams."""
    given = list(sources)
    kinds = ((kind, [s.video for s in given if s.video and s.synthetic == kind])
             for kind in (False, True))  # fmt: skip
    return Seen(
        sets=tuple(
            SeenVideos(
                synthetic=kind,
                videos=tuple(sorted({video.number for video in own})),
                subjects=tuple(sorted({v.subject for v in own if v.subject is not None})),
            )
            for kind, own in kinds
            if own
        ),
        recordings=sum(source.video is None for source in given),
    )


def seen_among(
    seen: Seen, tested: Sequence[Video], everybody: Iterable[Video], *, synthetic: bool
) -> tuple[Video, ...]:
    """Test videos that were learned from, or with somebody in them who was.

    Args:
        seen: What was learned from.
        tested: Videos that a protocol tests on.
        everybody: All videos of the data set; they tell who is in a video where what was learned
            from did not.
        synthetic: Whether `synthesize` made the data set.
    """
    own = [one for one in seen.sets if one.synthetic == synthetic]
    videos = {number for one in own for number in one.videos}
    subjects = {subject for one in own for subject in one.subjects}
    subjects |= {v.subject for v in everybody if v.number in videos and v.subject is not None}
    return tuple(v for v in tested if v.number in videos or v.subject in subjects)

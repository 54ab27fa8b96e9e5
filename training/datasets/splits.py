"""The published protocols, over the videos that a copy has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.errors import UsageError
from training.datasets import published
from training.datasets.dataset import Video


@dataclass(frozen=True)
class Split:
    """Numbers of videos; no two parts share one.

    Attributes:
        train: To train on.
        validation: To choose by; empty if the protocol has none.
        test: To report.
        left_out: Videos without any gesture of which nobody knows what the protocol goes by.
    """

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    left_out: tuple[int, ...] = ()


def miga_split(videos: Iterable[Video]) -> Split:
    """The challenge's split by published lists of videos.

    The validation videos are among those of the training set, whose packed form has them too:
    here they are taken out of it.
    """
    numbers = {video.number for video in videos} - set(published.BROKEN)
    held_out = published.MIGA_TEST | published.MIGA_VALIDATION
    return Split(
        tuple(sorted(numbers - held_out)),
        tuple(sorted(numbers & published.MIGA_VALIDATION)),
        tuple(sorted(numbers & published.MIGA_TEST)),
    )


def subject_split(videos: Iterable[Video]) -> Split:
    """The paper's cross-subject protocol, by published lists of subjects.

    Raises:
        UsageError: A video's subject is not known, or on no list.
    """
    found = {video.number: video.subject for video in videos}
    known = published.TRAIN_SUBJECTS | published.TEST_SUBJECTS
    strange = [number for number, subject in found.items() if subject not in known]
    if strange:
        raise UsageError(
            f"the cross-subject protocol needs a known subject for every video; {len(strange)} "
            f"have none, such as {strange[0]}: use the full release's label table, or the "
            "challenge's split"
        )
    return Split(_of(found, published.TRAIN_SUBJECTS), (), _of(found, published.TEST_SUBJECTS))


def emotion_split(videos: Iterable[Video]) -> Split:
    """The paper's protocol of emotion recognition, by published lists of videos.

    Most of its test videos are training videos of the challenge: see `published.EMOTION_TEST`.
    """
    numbers = {video.number for video in videos}
    return Split(
        tuple(sorted(numbers & published.EMOTION_TRAIN)),
        (),
        tuple(sorted(numbers & published.EMOTION_TEST)),
    )


def _of(subjects: dict[int, int | None], wanted: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(number for number, subject in subjects.items() if subject in wanted))

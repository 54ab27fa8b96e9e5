"""What a copy with these videos is good for."""

from collections.abc import Collection, Sequence

from training.datasets import published
from training.datasets.dataset import Video
from training.datasets.inspection import Ability


def abilities(videos: Sequence[Video], labelled: Collection[int]) -> tuple[Ability, ...]:
    """What can and cannot be done.

    Args:
        videos: Of the copy.
        labelled: Numbers of those whose labels could be read.
    """
    good = {video.number for video in videos if video.has_poses and video.number in labelled}
    points = {video.number for video in videos if video.has_poses}
    known = {v.number for v in videos if v.outcome is not None and v.has_poses}
    subjects = {v.number for v in videos if v.subject is not None} & good
    return (
        _gestures(good - published.MIGA_TEST),
        _test(good & published.MIGA_TEST, points & published.MIGA_TEST),
        _subjects(subjects),
        _emotion(known),
        _statistics(len(set(labelled))),
    )


def _gestures(videos: set[int]) -> Ability:
    what = "train a recogniser"
    if videos:
        return Ability(what, True, f"{len(videos)} videos outside the test set have both")
    return Ability(what, False, "needs labels and points of the same videos, outside the test set")


def _test(videos: set[int], points: set[int]) -> Ability:
    what, all_of = "report test figures of the challenge", len(published.MIGA_TEST)
    if len(videos) == all_of:
        return Ability(what, True, f"all {all_of} test videos are there")
    why = f"needs all {all_of} test videos with labels (phase 2); {len(videos)} are there"
    if len(points) > len(videos):
        why += f", and {len(points) - len(videos)} with points only"
    return Ability(what, False, why)


def _subjects(videos: set[int]) -> Ability:
    what = "report cross-subject figures of the paper"
    if videos:
        return Ability(what, True, f"the subjects of {len(videos)} labelled videos are known")
    return Ability(what, False, "needs the label table of the full release, which names subjects")


def _emotion(known: set[int]) -> Ability:
    what = "train and judge a reader of emotion"
    train, test = known & published.EMOTION_TRAIN, known & published.EMOTION_TEST
    if train and test:
        return Ability(what, True, f"won or lost is known of {len(train)} and {len(test)} videos")
    return Ability(what, False, "needs the label table of the full release, which names outcomes")


def _statistics(labelled: int) -> Ability:
    what = "count gestures and learn their order"
    return Ability(what, labelled > 0, f"{labelled} videos have labels")

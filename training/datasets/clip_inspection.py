"""Looks through packed clips."""

from collections.abc import Callable, Sequence
from pathlib import Path

from training.datasets import published
from training.datasets.faults import DataSetError, Fault
from training.datasets.inspection import (
    Ability,
    Count,
    Inspection,
    Watch,
    class_shares,
    counted,
)
from training.datasets.packed_clips import PackedClips


def inspect_clips(
    folder: Path,
    layout: str,
    paths: Sequence[Path],
    opener: Callable[[Path], PackedClips],
    watch: Watch,
    *,
    quick: bool,
) -> Inspection:
    """Look through all files of one folder.

    Args:
        folder: Where they are.
        layout: What they are.
        paths: The files.
        opener: Opens one.
        watch: Told of progress within a file.
        quick: Leave the points unread.
    """
    faults: list[Fault] = []
    packs: list[PackedClips] = []
    for path in paths:
        try:
            packs.append(opener(path))
        except DataSetError as error:
            faults += error.faults
    for pack in packs:
        faults += [Fault(str(pack.path), text, fatal=False) for text in pack.notes]
        faults += [] if quick else _damaged(pack, watch)
    clips = [clip for pack in packs for clip in pack.clips]
    test = sum(clip.video in published.MIGA_TEST for clip in clips)
    validation = sum(clip.video in published.MIGA_VALIDATION for clip in clips)
    counts = (
        Count("files", len(paths)),
        Count("clips", len(clips), published.CLIPS),
        Count("clips of the challenge's training videos", len(clips) - test,
              published.MIGA_TRAIN_CLIPS),
        Count("of them in its validation videos", validation, published.MIGA_VALIDATION_CLIPS),
        Count("clips of the challenge's test videos", test, published.MIGA_TEST_CLIPS),
    )  # fmt: skip
    shares = class_shares(counted(clip.label_id for clip in clips))
    return Inspection(
        str(folder), layout, counts, shares, _abilities(len(clips) - test, test), tuple(faults)
    )


def _damaged(pack: PackedClips, watch: Watch) -> list[Fault]:
    faults: list[Fault] = []
    for place in range(len(pack.clips)):
        try:
            pack.poses(place)
        except DataSetError as error:
            faults += error.faults
        watch(place + 1, len(pack.clips))
    return faults


def _abilities(train: int, test: int) -> tuple[Ability, ...]:
    return (
        Ability("train a classifier of clips", train > 0, f"{train} clips to train on"),
        Ability("report test figures of classification", test > 0, f"{test} clips to test on"),
        Ability("train or judge on continuous video", False, "there is no time between the clips"),
    )

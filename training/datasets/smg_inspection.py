"""Looks through a copy of SMG."""

from collections.abc import Callable
from pathlib import Path

from training.datasets import published
from training.datasets.faults import DataSetError, Fault
from training.datasets.inspection import Ability, Count, Inspection, Watch
from training.datasets.smg import SmgClip, SmgCopy


def inspect_smg(folder: Path, watch: Watch, *, quick: bool) -> Inspection:
    """Look through all sequences.

    Args:
        folder: Of the copy.
        watch: Told of progress.
        quick: Leave the joints unread.
    """
    copy = SmgCopy(folder)
    faults: list[Fault] = []
    clips: list[SmgClip] = []
    for place, sequence in enumerate(copy.sequences, 1):
        try:
            clips += copy.clips(sequence)
        except DataSetError as error:
            faults += error.faults
        faults += [] if quick else _length_faults(copy, sequence)
        watch(place, len(copy.sequences))
    test = sum(clip.sequence in published.SMG_TEST_SUBJECTS for clip in clips)
    counts = (
        Count("sequences", len(copy.sequences), published.SMG_SEQUENCES),
        Count("labelled clips", len(clips), published.SMG_CLIPS),
        Count("of them of test subjects", test, published.SMG_TEST_CLIPS),
    )
    return Inspection(str(folder), copy.name, counts, (), _abilities(len(clips)), tuple(faults))


def _length_faults(copy: SmgCopy, sequence: int) -> list[Fault]:
    faults: list[Fault] = []
    lengths = []
    readers: tuple[Callable[[], int], ...] = (
        lambda: copy.info(sequence).frames,
        lambda: len(copy.joints(sequence)),
    )
    for reader in readers:
        try:
            lengths.append(reader())
        except DataSetError as error:
            faults += error.faults
    if len(set(lengths)) > 1:
        text = f"{lengths[0]} frames are stated, and its skeletons are {lengths[1]}"
        faults.append(Fault(f"sequence {sequence}", text, fatal=False))
    return faults


def _abilities(clips: int) -> tuple[Ability, ...]:
    why = "its 17 labels have no published names, so they are mapped to no class of iMiGUE"
    return (
        Ability("train and judge on SMG's own labels", clips > 0, f"{clips} clips have labels"),
        Ability("train together with iMiGUE", False, why),
    )

"""Labelled clips as a live recogniser is shown them, to judge encoders by."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.landmark_files import SignClip, sign_clips
from engine.errors import UsageError
from engine.poses import F32
from training.clips.clip_set import MOST_TICKS, ClipSet, gather
from training.clips.live_clips import cut_live_clips
from training.clips.live_ticks import live_stretches
from training.clips.protocols import CROSS_SUBJECT, clip_split
from training.datasets.opening import open_dataset
from training.evaluation.tally import I64

SIGNS = "landmarks/aslsignwish_holistic_11x20.npz"
FEWEST_EACH = 10
"""Clips to train on that a class must have to take part."""

_Row = tuple[F32, int, str]


@dataclass(frozen=True)
class Material:
    """One set.

    Attributes:
        name: For tables.
        train: To take labels from.
        test: To judge by: nobody, or no take, of `train`.
        limits: What figures on it cannot tell.
    """

    name: str
    train: ClipSet
    test: ClipSet
    limits: str

    @property
    def classes(self) -> int:
        """How many."""
        return int(self.train.labels.max()) + 1


def simulated(folder: Path) -> Material:
    """A data set by the cross-subject protocol; classes with enough clips to train on.

    Raises:
        UsageError: It cannot be read, or there is no such class.
    """
    data = open_dataset(folder)
    split = clip_split(data, CROSS_SUBJECT)
    train, test = (gather(data, part, cut=cut_live_clips) for part in (split.train, split.test))
    known = np.flatnonzero(np.bincount(train.labels) >= FEWEST_EACH)
    if not len(known):
        raise UsageError(f"{folder}: no class has {FEWEST_EACH} clips to train on")
    return Material(
        "simulated people",
        _of_classes(train, known),
        _of_classes(test, known),
        "people, motion and tracker are simulated, and so is what the encoder learned from",
    )


def signs(folder: Path) -> Material:
    """The ASL recordings: of each sign the first half of the takes to train on.

    Raises:
        UsageError: They cannot be read.
    """
    clips = sign_clips(folder / SIGNS)
    known = {sign: n for n, sign in enumerate(dict.fromkeys(clip.sign for clip in clips))}
    takes: dict[str, list[SignClip]] = {sign: [] for sign in known}
    for clip in clips:
        takes[clip.sign].append(clip)
    parts: tuple[list[_Row], list[_Row]] = ([], [])
    for sign, own in takes.items():
        for number, clip in enumerate(own):
            ticks = _longest(clip)
            row = (ticks, known[sign], f"{sign} {number}")
            parts[number >= len(own) // 2].append(row)
    return Material(
        "ASL recordings",
        _gathered(parts[0]),
        _gathered(parts[1]),
        "one person before one camera: later takes of the same person test, nobody else; "
        "intervals are over takes and tell nothing of other people",
    )


def _of_classes(clips: ClipSet, known: I64) -> ClipSet:
    """Only clips of these classes, which are counted anew from 0."""
    kept = clips.of_rows(np.flatnonzero(np.isin(clips.labels, known)))
    return replace(kept, labels=np.searchsorted(known, kept.labels))


def _longest(clip: SignClip) -> F32:
    stretches = [stretch.ticks for stretch in live_stretches(clip.samples)]
    return max(stretches, key=len)[-MOST_TICKS:]


def _gathered(rows: list[_Row]) -> ClipSet:
    clips = np.zeros((len(rows), MOST_TICKS, 22, 3), np.float32)
    for place, (ticks, _, _) in zip(clips, rows, strict=True):
        place[: len(ticks)] = ticks
    return ClipSet(
        clips=clips,
        lengths=np.array([len(ticks) for ticks, _, _ in rows], np.int64),
        labels=np.array([label for _, label, _ in rows], np.int64),
        subjects=tuple(who for _, _, who in rows),
        names=tuple(str(number) for number in range(len(rows))),
    )

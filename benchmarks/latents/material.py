"""Labelled clips as a live recogniser is shown them, to judge encoders by."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.landmark_files import SignClip, sign_clips
from engine.errors import UsageError
from engine.poses import F32
from training.clips.clip_set import MOST_TICKS, ClipSet
from training.clips.live_ticks import live_stretches, poses_as_samples
from training.clips.protocols import CROSS_SUBJECT, clip_split
from training.datasets.dataset import DataSet
from training.datasets.opening import open_dataset
from training.datasets.tidying import tidied
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
    train, test = (list(_rows(data, part)) for part in (split.train, split.test))
    counts = np.bincount([label for _, label, _ in train], minlength=64)
    known = {int(k): n for n, k in enumerate(np.flatnonzero(counts >= FEWEST_EACH))}
    if not known:
        raise UsageError(f"{folder}: no class has {FEWEST_EACH} clips to train on")
    return Material(
        "simulated people",
        _gathered(train, known),
        _gathered(test, known),
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
    same = {n: n for n in known.values()}
    return Material(
        "ASL recordings",
        _gathered(parts[0], same),
        _gathered(parts[1], same),
        "one person before one camera: later takes of the same person test, nobody else; "
        "intervals are over takes and tell nothing of other people",
    )


def drawn(clips: ClipSet, each: int, seed: int) -> ClipSet:
    """So many clips of each class, or fewer where there are fewer."""
    rng = np.random.default_rng((seed, each))
    chosen = [
        rng.permutation(np.flatnonzero(clips.labels == k))[:each] for k in np.unique(clips.labels)
    ]
    return _of(clips, np.concatenate(chosen))


def _rows(data: DataSet, videos: Iterable[int]) -> Iterable[_Row]:
    known = {video.number: video for video in data.videos}
    for number in videos:
        poses = data.poses(number)
        whole = np.zeros((poses.frames, 22, 3), np.float32)
        for stretch in live_stretches(poses_as_samples(poses, data.rate_hz)):
            start = round(stretch.start_s * data.rate_hz)
            kept = stretch.ticks[: poses.frames - start]
            whole[start : start + len(kept)] = kept
        for clip in tidied(data.clips(number), poses.frames).clips:
            ticks = whole[clip.frame_slice][-MOST_TICKS:]
            if ticks.any():
                yield ticks, clip.class_index, f"subject {known[number].subject}"


def _longest(clip: SignClip) -> F32:
    stretches = [stretch.ticks for stretch in live_stretches(clip.samples)]
    return max(stretches, key=len)[-MOST_TICKS:]


def _gathered(rows: list[_Row], known: dict[int, int]) -> ClipSet:
    kept = [row for row in rows if row[1] in known]
    clips = np.zeros((len(kept), MOST_TICKS, 22, 3), np.float32)
    for place, (ticks, _, _) in zip(clips, kept, strict=True):
        place[: len(ticks)] = ticks
    return ClipSet(
        clips=clips,
        lengths=np.array([len(ticks) for ticks, _, _ in kept], np.int64),
        labels=np.array([known[label] for _, label, _ in kept], np.int64),
        subjects=tuple(who for _, _, who in kept),
        names=tuple(str(number) for number in range(len(kept))),
    )


def _of(clips: ClipSet, rows: I64) -> ClipSet:
    return ClipSet(
        clips=clips.clips[rows],
        lengths=clips.lengths[rows],
        labels=clips.labels[rows],
        subjects=tuple(clips.subjects[row] for row in rows.tolist()),
        names=tuple(clips.names[row] for row in rows.tolist()),
    )

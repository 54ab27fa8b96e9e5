"""The clips that a run is trained on, those its curves are drawn of, and those it is tested on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.errors import UsageError
from training.clips.clip_set import ClipSet, gather
from training.clips.live_clips import cut_live_clips
from training.clips.live_windows import gather_live
from training.clips.protocols import clip_split
from training.clips.run_config import ClipRunConfig
from training.clips.run_folder import ClipDataInfo
from training.datasets.dataset import DataSet
from training.datasets.opening import open_dataset
from training.datasets.splits import Split
from training.synthetic.release import is_synthetic
from training.zoo.zoo import ZOO


@dataclass(frozen=True)
class Parts:
    """Clips of one protocol.

    Attributes:
        name: Of the data set.
        synthetic: Whether `synthesize` made it.
        train: To train on.
        validation: Of people (or, where nobody knows who is who, videos) of the training side who
            are not in `train`; None if there are none. Nothing is chosen by them: they show how a
            training goes.
        test: To report; None where it was not asked for.
        left_out: Numbers of videos without any gesture: nobody knows who is in them.
    """

    name: str
    synthetic: bool
    train: ClipSet
    validation: ClipSet | None = None
    test: ClipSet | None = None
    left_out: tuple[int, ...] = ()

    def told(self) -> ClipDataInfo:
        """What a run keeps of them."""
        held = self.validation
        return ClipDataInfo(
            name=self.name,
            synthetic=self.synthetic,
            train_clips=len(self.train),
            train_people=len(self.train.people),
            validation_clips=0 if held is None else len(held),
            validation_people=() if held is None else held.people,
            digest=self.train.digest(),
        )


class Cut(Protocol):
    """Makes clips of videos, as `gather`."""

    def __call__(
        self, data: DataSet, videos: Iterable[int], *, tell: Callable[[str], None]
    ) -> ClipSet:
        """The clips of some videos; `tell` hears what is being read."""
        ...


def cut_of(config: ClipRunConfig) -> Cut:
    """How a run wants videos cut: one that begins from an encoder, normalised as that learned."""
    if not config.live:
        return partial(gather, cut=cut_live_clips) if config.encoder_digest else gather
    steps = ZOO[config.model].description.streams
    return partial(gather_live, form=config.form, steps=steps)


def parts_of_run(
    config: ClipRunConfig, tell: Callable[[str], None] = lambda _: None, *, test: bool = False
) -> Parts:
    """Read the clips of a run.

    Args:
        config: Of the run.
        tell: Hears what is being read.
        test: Read the test clips too.

    Raises:
        UsageError: See `read_parts`.
    """
    parts = read_parts(
        Path(config.data),
        config.protocol,
        config.validation_share,
        tell,
        test=test,
        cut=cut_of(config),
    )
    if not config.labels_per_class:
        return parts
    return replace(parts, train=parts.train.drawn(config.labels_per_class, config.recipe.seed))


def read_parts(
    folder: Path,
    protocol: str,
    validation_share: float,
    tell: Callable[[str], None] = lambda _: None,
    *,
    test: bool = False,
    cut: Cut = gather,
) -> Parts:
    """Read the clips of a protocol.

    Args:
        folder: Of the data set.
        protocol: One of `protocols.PROTOCOLS`.
        validation_share: See `ClipRunConfig`.
        tell: Hears what is being read.
        test: Read the test clips too.
        cut: Makes clips of videos.

    Raises:
        UsageError: There is no such data set, the protocol cannot be run on this copy, or a video
            is damaged.
    """
    data = open_dataset(folder)
    split = clip_split(data, protocol)
    clips_of = partial(cut, data, tell=tell)
    train, validation = _training(clips_of, split, validation_share)
    tested = clips_of(split.test) if test else None
    return Parts(data.name, is_synthetic(folder), train, validation, tested, split.left_out)


def _training(
    clips_of: Callable[[Iterable[int]], ClipSet], split: Split, share: float
) -> tuple[ClipSet, ClipSet | None]:
    train = clips_of(split.train)
    if not share:
        return train, None
    if split.validation:
        return train, clips_of(split.validation)
    held = held_out(train.people, share)
    return train.of_people(set(train.people) - held), train.of_people(held)


def held_out(people: tuple[str, ...], share: float) -> frozenset[str]:
    """At least one of them and not all; the same for every model and seed.

    Raises:
        UsageError: There are fewer than two.
    """
    if len(people) < 2:
        raise UsageError(
            f"expected two people or more to train on, got {', '.join(people)}: nobody can be "
            "held out; `validation_share` 0 does without"
        )
    count = min(len(people) - 1, max(1, round(share * len(people))))
    order = np.random.default_rng(0).permutation(sorted(people))
    return frozenset(order[:count].tolist())

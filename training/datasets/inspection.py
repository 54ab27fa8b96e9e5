"""What is in a copy of a data set, what is wrong with it, and what it is good for."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.labels import LABELS
from training.datasets.faults import Fault, fatal

Watch = Callable[[int, int], None]
"""Told of progress: how many videos are looked through, and of how many."""


@dataclass(frozen=True)
class Count:
    """A number beside the published one.

    Attributes:
        name: What is counted.
        here: In the copy.
        published: By the authors; None if they do not say.
    """

    name: str
    here: int
    published: int | None = None


@dataclass(frozen=True)
class ClassShare:
    """How frequent a class is.

    Attributes:
        label_id: Raw iMiGUE id.
        slug: Its short name.
        clips: In the copy.
        share: Of all clips of the copy, 0..1.
        published_share: Of all clips of the paper, 0..1.
    """

    label_id: int
    slug: str
    clips: int
    share: float
    published_share: float


@dataclass(frozen=True)
class Ability:
    """Something that one may want to do with a copy.

    Attributes:
        what: What.
        possible: Whether it can be done.
        why: What it is done with, or what is missing.
    """

    what: str
    possible: bool
    why: str


@dataclass(frozen=True)
class Inspection:
    """The findings.

    Attributes:
        folder: The copy.
        layout: What it is.
        counts: Numbers beside the published ones.
        shares: Of each class; empty if there are no iMiGUE labels.
        abilities: What can and cannot be done with it.
        faults: All that is wrong or worth knowing.
    """

    folder: str
    layout: str
    counts: tuple[Count, ...]
    shares: tuple[ClassShare, ...]
    abilities: tuple[Ability, ...]
    faults: tuple[Fault, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing is damaged, and something can be done with it."""
        return not fatal(self.faults) and any(ability.possible for ability in self.abilities)


def class_shares(clips: Mapping[int, int]) -> tuple[ClassShare, ...]:
    """Shares of all classes.

    Args:
        clips: How many of each raw id.
    """
    total = sum(clips.values())
    if not total:
        return ()
    return tuple(
        ClassShare(label.id, label.slug, count, count / total, label.share)
        for label in LABELS
        for count in (clips.get(label.id, 0),)
    )


def counted(label_ids: Iterable[int]) -> dict[int, int]:
    """How many clips each raw id has."""
    return dict(Counter(label_ids))

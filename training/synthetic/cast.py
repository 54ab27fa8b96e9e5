"""Who is in which video of a synthetic data set, so that every published protocol can be run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from training.datasets import published
from training.datasets.dataset import Outcome, Part

# Videos of each part in a round; even, so that both outcomes are in it.
_DEALT: dict[Part, int] = {"train": 4, "test": 2, "validation": 2}
_VIDEOS_EACH = 3


@dataclass(frozen=True)
class Role:
    """One video.

    Attributes:
        video: Its number: one of iMiGUE's, on the published lists of its parts.
        subject: Who is in it: a subject on the published list of its side.
        outcome: How the match went.
        part: In which folder of the release it lies.
    """

    video: int
    subject: int
    outcome: Outcome
    part: Part


def cast(videos: int) -> list[Role]:
    """So many videos, from all parts of all protocols in turns; both outcomes in each.

    Args:
        videos: At most as many as iMiGUE has.

    Raises:
        ValueError: More are wanted than there are.
    """
    if videos > published.VIDEOS - len(published.BROKEN):
        raise ValueError(f"expected at most {published.VIDEOS - len(published.BROKEN)} videos")
    chosen = _dealt(_pools(), videos)
    people = {
        "train": _people(sorted(published.TRAIN_SUBJECTS), chosen, ("train", "validation")),
        "test": _people(sorted(published.TEST_SUBJECTS), chosen, ("test",)),
    }
    roles, seen = [], dict.fromkeys(_cells(), 0)
    for video, cell in chosen:
        part = cell[0]
        outcome: Outcome = "win" if seen[cell] % 2 == 0 else "lose"
        seen[cell] += 1
        subject = next(people["test" if part == "test" else "train"])
        roles.append(Role(video, subject, outcome, part))
    return sorted(roles, key=lambda role: role.video)


_Cell = tuple[Part, str]


def _cells() -> list[_Cell]:
    return [(side, emotion) for emotion in ("train", "test", "none") for side in _DEALT]


def _pools() -> dict[_Cell, list[int]]:
    """Videos of iMiGUE by what the protocols make of them."""
    everyone = set(range(1, published.LAST_VIDEO + 1)) - set(published.BROKEN)
    sides = {
        "test": published.MIGA_TEST,
        "validation": published.MIGA_VALIDATION,
        "train": everyone - published.MIGA_TEST - published.MIGA_VALIDATION,
    }
    emotion = {
        "train": published.EMOTION_TRAIN,
        "test": published.EMOTION_TEST,
        "none": everyone - published.EMOTION_TRAIN - published.EMOTION_TEST,
    }
    return {(side, e): sorted(sides[side] & emotion[e]) for side, e in _cells()}


def _dealt(pools: dict[_Cell, list[int]], videos: int) -> list[tuple[int, _Cell]]:
    """Some of each cell in turns, until there are enough."""
    chosen: list[tuple[int, _Cell]] = []
    while len(chosen) < videos:
        for cell, pool in pools.items():
            count = _DEALT[cell[0]]
            chosen += [(video, cell) for video in pool[:count]]
            del pool[:count]
    return chosen[:videos]


def _people(
    subjects: Sequence[int], chosen: Sequence[tuple[int, _Cell]], parts: Sequence[str]
) -> "cycle[int]":
    """Everybody is in about three videos, as in iMiGUE most are in several.

    An odd number of people, as outcomes alternate: nobody only wins or only loses.
    """
    count = sum(cell[0] in parts for _, cell in chosen)
    return cycle(subjects[: count // _VIDEOS_EACH | 1])

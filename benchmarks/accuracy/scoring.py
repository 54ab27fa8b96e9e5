"""Counts of one clip, and their sum over many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.accuracy.annotations import (
    HAND_TO_HEAD,
    NOTHING,
    Annotation,
    Clip,
    Interval,
)
from benchmarks.accuracy.matching import covered_s, matched, merged

MIN_IOU = 0.3
# Touches of one stay at the head that are annotated or found as several classes are one contact.
CONTACT_GAP_S = 0.3


@dataclass(frozen=True)
class Found(Interval):
    """A gesture event.

    Attributes:
        slug: Its class.
        group: Its group.
    """

    slug: str
    group: str


@dataclass(frozen=True)
class Tally:
    """Matched, false and missed events."""

    matched: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.matched + other.matched, self.false + other.false, self.missed + other.missed
        )

    @property
    def f1(self) -> float | None:
        """F1 of the events; None where there was nothing to find and nothing was found."""
        total = 2 * self.matched + self.false + self.missed
        return 2 * self.matched / total if total else None


@dataclass(frozen=True)
class Score:
    """Counts of one clip or of several.

    Attributes:
        minutes: Media time.
        classes: Events of the right class.
        groups: Events of the right group.
        contact: Stays of a hand at the head, of any class.
        contacts_covered: Annotated touches of the head of which at least half lies in found
            events, and how many there are.
        without_person: Events where nobody is in view.
        not_covered: Annotation label to count, of what the recogniser has no class for.
    """

    minutes: float = 0.0
    classes: Tally = field(default_factory=Tally)
    groups: Tally = field(default_factory=Tally)
    contact: Tally = field(default_factory=Tally)
    contacts_covered: tuple[int, int] = (0, 0)
    without_person: int = 0
    not_covered: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Score") -> "Score":
        labels = sorted({*self.not_covered, *other.not_covered})
        found, total = self.contacts_covered
        return Score(
            self.minutes + other.minutes,
            self.classes + other.classes,
            self.groups + other.groups,
            self.contact + other.contact,
            (found + other.contacts_covered[0], total + other.contacts_covered[1]),
            self.without_person + other.without_person,
            {k: self.not_covered.get(k, 0) + other.not_covered.get(k, 0) for k in labels},
        )


def score(clip: Clip, found: Sequence[Found], covered: frozenset[str], media_s: float) -> Score:
    """Counts of one clip.

    Args:
        clip: The clip and its annotations.
        found: Events of the engine.
        covered: Classes the recogniser covers.
        media_s: Length of the clip.
    """
    expected = [a for a in clip.annotations if a.slugs & covered]
    touches = [a for a in clip.annotations if a.contact == "yes"]
    contacts = merged([f for f in found if f.slug in HAND_TO_HEAD], CONTACT_GAP_S)
    return Score(
        minutes=media_s / 60.0,
        classes=_tally(found, expected, lambda f, a: f.slug in a.slugs),
        groups=_tally(found, expected, lambda f, a: f.group in a.groups),
        contact=_contact_tally(contacts, clip.annotations),
        contacts_covered=(
            sum(covered_s(t, contacts) >= 0.5 * (t.end_s - t.start_s) for t in touches),
            len(touches),
        ),
        without_person=sum(_nobody_there(f, clip.annotations) for f in found),
        not_covered=_not_covered(clip.annotations, covered),
    )


def _tally(
    found: Sequence[Found],
    expected: Sequence[Annotation],
    fits: Callable[[Found, Annotation], bool],
) -> Tally:
    pairs = len(matched(found, expected, fits, MIN_IOU))
    return Tally(pairs, len(found) - pairs, len(expected) - pairs)


def _contact_tally(contacts: list[Interval], annotations: Sequence[Annotation]) -> Tally:
    """Where a hand is only near the head, a contact is neither right nor wrong."""
    true = merged([a for a in annotations if a.contact == "yes"], CONTACT_GAP_S)
    near = [a for a in annotations if a.contact == "near"]
    pairs = matched(contacts, true, lambda _f, _t: True, MIN_IOU)
    hit = [pair[0] for pair in pairs]
    false = [
        c for c in contacts if c not in hit and covered_s(c, near) < 0.5 * (c.end_s - c.start_s)
    ]
    return Tally(len(pairs), len(false), len(true) - len(pairs))


def _nobody_there(found: Found, annotations: Sequence[Annotation]) -> bool:
    middle_s = (found.start_s + found.end_s) / 2
    return any(a.label == "no_person" and a.start_s <= middle_s <= a.end_s for a in annotations)


def _not_covered(annotations: Sequence[Annotation], covered: frozenset[str]) -> dict[str, int]:
    labels = [a.label for a in annotations if a.label not in NOTHING and not a.slugs & covered]
    return {label: labels.count(label) for label in sorted(set(labels))}

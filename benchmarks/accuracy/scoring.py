"""Counts of one clip, and their sum over many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from benchmarks.accuracy.annotations import Annotation, Clip
from benchmarks.accuracy.found import Found
from benchmarks.accuracy.meanings import HAND_TO_HEAD, NOTHING, QUIET
from benchmarks.accuracy.neutral import gaps, neutral
from engine.labels import Group
from training.evaluation.events import Interval
from training.evaluation.matching import covered_s, matched_indices, merged, mostly_in
from training.evaluation.tally import Tally

MIN_IOU = 0.3
# Touches of one stay at the head that are annotated or found as several classes are one contact.
CONTACT_GAP_S = 0.3
_REGIONS = HAND_TO_HEAD | {"touch_neck"}


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: float = 0.0
    whole: float = 0.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float:
        """Their quotient; NaN of nothing."""
        return self.part / self.whole if self.whole else float("nan")


@dataclass(frozen=True)
class Score:
    """Counts of one clip or of several.

    Attributes:
        minutes: Media time.
        classes: Events of the right class, illustrative among them.
        groups: Micro-gestures of the right one of the five groups; no illustrative.
        stretches: The same where found events of one group that overlap are one.
        illustrative: Illustrative events alone.
        contact: Stays of a hand at the head, of any class.
        touches: Annotated touches of the head of which at least half lies in found events.
        regions: Of those, the ones for which the class found for longest is acceptable.
        negative: False events a minute on clips in which nothing happens, or nobody is there.
        quiet: The same on all stretches in which nothing happens.
        delays_s: Decision minus annotated start, of matches by group and of illustrative.
        without_person: Events where nobody is in view.
        apart: Reason to count, of events that are neither right nor wrong.
        not_covered: Label to count, of what the recogniser, or iMiGUE, has no class for.
    """

    minutes: float = 0.0
    classes: Tally = field(default_factory=Tally)
    groups: Tally = field(default_factory=Tally)
    stretches: Tally = field(default_factory=Tally)
    illustrative: Tally = field(default_factory=Tally)
    contact: Tally = field(default_factory=Tally)
    touches: Share = field(default_factory=Share)
    regions: Share = field(default_factory=Share)
    negative: Share = field(default_factory=Share)
    quiet: Share = field(default_factory=Share)
    delays_s: tuple[float, ...] = ()
    without_person: int = 0
    apart: dict[str, int] = field(default_factory=dict)
    not_covered: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Score") -> "Score":
        sums: dict[str, Any] = {}
        for name in (each.name for each in fields(self)):
            mine, theirs = getattr(self, name), getattr(other, name)
            sums[name] = _joined(mine, theirs) if isinstance(mine, dict) else mine + theirs
        return Score(**sums)


def score(clip: Clip, found: Sequence[Found], covered: frozenset[str], media_s: float) -> Score:
    """Counts of one clip. What the recogniser has no class for is missed like anything else.

    Args:
        clip: The clip and its annotations.
        found: Events of the engine.
        covered: Classes the recogniser covers.
        media_s: Length of the clip.
    """
    judge = _Judge(clip, media_s)
    expected = [a for a in clip.annotations if a.slugs]
    gestures = [f for f in found if f.gesture]
    spoken = [f for f in found if not f.gesture]
    signs = [a for a in expected if Group.NONE.value in a.groups]
    moves = [a for a in expected if a.groups - {Group.NONE.value}]
    contacts = merged([f for f in found if f.slug in HAND_TO_HEAD], CONTACT_GAP_S)
    groups, group_delays = judge.tally(gestures, moves, _same_group)
    illustrative, illustrative_delays = judge.tally(spoken, signs, _same_group)
    touches = [a for a in clip.annotations if a.contact == "yes"]
    quiet = judge.quiet(found, expected)
    return Score(
        minutes=media_s / 60.0,
        classes=judge.tally(found, expected, lambda f, a: f.slug in a.slugs)[0],
        groups=groups,
        stretches=judge.tally(_stretches(gestures), moves, _same_group)[0],
        illustrative=illustrative,
        contact=_contact_tally(contacts, clip, media_s),
        touches=Share(sum(_covers(t, contacts) for t in touches), len(touches)),
        regions=_regions(touches, found),
        negative=quiet if clip.negative else Share(),
        quiet=quiet,
        delays_s=(*group_delays, *illustrative_delays),
        without_person=sum(_nobody_there(f, clip.annotations) for f in found),
        apart=judge.apart(found, expected),
        not_covered=_not_covered(clip.annotations, covered),
    )


class _Judge:
    """Tallies of one clip."""

    def __init__(self, clip: Clip, media_s: float) -> None:
        self._clip = clip
        self._media_s = media_s

    def tally(
        self,
        found: Sequence[Found],
        expected: Sequence[Annotation],
        fits: Callable[[Found, Annotation], bool],
    ) -> tuple[Tally, list[float]]:
        """Counts, and the delay of each match."""
        pairs = matched_indices(found, expected, fits, MIN_IOU)
        hit = {i for i, _ in pairs}
        false = sum(i not in hit and not self._neutral(f) for i, f in enumerate(found))
        delays = [found[i].decided_s - expected[j].start_s for i, j in pairs]
        return Tally(len(pairs), false, len(expected) - len(pairs)), delays

    def apart(self, found: Sequence[Found], expected: Sequence[Annotation]) -> dict[str, int]:
        """Reason to count, of what is not even of an expected group and not false."""
        reasons = [self._neutral(f) for f in self._unmatched(found, expected)]
        return {reason: reasons.count(reason) for reason in sorted({*reasons} - {""})}

    def quiet(self, found: Sequence[Found], expected: Sequence[Annotation]) -> Share:
        """False events and minutes of all stretches in which nothing happens."""
        still = [a for a in self._clip.until(self._media_s) if a.label in QUIET]
        unmatched = self._unmatched(found, expected)
        false = sum(mostly_in(f, still) and not self._neutral(f) for f in unmatched)
        return Share(false, sum(a.end_s - a.start_s for a in still) / 60.0)

    def _unmatched(self, found: Sequence[Found], expected: Sequence[Annotation]) -> list[Found]:
        hit = {i for i, _ in matched_indices(found, expected, _same_group, MIN_IOU)}
        return [f for i, f in enumerate(found) if i not in hit]

    def _neutral(self, found: Found) -> str:
        return neutral(found, self._clip, self._media_s)


def _same_group(found: Found, annotation: Annotation) -> bool:
    return found.group in annotation.groups


def _stretches(found: Sequence[Found]) -> list[Found]:
    """Events of one group that overlap, joined; the first one's class stands for all."""
    out: list[Found] = []
    for event in sorted(found, key=lambda f: (f.group, f.start_s)):
        if out and out[-1].group == event.group and event.start_s < out[-1].end_s:
            last = out[-1]
            decided_s = min(last.decided_s, event.decided_s)
            end_s = max(last.end_s, event.end_s)
            out[-1] = Found(last.start_s, end_s, last.slug, last.group, decided_s)
        else:
            out.append(event)
    return out


def _contact_tally(contacts: list[Interval], clip: Clip, media_s: float) -> Tally:
    """Where a hand is only near the head, a contact is neither right nor wrong."""
    true = merged([a for a in clip.annotations if a.contact == "yes"], CONTACT_GAP_S)
    near = [a for a in clip.annotations if a.contact == "near"]
    doubtful = [*near, *gaps(clip.until(media_s), media_s)]
    pairs = matched_indices(contacts, true, lambda _f, _t: True, MIN_IOU)
    hit = {i for i, _ in pairs}
    false = sum(i not in hit and not mostly_in(c, doubtful) for i, c in enumerate(contacts))
    return Tally(len(pairs), false, len(true) - len(pairs))


def _covers(touch: Annotation, by: Sequence[Interval]) -> bool:
    return covered_s(touch, by) >= 0.5 * (touch.end_s - touch.start_s)


def _regions(touches: Sequence[Annotation], found: Sequence[Found]) -> Share:
    at_head = [f for f in found if f.slug in _REGIONS]
    right = told = 0
    for touch in touches:
        if not _covers(touch, merged(at_head, CONTACT_GAP_S)):
            continue
        seconds = {
            slug: covered_s(touch, merged([f for f in at_head if f.slug == slug], 0.0))
            for slug in sorted({f.slug for f in at_head})
        }
        told += 1
        right += max(seconds, key=seconds.__getitem__) in touch.slugs
    return Share(right, told)


def _nobody_there(found: Found, annotations: Sequence[Annotation]) -> bool:
    middle_s = (found.start_s + found.end_s) / 2
    return any(a.label == "no_person" and a.start_s <= middle_s <= a.end_s for a in annotations)


def _not_covered(annotations: Sequence[Annotation], covered: frozenset[str]) -> dict[str, int]:
    labels = [a.label for a in annotations if a.label not in NOTHING and not a.slugs & covered]
    return {label: labels.count(label) for label in sorted(set(labels))}


def _joined(a: dict[str, int], b: dict[str, int]) -> dict[str, int]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b})}

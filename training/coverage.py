"""What the trained recogniser covers, class by class, as the script table has it."""

import math
from collections.abc import Iterable
from itertools import product

from engine.labels import LABELS, Label
from plugins.recognizers.geometric.coverage import NOT_COVERED
from plugins.recognizers.view import needs_of
from training.simulator.places import PLACES, Place, Triple
from training.simulator.scripts import BY_NAME, SCRIPTS
from training.simulator.scripts.model import Script, Variant

IN_VIEW = (
    "face",
    "face, both shoulders",
    "face, shoulders, both elbows",
    "face, shoulders, both hands or wrists",
    "face, one hand or wrist",
)
"""What each kind of `view.needs_of` asks to be in sight."""

_HEAD = ("id", "class", "what it is", "variants", "must be in view", "looks alike")
_MISSING_HEAD = ("id", "class", "what it is", "variants", "trained as", "why not")
_NEGATIVES_HEAD = ("name", "what it is", "variants", "looks alike")
_MOST_ALIKE, _LEAST_ALIKE = 4, 0.05
_WHY = {row.slug: row.why for row in NOT_COVERED} | {
    "play_hair": "hair does not show in joints; the touch reads as ear, head, forehead or neck"
}
# In shoulder widths: an average head, as `people.draw_people` builds it.
_EAR, _EYES_UP = 0.38, 0.68
# Two touches 2 cm further apart than both places spread look different.
_APART = 0.06
# Ends of an arm whose hand is in the lap.
_LIMBS = {"upper_arm": ((0.5, 0.0), (0.65, -0.8)), "forearm": ((0.65, -0.8), (0.4, -1.3))}
# Behind the ears, in the frame's own unit, a hand looks different from one in front.
_BEHIND = -0.2


def covered_table() -> str:
    """Markdown: a row for each class with a score, in the order of the labels."""
    rows = [_row(label) for label in LABELS if BY_NAME[label.slug].shows]
    return _markdown(_HEAD, rows)


def missing_table() -> str:
    """Markdown: a row for each class without a score."""
    rows = [_missing_row(label) for label in LABELS if not BY_NAME[label.slug].shows]
    return _markdown(_MISSING_HEAD, rows)


def negatives_table() -> str:
    """Markdown: a row for each script that is no class."""
    negatives = [script for script in SCRIPTS if script.label_id is None]
    rows = [(_words(s.name), s.meaning, _variants(s), _likes(s)) for s in negatives]
    return _markdown(_NEGATIVES_HEAD, rows)


def view_table() -> str:
    """Markdown: what must be in sight, and the classes that are told then."""
    slugs: dict[str, list[str]] = {view: [] for view in IN_VIEW}
    for label in LABELS:
        if BY_NAME[label.slug].shows:
            slugs[_in_view(label)].append(f"`{label.slug}`")
    return _markdown(("in sight", "classes"), [(v, ", ".join(n)) for v, n in slugs.items()])


def alike(script: Script) -> list[str]:
    """Names of other scripts that look like this one to a camera in front, the likest first.

    Scripts of the hands are compared by where the acting hand goes in the picture, others by
    what the body does. It follows from the table alone: it is no measured confusion.
    """
    shares = {other.name: _likeness(script, other) for other in SCRIPTS if other is not script}
    return sorted((n for n in shares if shares[n] >= _LEAST_ALIKE), key=lambda n: -shares[n])


def _row(label: Label) -> tuple[str, ...]:
    script = BY_NAME[label.slug]
    return (
        str(label.id),
        f"`{label.slug}`",
        script.meaning,
        _variants(script),
        _in_view(label),
        _likes(script),
    )


def _missing_row(label: Label) -> tuple[str, ...]:
    script = BY_NAME[label.slug]
    trained = "not at all" if script.touching else "nothing"
    head = (str(label.id), f"`{label.slug}`", script.meaning, _variants(script))
    return (*head, trained, _WHY[label.slug])


def _variants(script: Script) -> str:
    return "; ".join(variant.name for variant in script.variants)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _in_view(label: Label) -> str:
    return IN_VIEW[int(needs_of((label,))[0])]


def _likes(script: Script) -> str:
    """Classes as their slugs, negatives in words."""
    names = [
        _words(name) if BY_NAME[name].label_id is None else f"`{name}`"
        for name in alike(script)[:_MOST_ALIKE]
    ]
    return ", ".join(names) or "-"


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _likeness(script: Script, other: Script) -> float:
    """0..1, mean over the pairs of their variants, by how often they are done."""
    pairs = list(product(script.variants, other.variants))
    same = sum(a.weight * b.weight * _sameness(a, b) for a, b in pairs)
    return same / sum(a.weight * b.weight for a, b in pairs)


def _sameness(a: Variant, b: Variant) -> float:
    """0..1: chance that both take the hand to one place; by the posture where no hand acts."""
    if a.one is None or b.one is None:
        shared = {p.channel for p in a.pulses} & {p.channel for p in b.pulses}
        return float(a.one is b.one and bool(shared))
    pairs = list(product(a.one.places, b.one.places))
    return sum(_near(place, other) for place, other in pairs) / len(pairs)


def _near(a: str, b: str) -> bool:
    if (PLACES[a].at[2] < _BEHIND) != (PLACES[b].at[2] < _BEHIND):
        return False
    (x1, y1, spread1), (x2, y2, spread2) = _in_picture(PLACES[a]), _in_picture(PLACES[b])
    return math.hypot(abs(x1) - abs(x2), y1 - y2) <= _APART + spread1 + spread2


def _in_picture(place: Place) -> Triple:
    """Sideways, up from the shoulders, and spread, in shoulder widths."""
    x, y, _ = place.at
    if place.frame == "head":
        return x * _EAR, _EYES_UP + y * _EAR, place.spread * _EAR
    if place.frame in _LIMBS:
        (x1, y1), (x2, y2) = _LIMBS[place.frame]
        return x1 + x * (x2 - x1), y1 + x * (y2 - y1), place.spread
    return x, y, place.spread

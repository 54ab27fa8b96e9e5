"""What the study found, as numbers and as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from engine.poses import F32
from training.evaluation.intervals import Estimate
from training.face_places.examples import TRACKERS, Examples, Tracker
from training.face_places.features import Inputs
from training.face_places.fit import Fitted
from training.face_places.noise import Sizes
from training.face_places.real import RealTouch
from training.face_places.score import Counts, by_tick, by_touch, confusion
from training.face_places.shape import FaceShape
from training.face_places.study import KINDS, Kind, Plan, Study
from training.face_places.touches import CLASSES

Numbers = dict[str, Any]
_PLACED: dict[Tracker, str] = {
    "fitted": "the tracker as fitted",
    "perfect": "a perfect one",
}
_MEANT: dict[Inputs, str] = {
    "today": "eyes and ears, as today",
    "body": "the body's 11 face points, too",
    "outline": "the outline, too",
}
_BODY, _OUTLINE = Kind(inputs="body"), Kind(inputs="outline")


def found(study: Study, plan: Plan) -> Numbers:
    """Every kind of classifier on the people of the test, and what the outline adds."""
    kinds, counts, shares = {}, {}, {}
    # Ticks of one tracker at a time: they are large.
    for kind in sorted(KINDS, key=lambda kind: TRACKERS.index(kind.tracker)):
        told = [study.told(kind, seed) for seed in range(plan.seeds)]
        examples = study.examples(kind.tracker)["test"]
        counts[kind.name] = by_touch(examples, told, len(CLASSES))
        kinds[kind.name] = _of_kind(examples, told, counts[kind.name])
        shares[kind.name] = confusion(examples, told, len(CLASSES))
    test = study.examples()["test"]
    return {
        "plan": msgspec.to_builtins(plan),
        "test": {
            "people": int(test.person.max()) + 1,
            "ticks": len(test.kind),
            "touches": len(np.unique(test.event)),
        },
        "classes": list(CLASSES),
        "kinds": kinds,
        "outline_adds": {
            kind.name: _added(counts[kind.name], counts[_without(kind).name])
            for kind in KINDS
            if kind.inputs == "outline"
        },
        "body_adds": _added(counts["body"], counts["today"]),
        "confusion": {
            kind.name: np.round(shares[kind.name], 3).tolist() for kind in (_BODY, _OUTLINE)
        },
    }


def on_clips(study: Study, plan: Plan, touches: Sequence[RealTouch]) -> list[Numbers]:
    """What classifiers call the touches of real clips, by what they get and seed."""
    out: list[Numbers] = [
        {"clip": t.clip, "start_s": t.start_s, "ticks": len(t.joints), "meant": t.meant}
        for t in touches
    ]
    inputs: tuple[Inputs, ...] = ("today", "body", "outline")
    for name in inputs:
        made = [study.classifier(Kind(inputs=name), seed) for seed in range(plan.seeds)]
        for row, touch in zip(out, touches, strict=True):
            row[name] = [touch.named(one, name, average) for one, average in made]
    return out


def table(numbers: Mapping[str, Any]) -> str:
    """Markdown: kinds of classifiers, and classes with and without the outline."""
    return kinds_table(numbers) + "\n\n" + classes_table(numbers)


def kinds_table(numbers: Mapping[str, Any]) -> str:
    """Markdown: what classifiers get, how often they are right, and what the outline adds."""
    rows = [
        "| hands against | the outline's errors | body and hands by | touches right "
        "| ticks right | the outline adds, touches |",
        "|---|---|---|---|---|---|",
    ]
    for kind in KINDS:
        if kind.name not in numbers["kinds"]:
            continue
        own = numbers["kinds"][kind.name]
        errors = f"× {kind.strength:g}" if kind.inputs == "outline" else ""
        if kind.swapped:
            errors = "another tick's outline"
        added = numbers["outline_adds"].get(kind.name)
        cells = (
            *(_MEANT[kind.inputs], errors, _PLACED[kind.tracker]),
            *(_text(own[unit]["macro"]) for unit in ("touch", "tick")),
            _text(added["macro"], "+") if added else "",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def classes_table(numbers: Mapping[str, Any]) -> str:
    """Markdown: touches of each class that are named right."""
    rows = [
        "| class | touches | today | body | outline | outline less body |",
        "|---|---|---|---|---|---|",
    ]
    added = numbers["outline_adds"][_OUTLINE.name]["classes"]
    for name in numbers["classes"]:
        parts = [
            numbers["kinds"][kind]["touch"]["classes"][name]
            for kind in ("today", _BODY.name, _OUTLINE.name)
        ]
        shown = " | ".join(Estimate(part["value"]).text() for part in parts)
        gain = _text(added[name], sign="+")
        rows.append(f"| `{name}` | {parts[0]['count']} | {shown} | {gain} |")
    return "\n".join(rows)


def places_table(shape: FaceShape) -> str:
    """Markdown: where places lie, and how people differ, ear distances."""
    rows = ["| place | sideways | up | forward | deviation of each |", "|---|---|---|---|---|"]
    for name, place in shape.places.items():
        spread = np.sqrt(sum(np.square(mode[name]) for mode in shape.modes))
        told = ", ".join(f"{value:.2f}" for value in spread)
        rows.append(f"| {name} | {' | '.join(f'{value:.2f}' for value in place)} | {told} |")
    return "\n".join(rows)


def errors_table(fitted: Fitted) -> str:
    """Markdown: how outlines err, in ear distances, by half of the clips."""
    rows = [
        "| half | jitter | no hand: shift, point, size, turn | a hand: shift, point, size, turn "
        "| seconds, intervals |",
        "|---|---|---|---|---|",
    ]
    for half, noise in (("train", fitted.train), ("test", fitted.test)):
        jitter = float(np.hypot(noise.together, noise.point))
        counts = f"{noise.free.intervals}, {noise.hand.intervals}"
        slow = (_slow(noise.free), _slow(noise.hand))
        rows.append(f"| {half} | {jitter:.4f} | {' | '.join(slow)} | {counts} |")
    return "\n".join(rows)


def _slow(sizes: Sizes) -> str:
    return f"{sizes.shift:.3f}, {sizes.point:.3f}, {sizes.scale:.3f}, {sizes.turn:.3f} rad"


def clips_table(touches: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: touches of real clips."""
    rows = ["| clip | from, s | may be | today | body | outline |", "|---|---|---|---|---|---|"]
    for touch in touches:
        cells = [", ".join(dict.fromkeys(touch[name])) for name in ("today", "body", "outline")]
        meant = " or ".join(touch["meant"])
        rows.append(f"| {touch['clip']} | {touch['start_s']:g} | {meant} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _without(kind: Kind) -> Kind:
    """The same tracker, but no outline."""
    return Kind(inputs="body", tracker=kind.tracker)


def _of_kind(examples: Examples, told: list[F32], touch: Counts) -> Numbers:
    tick = by_tick(examples, told, len(CLASSES))
    return {"touch": _figures(touch), "tick": _figures(tick)}


def _figures(counts: Counts) -> Numbers:
    return {
        "macro": _numbers(counts.macro()),
        "overall": _numbers(counts.overall()),
        "classes": {
            name: {**_numbers(counts.of_class(index)), "count": int(counts.all[:, index].sum())}
            for index, name in enumerate(CLASSES)
        },
    }


def _added(counts: Counts, before: Counts) -> Numbers:
    return {
        "macro": _numbers(counts.macro_gain(before)),
        "classes": {
            name: _numbers(counts.class_gain(before, index)) for index, name in enumerate(CLASSES)
        },
    }


def _numbers(estimate: Estimate) -> Numbers:
    values = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if v is None else round(v, 4) for v in values)
    return {"value": value, "low": low, "high": high}


def _text(cell: Mapping[str, Any], sign: str = "") -> str:
    if cell["low"] is None:
        return Estimate(cell["value"]).text()
    return f"{cell['value']:{sign}.3f} [{cell['low']:{sign}.3f}, {cell['high']:{sign}.3f}]"

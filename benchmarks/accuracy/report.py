"""The scores as a table for people and as figures for programs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from benchmarks.accuracy.annotations import Clip, Split
from benchmarks.accuracy.scoring import MIN_IOU, Found, Score, Tally

_COLUMNS = (
    *("clip", "s", "class F1", "group F1", "contact F1", "touches", "false / min"),
    *("false contacts / min", "events without a person", "not covered"),
)


@dataclass(frozen=True)
class ClipResult:
    """One clip with its events and score."""

    clip: Clip
    found: tuple[Found, ...]
    score: Score


def total(results: Sequence[ClipResult]) -> Score:
    """Sum over clips."""
    return sum((result.score for result in results), Score())


def markdown(results: Sequence[ClipResult]) -> str:
    """A table for each split, one row a clip and one for all."""
    lines = [
        f"Events matched one to one at IoU > {MIN_IOU:g}; cells are F1 (matched / false / missed).",
        "`touches` are annotated touches of the head of which at least half was found.",
        "`false / min` is an upper bound: the clips are not annotated for every class.",
    ]
    for split in get_args(Split):
        chosen = [result for result in results if result.clip.split == split]
        if chosen:
            lines += ["", f"### {split.capitalize()}", "", *_table(chosen)]
    return "\n".join(lines)


def figures(results: Sequence[ClipResult]) -> dict[str, Any]:
    """Everything in the tables, and the events behind it."""
    return {
        "min_iou": MIN_IOU,
        "splits": {
            split: _figures(total([r for r in results if r.clip.split == split]))
            for split in get_args(Split)
        },
        "clips": {
            result.clip.path.name: {
                "split": result.clip.split,
                **_figures(result.score),
                "events": [asdict(found) for found in result.found],
            }
            for result in results
        },
    }


def _table(results: Sequence[ClipResult]) -> list[str]:
    rows = [_row(result.clip.path.name, result.score) for result in results]
    rows.append(_row("**all**", total(results)))
    return [_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows)]


def _row(name: str, score: Score) -> list[str]:
    covered, touches = score.contacts_covered
    minutes = max(score.minutes, 1e-9)
    return [
        name,
        f"{60 * score.minutes:.1f}",
        *(_cell(tally) for tally in (score.classes, score.groups, score.contact)),
        f"{covered} of {touches}" if touches else "-",
        f"{score.classes.false / minutes:.1f}",
        f"{score.contact.false / minutes:.1f}",
        str(score.without_person),
        ", ".join(f"{label} {count}" for label, count in score.not_covered.items()) or "-",
    ]


def _cell(tally: Tally) -> str:
    if tally.f1 is None:
        return "-"
    return f"{tally.f1:.2f} ({tally.matched} / {tally.false} / {tally.missed})"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _figures(score: Score) -> dict[str, Any]:
    f1 = {f"{name}_f1": getattr(score, name).f1 for name in ("classes", "groups", "contact")}
    return {**asdict(score), **f1}

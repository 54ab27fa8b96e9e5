"""The scores as tables for people and as figures for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from benchmarks.accuracy.annotations import Split
from benchmarks.accuracy.neutral import RULES
from benchmarks.accuracy.result import FIGURES, ClipResult, estimates, total
from benchmarks.accuracy.scoring import MIN_IOU, Score, Share
from training.evaluation.intervals import Estimate
from training.evaluation.tally import Tally

_COLUMNS = (
    *("clip", "s", "class F1", "group F1", "illustrative F1", "contact F1", "touches"),
    *("region right", "false / min", "apart", "events without a person", "not covered"),
)
_NOTES = (
    f"Events one to one at IoU > {MIN_IOU:g}; cells of clips are F1 (matched / false / missed).",
    "`group F1` is over the five micro-gesture groups; illustrative is none and stands apart.",
    "`touches` are annotated touches of the head of which at least half was found; `region right` "
    "are those found for longest as an acceptable class.",
    "Contact AUC: highest score of the hand-to-head classes at each tick, annotated touches "
    "against `hand_contact` no; near, transitions and blank time are left out, ticks without a "
    "pose too, unless a touch is annotated: then belief is 0, as where a recogniser abstains.",
    "Onset delay: media time from the annotated start to the frame that led to the `start` "
    "message, of matches by group and of illustrative.",
    RULES,
    "`false / min` is an upper bound: the clips are not annotated for every class.",
)


def markdown(results: Mapping[str, Sequence[ClipResult]]) -> str:
    """Notes, one table of all recognisers side by side, and their clips by split."""
    lines = [*_NOTES, "", *_summary(results)]
    for name, own in results.items():
        for split in get_args(Split):
            chosen = [result for result in own if result.clip.split == split]
            if chosen:
                lines += ["", f"### {name}: {split}", "", *_table(chosen)]
    return "\n".join(lines)


def figures(results: Mapping[str, Sequence[ClipResult]]) -> dict[str, Any]:
    """Everything in the tables, and the events behind it, for each recogniser."""
    return {"min_iou": MIN_IOU, "recognizers": {k: _recognizer(v) for k, v in results.items()}}


def _recognizer(results: Sequence[ClipResult]) -> dict[str, Any]:
    return {
        "figures": {
            key: {kind: asdict(estimate) for kind, estimate in kinds.items()}
            for key, kinds in estimates(results).items()
        },
        "splits": {
            split: _figures(total([r for r in results if r.clip.split == split]))
            for split in get_args(Split)
        },
        "clips": {
            result.clip.path.name: {
                "split": result.clip.split,
                **_figures(result.score),
                "contact_ticks_abstained": result.contact.abstained,
                "events": [asdict(found) for found in result.found],
            }
            for result in results
        },
    }


def _summary(results: Mapping[str, Sequence[ClipResult]]) -> list[str]:
    told = {name: estimates(own) for name, own in results.items()}
    clips = max((len(own) for own in results.values()), default=0)
    lines = [
        f"All {clips} clips; [95 % interval by drawing clips again] and (least to most when one "
        "clip is left out).",
        "",
        _line(("figure", "asked for", *results)),
        _line(["---"] * (2 + len(results))),
    ]
    for figure in FIGURES:
        cells = [_estimate(own[figure.key], figure.digits) for own in told.values()]
        lines.append(_line((figure.title, figure.goal or "-", *cells)))
    return lines


def _estimate(kinds: Mapping[str, Estimate], digits: int) -> str:
    interval, left = kinds["interval"].text(digits), kinds["without_a_clip"]
    if left.low is None or left.high is None:
        return interval
    return f"{interval} ({left.low:.{digits}f} to {left.high:.{digits}f})"


def _table(results: Sequence[ClipResult]) -> list[str]:
    rows = [_row(result.clip.path.name, result.score) for result in results]
    rows.append(_row("**all**", total(results)))
    return [_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows)]


def _row(name: str, score: Score) -> list[str]:
    minutes = max(score.minutes, 1e-9)
    return [
        name,
        f"{60 * score.minutes:.1f}",
        *map(_cell, (score.classes, score.groups, score.illustrative, score.contact)),
        _of(score.touches),
        _of(score.regions),
        f"{score.classes.false / minutes:.1f}",
        _counts(score.apart),
        str(score.without_person),
        _counts(score.not_covered),
    ]


def _cell(tally: Tally) -> str:
    if tally.f1 is None:
        return "-"
    return f"{tally.f1:.2f} ({tally.matched} / {tally.false} / {tally.missed})"


def _of(share: Share) -> str:
    return f"{share.part:g} of {share.whole:g}" if share.whole else "-"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "-"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _figures(score: Score) -> dict[str, Any]:
    tallies = ("classes", "groups", "stretches", "illustrative", "contact")
    return {**asdict(score), **{f"{name}_f1": getattr(score, name).f1 for name in tallies}}

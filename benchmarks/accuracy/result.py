"""One recogniser over all clips, and its figures with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.annotations import Clip
from benchmarks.accuracy.contacts import ContactTicks, contact_auc, mean_clip_auc
from benchmarks.accuracy.found import Found
from benchmarks.accuracy.scoring import Score
from training.evaluation.intervals import Estimate, bootstrap, without_each
from training.evaluation.tally import I64, Tally

ROUNDS = 500


@dataclass(frozen=True)
class ClipResult:
    """One clip with its events and score.

    Attributes:
        clip: The clip.
        found: Events of the engine.
        score: What they are worth.
        contact: Belief in a hand at the head, tick by tick.
    """

    clip: Clip
    found: tuple[Found, ...]
    score: Score
    contact: ContactTicks


@dataclass(frozen=True)
class Figure:
    """One thing that is told of a recogniser.

    Attributes:
        key: Its name in JSON.
        title: Its name in tables.
        goal: What the project asks for; empty if it asks for nothing.
        of: From clips to the figure, NaN where it is not defined.
        digits: After the point.
    """

    key: str
    title: str
    goal: str
    of: Callable[[Sequence[ClipResult]], float]
    digits: int = 2


def total(results: Sequence[ClipResult]) -> Score:
    """Sum over clips."""
    return sum((result.score for result in results), Score())


def estimates(results: Sequence[ClipResult]) -> dict[str, dict[str, Estimate]]:
    """Every figure: `interval` by drawing clips again, `without_a_clip` by leaving each out."""
    told = {}
    for figure in FIGURES:

        def of(chosen: I64, figure: Figure = figure) -> float:
            return figure.of([results[i] for i in chosen.tolist()])

        told[figure.key] = {
            "interval": bootstrap(len(results), of, ROUNDS),
            "without_a_clip": without_each(len(results), of),
        }
    return told


def _tally(name: str) -> Callable[[Sequence[ClipResult]], float]:
    def of(results: Sequence[ClipResult]) -> float:
        tally: Tally = getattr(total(results), name)
        return float("nan") if tally.f1 is None else tally.f1

    return of


def _share(name: str) -> Callable[[Sequence[ClipResult]], float]:
    return lambda results: float(getattr(total(results), name).value)


def _per_minute(count: Callable[[Score], int]) -> Callable[[Sequence[ClipResult]], float]:
    def of(results: Sequence[ClipResult]) -> float:
        score = total(results)
        return count(score) / score.minutes if score.minutes else float("nan")

    return of


def _delay(results: Sequence[ClipResult]) -> float:
    delays = total(results).delays_s
    return float(np.median(delays)) if delays else float("nan")


FIGURES: tuple[Figure, ...] = (
    Figure("group_f1", "group F1, five groups", "≥ 0.85", _tally("groups")),
    Figure("stretch_f1", "group F1, same-group events joined", "", _tally("stretches")),
    Figure("illustrative_f1", "illustrative F1", "", _tally("illustrative")),
    Figure("class_f1", "class F1", "", _tally("classes")),
    Figure("contact_f1", "hand-to-head contact F1", "≥ 0.85", _tally("contact")),
    Figure("touches", "touches found", "", _share("touches")),
    Figure("regions", "touched region right", "≥ 0.75", _share("regions")),
    Figure(
        "contact_auc",
        "contact AUC by tick, pooled",
        "≥ 0.98",
        lambda results: contact_auc([r.contact for r in results]),
        digits=3,
    ),
    Figure(
        "contact_auc_by_clip",
        "contact AUC by tick, mean of clips",
        "",
        lambda results: mean_clip_auc([r.contact for r in results]),
        digits=3,
    ),
    Figure(
        "contact_hard_auc",
        "contact AUC against raised hands",
        "",
        lambda results: contact_auc([r.contact for r in results], hard=True),
        digits=3,
    ),
    Figure(
        "false_contacts_per_min",
        "false contacts / min",
        "≤ 1",
        _per_minute(lambda score: score.contact.false),
    ),
    Figure("negative_per_min", "false / min, negative clips", "≤ 0.5", _share("negative")),
    Figure("quiet_per_min", "false / min, all `none` stretches", "", _share("quiet")),
    Figure("false_per_min", "false / min, all", "", _per_minute(lambda score: score.classes.false)),
    Figure("delay_s", "median onset delay, s", "≤ 0.4", _delay),
)

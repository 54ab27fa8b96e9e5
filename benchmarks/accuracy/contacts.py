"""Whether a hand is at the head, by tick and by stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.accuracy.annotations import Annotation, Clip
from benchmarks.accuracy.meanings import HAND_TO_HEAD, RAISED
from engine.labels import Label
from training.evaluation.frames import auc
from training.evaluation.tally import F64
from training.evaluation.trace import Trace

Bools = npt.NDArray[np.bool_]
RATE_HZ = 25.0


@dataclass(frozen=True)
class ContactTicks:
    """Beliefs of one clip, 25 ticks a second.

    Attributes:
        belief: `(T,)` float64 highest score of any hand-to-head class; 0 where a touch is
            annotated and there is no pose, and where the model abstains.
        touching: `(T,)` bool, a touch of the head is annotated.
        apart: `(T,)` bool, no touch is annotated and there is a pose; `near`, `transition` and
            time without annotation are neither.
        hard: `(T,)` bool, no touch, a pose, and hands near the head, raised or together.
        abstained: Ticks with a pose and no belief.
    """

    belief: F64
    touching: Bools
    apart: Bools
    hard: Bools
    abstained: int


def contact_belief(
    trace: Trace, labels: Sequence[Label], slugs: Collection[str] = HAND_TO_HEAD
) -> F64:
    """Highest score of any of the classes at each tick of a trace; NaN where all abstain.

    Args:
        trace: Of a model.
        labels: Of the model's scores.
        slugs: The classes.

    Returns:
        `(T,)` float64.
    """
    columns = [k for k, label in enumerate(labels) if label.slug in slugs]
    chosen = trace.scores[:, columns].astype(np.float64)
    told = np.where(np.isnan(chosen), -1.0, chosen).max(1, initial=-1.0)
    return np.where(told < 0, np.nan, told)


def contact_ticks(clip: Clip, trace: Trace, labels: Sequence[Label]) -> ContactTicks:
    """Beliefs beside annotations.

    Args:
        clip: The clip.
        trace: What the recogniser gave.
        labels: iMiGUE ids of its scores.
    """
    count = int(trace.seconds * RATE_HZ) + 1
    belief, posed = np.full(count, np.nan), np.zeros(count, np.bool_)
    places = np.round(trace.times_s * RATE_HZ).astype(np.int64)
    inside = (places >= 0) & (places < count)
    belief[places[inside]] = contact_belief(trace, labels)[inside]
    posed[places[inside]] = True
    annotated = clip.until(trace.seconds)
    touching = _within([a for a in annotated if a.contact == "yes"], count)
    near = _within([a for a in annotated if a.contact == "near"], count)
    moving = _within([a for a in annotated if a.label == "transition"], count)
    apart = _within([a for a in annotated if a.contact == "no"], count) & posed
    hard = (near | _within([a for a in annotated if a.label in RAISED], count)) & posed
    return ContactTicks(
        belief=np.nan_to_num(belief, nan=0.0),
        touching=touching,
        apart=apart & ~touching & ~near & ~moving,
        hard=hard & ~touching,
        abstained=int((np.isnan(belief) & posed).sum()),
    )


def contact_auc(clips: Sequence[ContactTicks], hard: bool = False) -> float:
    """Chance that a tick with a touch is believed more than one without; NaN without both.

    Args:
        clips: All ticks are pooled.
        hard: Against hands that are near, raised or together only.
    """
    true, belief = [], []
    for clip in clips:
        against = clip.hard if hard else clip.apart
        belief += [clip.belief[clip.touching], clip.belief[against]]
        true += [np.ones(int(clip.touching.sum()), bool), np.zeros(int(against.sum()), bool)]
    return auc(np.concatenate(true), np.concatenate(belief)) if true else float("nan")


def mean_clip_auc(clips: Sequence[ContactTicks]) -> float:
    """Mean over the clips that have both touches and none; NaN without such a clip."""
    told = [value for clip in clips if not np.isnan(value := contact_auc([clip]))]
    return float(np.mean(told)) if told else float("nan")


def _within(annotations: Sequence[Annotation], count: int) -> Bools:
    times = np.arange(count) / RATE_HZ
    inside = np.zeros(count, np.bool_)
    for annotation in annotations:
        inside |= (times >= annotation.start_s) & (times < annotation.end_s)
    return inside

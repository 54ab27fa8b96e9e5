"""Counts of one sequence at one overlap, by class and by group; they add up over sequences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluation.events import FoundEvent, Interval, TrueEvent
from training.evaluation.matching import covered_s, many_to_one, matched_indices, merged, mostly_in
from training.evaluation.tally import F64, FALSE, I64, MATCHED, MISSED
from training.labels import CLASS_COUNT, GROUP_COUNT, GROUP_OF


@dataclass(frozen=True)
class EventCounts:
    """What the found events of one or more sequences are worth.

    Attributes:
        classes: `(33, 3)` matched, false, missed events of each class, one to one.
        groups: `(7, 3)` the same where any class of the same group matches.
        kit_hits: True events found as the MiGA kit counts, many to one.
        idle: Found events of which most lies where nothing happens.
        seconds: Time looked at.
        idle_s: Of it, time in which nothing happens.
        delays_s: `(P,)` for each matched pair, when it was decided minus the true start.
        duration_errors_s: `(P,)` found minus true duration.
    """

    classes: I64
    groups: I64
    kit_hits: int
    idle: int
    seconds: float
    idle_s: float
    delays_s: F64
    duration_errors_s: F64

    def __add__(self, other: "EventCounts") -> "EventCounts":
        return EventCounts(
            self.classes + other.classes,
            self.groups + other.groups,
            self.kit_hits + other.kit_hits,
            self.idle + other.idle,
            self.seconds + other.seconds,
            self.idle_s + other.idle_s,
            np.concatenate((self.delays_s, other.delays_s)),
            np.concatenate((self.duration_errors_s, other.duration_errors_s)),
        )


def count_events(
    true: Sequence[TrueEvent],
    found: Sequence[FoundEvent],
    above: float,
    seconds: float,
    ignored: Sequence[Interval] = (),
) -> EventCounts:
    """Counts of one sequence.

    What is not matched and lies mostly in `ignored` time counts neither as missed nor as false.

    Args:
        true: What happened.
        found: What was found.
        above: Overlap that a match must exceed, 0..1.
        seconds: Length of the sequence.
        ignored: Where nobody can tell, e.g. without a pose.
    """
    pairs = matched_indices(found, true, _same_class, above)
    by_group = matched_indices(found, true, _same_group, above)
    busy = merged(true, 0.0)
    doubtful = [*busy, *ignored]
    return EventCounts(
        classes=_tallied(true, found, pairs, ignored, CLASS_COUNT, lambda index: index),
        groups=_tallied(true, found, by_group, ignored, GROUP_COUNT, GROUP_OF.__getitem__),
        kit_hits=len(many_to_one(found, true, _same_class, above)),
        idle=sum(not mostly_in(event, doubtful) for event in found),
        seconds=seconds,
        idle_s=seconds - covered_s(Interval(0.0, seconds), busy),
        delays_s=np.array([found[i].decided_s - true[j].start_s for i, j in pairs], np.float64),
        duration_errors_s=np.array(
            [_duration_s(found[i]) - _duration_s(true[j]) for i, j in pairs], np.float64
        ),
    )


def _same_class(found: FoundEvent, true: TrueEvent) -> bool:
    return found.class_index == true.class_index


def _same_group(found: FoundEvent, true: TrueEvent) -> bool:
    return GROUP_OF[found.class_index] == GROUP_OF[true.class_index]


def _duration_s(event: TrueEvent | FoundEvent) -> float:
    return event.end_s - event.start_s


def _tallied(
    true: Sequence[TrueEvent],
    found: Sequence[FoundEvent],
    pairs: Sequence[tuple[int, int]],
    ignored: Sequence[Interval],
    rows: int,
    row_of: Callable[[int], int],
) -> I64:
    counts = np.zeros((rows, 3), np.int64)
    hit_found, hit_true = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, found_event in enumerate(found):
        if i in hit_found:
            counts[row_of(found_event.class_index), MATCHED] += 1
        elif not mostly_in(found_event, ignored):
            counts[row_of(found_event.class_index), FALSE] += 1
    for j, true_event in enumerate(true):
        if j not in hit_true and not mostly_in(true_event, ignored):
            counts[row_of(true_event.class_index), MISSED] += 1
    return counts

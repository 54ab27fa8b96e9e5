"""One call from scores or events to the report."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import groupby
from operator import add
from types import MappingProxyType

import numpy as np

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.poses import F32
from training.evaluation.counting import EventCounts, count_events
from training.evaluation.decode_scores import decode_scores
from training.evaluation.events import FoundEvent
from training.evaluation.frames import class_aucs, class_precisions, confusion, with_none
from training.evaluation.intervals import Estimate, bootstrap
from training.evaluation.report import EventFigures, Report
from training.evaluation.sequences import RATE_HZ, ScoredSequence
from training.evaluation.tally import F64, FALSE, I64, f1_of, macro_f1
from training.labels import GROUP_OF, ILLUSTRATIVE_INDEX, NONE_INDEX

IOUS = (0.1, 0.3, 0.5)
_DEFAULTS = DecoderConfig()
_NO_POINTS: Mapping[str, ClassDecoderConfig] = MappingProxyType({})
_GESTURES = tuple(k for k in range(NONE_INDEX) if k != ILLUSTRATIVE_INDEX)
_GESTURE_GROUPS = sorted({GROUP_OF[k] for k in _GESTURES})


def evaluate_scores(
    sequences: Iterable[ScoredSequence],
    *,
    operating_points: Mapping[str, ClassDecoderConfig] = _NO_POINTS,
    config: DecoderConfig = _DEFAULTS,
    delay_ticks: int = 0,
    classes: Sequence[int] = tuple(range(NONE_INDEX)),
    ious: Sequence[float] = IOUS,
    rounds: int = 1000,
) -> Report:
    """Scores of all 32 classes at 25 ticks a second, decoded causally and judged.

    Args:
        sequences: Scores and truth.
        operating_points: What the model recommends, by class slug.
        config: The engine's decoder settings.
        delay_ticks: Look-ahead of the model.
        classes: Class indices that the macro F1 is over.
        ious: Overlaps that a match must exceed.
        rounds: Of the bootstrap.

    Raises:
        ModelError: An operating point cannot be used.
        ConfigError: The values of a class do not fit together.
    """
    kept = sorted(sequences, key=lambda sequence: sequence.unit)
    found = [
        decode_scores(
            sequence.scores,
            config=config,
            operating_points=operating_points,
            valid=sequence.valid,
            delay_ticks=delay_ticks,
        )
        for sequence in kept
    ]
    return evaluate_events(
        kept, found, delay_ticks=delay_ticks, classes=classes, ious=ious, rounds=rounds
    )


def evaluate_events(
    sequences: Sequence[ScoredSequence],
    found: Sequence[Sequence[FoundEvent]],
    *,
    delay_ticks: int = 0,
    classes: Sequence[int] = tuple(range(NONE_INDEX)),
    ious: Sequence[float] = IOUS,
    rounds: int = 1000,
) -> Report:
    """As `evaluate_scores`, of events that something else decoded.

    Args:
        sequences: Scores and truth.
        found: Events of each sequence.
        delay_ticks: Look-ahead of the model.
        classes: Class indices that the macro F1 is over.
        ious: Overlaps that a match must exceed.
        rounds: Of the bootstrap.
    """
    labels = np.concatenate([s.labels[: len(s.labels) - delay_ticks] for s in sequences])
    scores = np.concatenate([s.scores[delay_ticks:] for s in sequences]).astype(np.float32)
    precisions = class_precisions(labels, scores)
    return Report(
        events=tuple(
            _figures(_counted(sequences, found, iou), iou, tuple(classes), rounds) for iou in ious
        ),
        frame_map=_mean(precisions),
        frame_auc=_mean(class_aucs(labels, scores)),
        precisions=precisions,
        confusion=confusion(labels, with_none(scores)),
        abstained=_abstained(sequences),
        minutes=sum(len(s.scores) for s in sequences) / RATE_HZ / 60.0,
        units=len({s.unit for s in sequences}),
    )


def _counted(
    sequences: Sequence[ScoredSequence], found: Sequence[Sequence[FoundEvent]], iou: float
) -> list[EventCounts]:
    """Counts of each unit."""
    pairs = sorted(zip(sequences, found, strict=True), key=lambda pair: pair[0].unit)
    units = []
    for _, own in groupby(pairs, key=lambda pair: pair[0].unit):
        counts = [
            count_events(s.truths, events, iou, len(s.scores) / RATE_HZ, s.ignored(RATE_HZ))
            for s, events in own
        ]
        units.append(reduce(add, counts))
    return units


def _figures(
    units: Sequence[EventCounts], iou: float, classes: tuple[int, ...], rounds: int
) -> EventFigures:
    table = _Table(units)
    whole = reduce(add, units)

    def over(statistic: str) -> Estimate:
        return bootstrap(len(units), getattr(table, statistic), rounds)

    return EventFigures(
        iou=iou,
        micro_f1=over("micro_f1"),
        macro_f1=bootstrap(
            len(units), lambda chosen: macro_f1(table.classes[chosen].sum(0), classes), rounds
        ),
        group_f1=over("group_f1"),
        gesture_f1=over("gesture_f1"),
        illustrative_f1=over("illustrative_f1"),
        kit_f1=over("kit_f1"),
        false_per_min=over("false_per_min"),
        idle_false_per_min=over("idle_false_per_min"),
        delay_median_s=_percentile(whole.delays_s, 50),
        delay_p90_s=_percentile(whole.delays_s, 90),
        duration_error_median_s=_percentile(whole.duration_errors_s, 50),
        duration_error_abs_median_s=_percentile(np.abs(whole.duration_errors_s), 50),
        classes=whole.classes,
        groups=whole.groups,
    )


class _Table:
    """Counts of all units as arrays, so that drawing units again is a sum over rows."""

    def __init__(self, units: Sequence[EventCounts]) -> None:
        self.classes = np.stack([unit.classes for unit in units])
        self._groups = np.stack([unit.groups for unit in units])[:, _GESTURE_GROUPS]
        self._kit_hits = np.array([unit.kit_hits for unit in units])
        self._idle = np.array([unit.idle for unit in units])
        self._seconds = np.array([unit.seconds for unit in units])
        self._idle_s = np.array([unit.idle_s for unit in units])

    def micro_f1(self, chosen: I64) -> float:
        return _summed_f1(self.classes[chosen])

    def group_f1(self, chosen: I64) -> float:
        return _summed_f1(self._groups[chosen])

    def gesture_f1(self, chosen: I64) -> float:
        return _summed_f1(self.classes[chosen][:, list(_GESTURES)])

    def illustrative_f1(self, chosen: I64) -> float:
        return _summed_f1(self.classes[chosen][:, ILLUSTRATIVE_INDEX])

    def kit_f1(self, chosen: I64) -> float:
        matched, false, missed = self.classes[chosen].sum((0, 1)).tolist()
        events = 2 * matched + false + missed
        return 2 * int(self._kit_hits[chosen].sum()) / events if events else float("nan")

    def false_per_min(self, chosen: I64) -> float:
        false = self.classes[chosen][:, :, FALSE].sum()
        return _ratio(60.0 * false, self._seconds[chosen].sum())

    def idle_false_per_min(self, chosen: I64) -> float:
        return _ratio(60.0 * self._idle[chosen].sum(), self._idle_s[chosen].sum())


def _summed_f1(counts: I64) -> float:
    return float(f1_of(counts.reshape(-1, 3).sum(0)))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _percentile(values: F64, percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else float("nan")


def _mean(values: F64) -> float:
    told = values[~np.isnan(values)]
    return float(told.mean()) if len(told) else float("nan")


def _abstained(sequences: Sequence[ScoredSequence]) -> float:
    with_pose: list[F32] = [s.scores[s.valid] for s in sequences]
    rows = np.concatenate(with_pose)
    return float(np.isnan(rows).mean()) if rows.size else 0.0

"""From class scores to gesture events: hysteresis, minimum duration, merging, updates, ends."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.core.class_rules import NS_PER_S, ClassRule, class_rules
from engine.labels import Label
from engine.messages import GestureEvent
from engine.poses import F32

_NO_POINTS: Mapping[str, ClassDecoderConfig] = MappingProxyType({})


@dataclass
class _Sums:
    """What a stretch of ticks adds up to."""

    score: float = 0.0
    valid: int = 0
    ticks: int = 0

    def add(self, other: "_Sums") -> None:
        self.score += other.score
        self.valid += other.valid
        self.ticks += other.ticks


@dataclass
class _Run:
    """A stretch of one class at or above its offset, dips shorter than the merge gap included.

    `tail` is the dip that may turn out to be the end: it counts only once the score is back.
    """

    rise_ns: int
    last_above_ns: int
    reached_onset: bool = False
    event_id: str = ""
    next_update_ns: int = 0
    dip_ns: int = 0
    abstained_ns: int = 0
    peak: float = 0.0
    sums: _Sums = field(default_factory=_Sums)
    tail: _Sums = field(default_factory=_Sums)


class EventDecoder:
    """Finds start and end of every gesture of one stream.

    Times are those the scores describe. A dip is measured in valid ticks only: a gap neither
    extends nor ends a gesture until `flush` is called for it. A score of NaN is such a gap for
    its class alone, and ends the gesture when it lasts.

    Args:
        config: Thresholds and durations.
        labels: Of each score.
        stream: Stream name, the first part of event ids.
        rate_hz: Ticks a second.
        operating_points: What the model recommends, class by class.

    Raises:
        ModelError: An operating point cannot be used.
        ConfigError: The values of a class do not fit together, or are of no class.
    """

    def __init__(
        self,
        config: DecoderConfig,
        labels: tuple[Label, ...],
        stream: str,
        rate_hz: float,
        operating_points: Mapping[str, ClassDecoderConfig] = _NO_POINTS,
    ) -> None:
        self._labels = labels
        self._rules = class_rules(config, labels, operating_points)
        self._offsets = np.array([rule.offset for rule in self._rules], np.float32)
        self._update_ns = round(config.update_every_s * NS_PER_S)
        self._abstain_ns = round(config.abstain_after_s * NS_PER_S)
        self._max_ns = round(config.max_duration_s * NS_PER_S)
        self._period_ns = round(NS_PER_S / rate_hz)
        self._stream = stream
        self._runs: dict[int, _Run] = {}
        self._count = 0

    @property
    def active(self) -> int:
        """How many gestures have started and not ended."""
        return sum(1 for run in self._runs.values() if run.event_id)

    def step(self, t_ns: int, epoch: int, scores: F32) -> list[GestureEvent]:
        """Events of one valid tick.

        Args:
            t_ns: Instant the scores describe.
            epoch: Epoch of the stream, part of new ids.
            scores: `(K,)` float32, 0..1; NaN where the view does not support the class.
        """
        events: list[GestureEvent] = []
        above = np.flatnonzero(scores >= self._offsets).tolist()
        for index in sorted({*above, *self._runs}):
            events += self._step_class(index, t_ns, epoch, float(scores[index]))
        return events

    def step_gap(self) -> None:
        """Count one tick without a pose; gestures go on, their coverage falls."""
        for run in self._runs.values():
            run.tail.add(_Sums(ticks=1))

    def flush(self, reason: str) -> list[GestureEvent]:
        """End everything now: `epoch`, `gap`, `person_lost` or `shutdown`."""
        runs, self._runs = self._runs, {}
        return [
            self._event(index, run, "end", reason)
            for index, run in sorted(runs.items())
            if run.event_id
        ]

    def _step_class(self, index: int, t_ns: int, epoch: int, score: float) -> list[GestureEvent]:
        rule = self._rules[index]
        run = self._runs.get(index)
        if run is None:
            run = self._runs[index] = _Run(rise_ns=t_ns, last_above_ns=t_ns)
        if math.isnan(score):
            return self._step_unsupported(index, run)
        run.abstained_ns = 0
        self._count_tick(run, rule, t_ns, score)
        if run.dip_ns > rule.merge_gap_ns or (run.dip_ns and not run.reached_onset):
            return self._drop(index, "released")
        return self._progress(index, run, t_ns, epoch)

    def _step_unsupported(self, index: int, run: _Run) -> list[GestureEvent]:
        run.tail.add(_Sums(ticks=1))
        run.abstained_ns += self._period_ns
        return self._drop(index, "view") if run.abstained_ns >= self._abstain_ns else []

    def _drop(self, index: int, reason: str) -> list[GestureEvent]:
        run = self._runs.pop(index)
        return [self._event(index, run, "end", reason)] if run.event_id else []

    def _count_tick(self, run: _Run, rule: ClassRule, t_ns: int, score: float) -> None:
        run.tail.add(_Sums(score, 1, 1))
        run.peak = max(run.peak, score)
        run.reached_onset |= score >= rule.onset
        if not run.reached_onset and t_ns - run.rise_ns > rule.merge_gap_ns:
            # An onset is dated back to where the score rose, but not over a long half-belief.
            run.rise_ns, run.sums = t_ns, _Sums()
        if score >= rule.offset:
            run.last_above_ns = t_ns
            run.dip_ns = 0
            run.sums.add(run.tail)
            run.tail = _Sums()
        else:
            run.dip_ns += self._period_ns

    def _progress(self, index: int, run: _Run, t_ns: int, epoch: int) -> list[GestureEvent]:
        lasted_ns = run.last_above_ns + self._period_ns - run.rise_ns
        if not run.event_id:
            seen_ns = run.sums.valid * self._period_ns  # a gap is not evidence of lasting
            shortest_ns = max(self._rules[index].min_duration_ns, self._period_ns)
            if not run.reached_onset or min(lasted_ns, seen_ns) < shortest_ns:
                return []
            run.event_id = f"{self._stream}-{epoch}-{self._count}"
            run.next_update_ns = t_ns + self._update_ns
            self._count += 1
            return [self._event(index, run, "start", "")]
        if lasted_ns >= self._max_ns:
            begun_ns = run.last_above_ns + self._period_ns
            self._runs[index] = _Run(begun_ns, run.last_above_ns, reached_onset=True)
            return [self._event(index, run, "end", "split")]
        if t_ns >= run.next_update_ns:
            run.next_update_ns += self._update_ns
            return [self._event(index, run, "update", "")]
        return []

    def _event(self, index: int, run: _Run, state: str, end_reason: str) -> GestureEvent:
        label = self._labels[index]
        return GestureEvent(
            id=run.event_id,
            state=state,
            label_id=label.id,
            label=label.slug,
            group=label.group.value,
            t_start_ns=run.rise_ns,
            t_end_ns=run.last_above_ns + self._period_ns if state == "end" else None,
            score=round(run.sums.score / run.sums.valid, 4),
            peak=round(run.peak, 4),
            coverage=round(run.sums.valid / run.sums.ticks, 4),
            end_reason=end_reason,
        )

"""From gesture events to an emotion estimate: Poisson weights of evidence with forgetting.

Events of a class come as a Poisson process whose rate is the person's baseline, times
`exp(+w/2)` in a positive state and `exp(-w/2)` in a negative one. After a time T with n events the
log-likelihood ratio is `n·w - 2·sinh(w/2)·λ·T`, which is about `w·(n - λ·T)`: to 1 % of the second
term for weights of the shipped table (|w| ≤ 0.5), to 4 % for fitted ones (|w| ≤ 1). T is the time
in which the class could be seen. Counts and time fade by 1/e in the memory time. `docs/emotion.md`
explains it.
"""

import math
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from engine.config import EmotionConfig
from engine.core.evidence import LOG_ODDS
from engine.errors import ModelError
from engine.messages import NEGATIVE, POSITIVE, UNKNOWN, EmotionEstimate, Evidence, GestureEvent
from engine.person import PersonCalibration
from engine.topics import TOPICS

WARMING_UP = "warming_up"
LOW_COVERAGE = "low_coverage"
WEAK_EVIDENCE = "weak_evidence"
MIXED_EVIDENCE = "mixed_evidence"

REASONS: dict[str, str] = {
    WARMING_UP: "the stream has not been watched long enough",
    LOW_COVERAGE: "the person was not in view for enough of the memory time",
    WEAK_EVIDENCE: "too little evidence to commit",
    MIXED_EVIDENCE: "at least a quarter of the evidence speaks for the other state",
}

_NS_PER_S = 1e9
_MAX_IDS = 8
# A contribution below this is forgotten; it would move a probability by less than 0.0003.
_FORGOTTEN = 0.001
# Ids of events whose weight has faded below 1/1000 are no longer listed.
_ID_MEMORIES = math.log(1000.0)


@dataclass
class _Tally:
    """Events of one class: those that ended, faded to `at_ns`, and those that still run."""

    settled: float = 0.0
    at_ns: int = 0
    open: dict[str, tuple[int, float]] = field(default_factory=dict)
    ids: deque[tuple[str, int]] = field(default_factory=lambda: deque(maxlen=_MAX_IDS))


class EmotionAggregator:
    """Weighs the gesture events of one stream into estimates on a grid of the stream's time.

    Deterministic; one thread at a time. The rate is that of `engine.topics`.

    Args:
        config: Memory, prior, and when to commit.
        person: Gives the person's own rates. Without it only presence is evidence: absence
            says something only against one's own baseline.
        weights: Class slug to log-likelihood ratio of one event of full confidence.
    """

    def __init__(
        self,
        config: EmotionConfig,
        person: PersonCalibration | None,
        weights: Mapping[str, float] = LOG_ODDS,
    ) -> None:
        rate_hz = TOPICS["emotion"].rate_hz
        assert rate_hz is not None
        self._period_ns = round(_NS_PER_S / rate_hz)
        self._config = config
        self._memory_ns = config.memory_s * _NS_PER_S
        self._prior = math.log(config.prior_positive / (1.0 - config.prior_positive))
        self._weights = {slug: weight for slug, weight in weights.items() if weight != 0.0}
        self._per_s = (
            {slug: rate / 60.0 for slug, rate in person.rates_per_min.items()} if person else {}
        )
        self._baseline = "person" if person else "none"
        self.reset()

    def reset(self) -> None:
        """Forget everything: a new epoch begins."""
        self._tallies: dict[str, _Tally] = {}
        self._start_ns: int | None = None
        self._now_ns = 0
        self._next_ns = 0
        self._observed_s = 0.0
        self._hidden_s: dict[str, float] = {}

    def step(
        self,
        t_ns: int,
        valid: bool,
        reason: str,
        events: Sequence[GestureEvent],
        abstained: Collection[str] = (),
    ) -> EmotionEstimate | None:
        """Take one tick of the recogniser.

        Args:
            t_ns: Time of the tick, on the stream's clock; later than the tick before.
            valid: Whether the person can be observed now.
            reason: Why not, a code; empty exactly when valid.
            events: Gesture events decided at this tick.
            abstained: Slugs of the classes that the view does not support now: their absence is
                no evidence. Without effect when not valid.

        Returns:
            The estimate for the newest instant of the grid that this tick reaches, or None
            between two instants.

        Raises:
            ModelError: An event's score is not a finite number.
            ValueError: Time went backwards within an epoch.
        """
        self._begin_or_check(t_ns)
        # The newest instant only: after a jump nobody wants the estimates that were missed.
        grid_ns = t_ns - t_ns % self._period_ns
        due = grid_ns >= self._next_ns
        if due:
            self._advance(grid_ns, valid, abstained)
        for event in events:
            self._count(event)
        estimate = self._estimate(grid_ns, valid, reason) if due else None
        self._advance(t_ns, valid, abstained)
        return estimate

    def _begin_or_check(self, t_ns: int) -> None:
        if self._start_ns is None:
            self._start_ns = self._now_ns = t_ns
            self._next_ns = -(-t_ns // self._period_ns) * self._period_ns
        elif t_ns < self._now_ns:
            raise ValueError(
                f"expected a tick at or after {self._now_ns} ns, got {t_ns} ns; "
                "call reset() when a new epoch begins"
            )

    def _advance(self, t_ns: int, valid: bool, abstained: Collection[str]) -> None:
        """Let time pass. A stretch without ticks is observed for one period at most."""
        elapsed_ns = t_ns - self._now_ns
        if elapsed_ns <= 0:
            return
        self._now_ns = t_ns
        faded = math.exp(-elapsed_ns / self._memory_ns)
        self._observed_s *= faded
        for slug in self._hidden_s:
            self._hidden_s[slug] *= faded
        if valid:
            seen_ns = min(elapsed_ns, self._period_ns)
            seen_s = -self._config.memory_s * math.expm1(-seen_ns / self._memory_ns)
            self._observed_s += seen_s
            for slug in abstained:
                self._hidden_s[slug] = self._hidden_s.get(slug, 0.0) + seen_s

    def _count(self, event: GestureEvent) -> None:
        """An event counts from its start, with the latest score it was given."""
        if not math.isfinite(event.score):
            raise ModelError(f"gesture {event.id}: expected a score 0..1, got {event.score}")
        if event.label not in self._weights:
            return
        tally = self._tallies.setdefault(event.label, _Tally())
        if event.state == "start":
            tally.ids.append((event.id, event.t_start_ns))
        elif event.id not in tally.open:
            return
        tally.open[event.id] = event.t_start_ns, min(1.0, max(0.0, event.score))
        if event.state == "end":
            self._settle(tally, event.id)

    def _settle(self, tally: _Tally, event_id: str) -> None:
        start_ns, score = tally.open.pop(event_id)
        tally.settled = tally.settled * self._faded(tally.at_ns, self._now_ns)
        tally.settled += score * self._faded(start_ns, self._now_ns)
        tally.at_ns = self._now_ns

    def _faded(self, from_ns: int, to_ns: int) -> float:
        return math.exp(min(0, from_ns - to_ns) / self._memory_ns)

    def _estimate(self, t_ns: int, valid: bool, reason: str) -> EmotionEstimate:
        self._next_ns = t_ns + self._period_ns
        evidence = self._evidence(t_ns)
        log_odds = self._prior + sum(item.log_odds for item in evidence)
        strength = sum(abs(item.log_odds) for item in evidence)
        p_unknown = 1.0 / (1.0 + strength / self._config.unknown_strength)
        p_positive = (1.0 - p_unknown) * _sigmoid(log_odds)
        p_negative = (1.0 - p_unknown) - p_positive
        coverage = min(1.0, self._observed_s / self._config.memory_s)
        why = self._too_little_seen(t_ns, coverage) if valid else reason
        verdict = UNKNOWN if why else self._verdict(p_positive, p_negative)
        if verdict == UNKNOWN and not why:
            opposed = abs(log_odds - self._prior) < strength / 2
            why = MIXED_EVIDENCE if opposed else WEAK_EVIDENCE
        return EmotionEstimate(
            t_ns=t_ns,
            p_positive=p_positive,
            p_negative=p_negative,
            p_unknown=p_unknown,
            verdict=verdict,
            valid=valid,
            reason=why,
            log_odds=log_odds,
            coverage=coverage,
            baseline=self._baseline,
            evidence=evidence,
        )

    def _evidence(self, t_ns: int) -> tuple[Evidence, ...]:
        items = []
        for slug in self._tallies if not self._per_s else self._weights:
            weight = self._weights[slug]
            tally = self._tallies.get(slug)
            observed = self._observed(tally, t_ns) if tally else 0.0
            expected = self._per_s.get(slug, 0.0) * self._visible_s(slug)
            log_odds = weight * (observed - expected)
            if abs(log_odds) >= _FORGOTTEN:
                ids = self._ids(tally, t_ns) if tally else ()
                items.append(
                    Evidence(
                        label=slug,
                        log_odds=log_odds,
                        weight=weight,
                        observed=observed,
                        expected=expected,
                        events=ids,
                    )
                )
        return tuple(sorted(items, key=lambda item: (-abs(item.log_odds), item.label)))

    def _visible_s(self, slug: str) -> float:
        """Faded time in which the class could be seen. Rounding must not make it negative."""
        return max(0.0, self._observed_s - self._hidden_s.get(slug, 0.0))

    def _observed(self, tally: _Tally, t_ns: int) -> float:
        running = sum(score * self._faded(start, t_ns) for start, score in tally.open.values())
        return running + tally.settled * self._faded(tally.at_ns, t_ns)

    def _ids(self, tally: _Tally, t_ns: int) -> tuple[str, ...]:
        oldest_ns = t_ns - _ID_MEMORIES * self._memory_ns
        return tuple(event_id for event_id, start_ns in tally.ids if start_ns >= oldest_ns)

    def _too_little_seen(self, t_ns: int, coverage: float) -> str:
        if coverage >= self._config.min_coverage:
            return ""
        assert self._start_ns is not None
        possible = -math.expm1(-(t_ns - self._start_ns) / self._memory_ns)
        return WARMING_UP if possible < self._config.min_coverage else LOW_COVERAGE

    def _verdict(self, p_positive: float, p_negative: float) -> str:
        if p_positive == p_negative or max(p_positive, p_negative) < self._config.decide_above:
            return UNKNOWN
        return POSITIVE if p_positive > p_negative else NEGATIVE


def _sigmoid(x: float) -> float:
    """Logistic function that overflows on neither side."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    grown = math.exp(x)
    return grown / (1.0 + grown)

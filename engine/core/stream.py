"""Everything between a pose sample and the events of one stream: the object all paths share."""

from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass

import numpy as np

from engine.config import Config
from engine.contracts import StepModel
from engine.core.abstention import Abstention
from engine.core.decode import EventDecoder
from engine.core.emotion import EmotionAggregator
from engine.core.evidence import LOG_ODDS
from engine.core.joint_set import in_joint_set
from engine.core.normalize import Normalizer
from engine.core.resample import Resampler, Tick
from engine.emotion_weights import FittedWeights
from engine.errors import ModelError
from engine.labels import check_labels
from engine.messages import SHUTDOWN, EmotionEstimate, GestureEvent
from engine.person import PersonCalibration
from engine.poses import F32, NO_FRAME, SPARSE, PoseSample
from engine.skeletons import skeleton

NS_PER_S = 1_000_000_000
# What 32-bit sums may miss 0 and 1 by.
_ROUNDING = 1e-5


WatchScores = Callable[[int, F32], None]
"""Is given the instant described, ns, and `(K,)` scores, NaN where the model abstains."""


_Events = Generator[F32, F32 | None, list[GestureEvent]]
Steps = Generator[F32, F32 | None, "list[Decision]"]
"""Gives `(J, 4)` ticks for the recogniser, is sent its `(K,)` scores or None, ends with the
decisions."""


@dataclass(frozen=True)
class Decision:
    """Something to publish.

    Attributes:
        kind: Topic kind, `gesture` or `emotion`.
        body: Its content.
        epoch: Epoch it belongs to.
        capture_ns: Grab time of the newest sample that led to it.
        degrade_level: How much had been left out for that sample; 0 is nothing.
    """

    kind: str
    body: GestureEvent | EmotionEstimate
    epoch: int
    capture_ns: int
    degrade_level: int = 0


class StreamCore:
    """Resample, normalise, recognise, decode and weigh one stream; pure and deterministic.

    The same samples in the same order give the same decisions, live, replayed or in a test,
    whichever other streams share the recogniser.

    Args:
        config: Uses `stream`, `resample`, `decoder` and `emotion`, but for the files it names.
        model: The recogniser, warmed up. Only this stream's row of it is touched; `steps` leaves
            the stepping to its caller.
        person: Calibration of the person in view, if any.
        watch: Is told the scores of every tick with a pose, before they are decoded; in the thread
            that runs the steps. The array is the model's: copy what is to be kept.
        row: This stream's row in the recogniser; nobody else's.
        on_given_up: Is told the instant, ns, of each tick that was given up for want of time; in
            the thread that runs the steps.
        fitted: Weights of evidence in place of the shipped table.
        given_up: Instants of ticks that are to be without scores: what a live run was told.

    Raises:
        ModelError: The recogniser's joint set is unknown, or its labels or an operating point
            cannot be used.
        ConfigError: The decoder's settings do not fit the recogniser's operating points, or are of
            no class of iMiGUE's or the recogniser's.
    """

    def __init__(
        self,
        config: Config,
        model: StepModel,
        person: PersonCalibration | None = None,
        watch: WatchScores | None = None,
        row: int = 0,
        *,
        on_given_up: Callable[[int], None] = lambda _: None,
        fitted: FittedWeights | None = None,
        given_up: Collection[int] = (),
    ) -> None:
        self.row = row
        self._on_given_up = on_given_up
        self._given_up = given_up
        self._tick_ns = 0
        self._model = model
        check_labels(model.labels)
        model.reserve(row + 1)
        self._watch = watch
        self._resampler = Resampler(config.resample, model.rate_hz)
        self._joint_set = skeleton(model.skeleton)
        self._normalizer = Normalizer(self._joint_set, model.rate_hz, person)
        self._decoder = EventDecoder(
            config.decoder,
            model.labels,
            config.stream.name,
            model.rate_hz,
            model.operating_points,
        )
        self._abstention = Abstention(model.labels, model.rate_hz)
        weights = LOG_ODDS if fitted is None else fitted.log_odds()
        self._emotion = (
            EmotionAggregator(config.emotion, person, weights) if config.emotion.enabled else None
        )
        self._delay_ns = round(model.delay * NS_PER_S / model.rate_hz)
        self._reset_after_ns = round(config.resample.reset_after_s * NS_PER_S)
        self._epoch: int | None = None
        self._capture_ns = 0
        self._degrade_level = 0
        self._last_valid_ns: int | None = None

    @property
    def abstained(self) -> tuple[str, ...]:
        """Slugs of the classes that the view does not support now. Any thread.

        Empty when nobody is in view.
        """
        return self._abstention.now

    @property
    def abstained_s(self) -> dict[str, float]:
        """Slug to seconds without support while somebody was in view, over all epochs."""
        return self._abstention.seconds

    def steps(self, sample: PoseSample) -> Steps:
        """What one sample makes the recogniser do, tick by tick, and the decisions it brings.

        See `StepBatch`, which runs the steps of many streams together, and `LoneStream`. Those of a
        sample must have ended before those of the next begin.

        Raises:
            ModelError: The sample's joint set does not begin with the recogniser's, or the
                recogniser gave what are no scores.
        """
        sample = in_joint_set(sample, self._joint_set)
        decisions = self._enter(sample.epoch) if sample.epoch != self._epoch else []
        self._capture_ns = sample.capture_ns
        self._degrade_level = sample.degrade_level
        for tick in self._resampler.step(sample):
            decisions += yield from self._tick(tick)
        return decisions

    def gave_up(self) -> None:
        """The tick that was given last has been given up: the scores to come are NaN."""
        self._on_given_up(self._tick_ns)

    def finish(self) -> list[Decision]:
        """End events of everything that still runs. The core may be used again afterwards."""
        decisions = self._flush(SHUTDOWN)
        if self._epoch is not None:
            self._restart()
        return decisions

    def _enter(self, epoch: int) -> list[Decision]:
        decisions = self._flush("epoch")
        self._restart()
        self._epoch = epoch
        return decisions

    def _restart(self) -> None:
        self._epoch = None
        self._last_valid_ns = None
        self._resampler.reset()
        self._normalizer.reset()
        self._model.reset(self.row)
        self._abstention.clear()
        if self._emotion:
            self._emotion.reset()

    def _tick(self, tick: Tick) -> Steps:
        self._tick_ns = tick.t_ns
        events = yield from self._recognise(tick) if tick.valid else self._gap(tick)
        decisions = [self._decision("gesture", event) for event in events]
        if self._emotion:
            estimate = self._emotion.step(
                tick.t_ns, tick.valid, tick.reason, events, self._abstention.now
            )
            if estimate is not None:
                decisions.append(self._decision("emotion", estimate))
        return decisions

    def _recognise(self, tick: Tick) -> _Events:
        self._last_valid_ns = tick.t_ns
        assert self._epoch is not None
        scores = yield self._normalizer.step(tick)
        if scores is None:
            return []
        _check(scores, tick.t_ns)
        if tick.t_ns in self._given_up:
            scores = np.full_like(scores, np.nan)
        t_ns = tick.t_ns - self._delay_ns
        if self._watch:
            self._watch(t_ns, scores)
        self._abstention.step(scores)
        return self._decoder.step(t_ns, self._epoch, scores)

    def _gap(self, tick: Tick) -> _Events:
        """A gap tick steps the model too: its window must move with time."""
        self._abstention.clear()
        if self._last_valid_ns is None:
            return []
        if tick.t_ns - self._last_valid_ns < self._reset_after_ns:
            yield self._normalizer.step(tick)
            self._decoder.step_gap()
            return []
        self._last_valid_ns = None
        self._model.reset(self.row)
        self._normalizer.reset()
        return self._decoder.flush("gap" if tick.reason in (NO_FRAME, SPARSE) else "person_lost")

    def _flush(self, reason: str) -> list[Decision]:
        return [self._decision("gesture", event) for event in self._decoder.flush(reason)]

    def _decision(self, kind: str, body: GestureEvent | EmotionEstimate) -> Decision:
        return Decision(kind, body, self._epoch or 0, self._capture_ns, self._degrade_level)


def _check(scores: F32, t_ns: int) -> None:
    """Scores are beliefs or NaN; infinity would outlive every mean it gets into."""
    told = scores[~np.isnan(scores)]
    if ((told < -_ROUNDING) | (told > 1.0 + _ROUNDING)).any():
        raise ModelError(
            f"the recogniser gave scores that are neither 0..1 nor NaN at {t_ns} ns: "
            f"{told.min():g} to {told.max():g}"
        )

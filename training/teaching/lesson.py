"""From examples and background to a detector with a promise in alarms a minute.

Seconds of one recording are alike, and those of another day, person or seat are not: a threshold
by pooled seconds is broken by the first recording that is different (on simulated people with
cameras of their own, by up to ten times). So whole sessions are what is held out. Each has a
threshold of its own, the lowest with no more alarms a minute than asked for, and the detector's is
their split-conformal quantile (Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random
World", 2005; for layers of sampling Dunn, Wasserman and Ramdas, JASA 2023). Of a further session
that is exchangeable with them it promises: with more alarms a minute only with a chance of at most
`Taught.false_alarm_rate`, over many teachings.

An alarm is counted as a second that passes: the decoder joins what is less than a second apart, so
no two begin in one.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from engine.config import ClassDecoderConfig
from engine.errors import UsageError
from engine.poses import F32
from training.pretraining.sources import Source
from training.teaching.background import (
    UNIT_S,
    Peaks,
    peaks_of,
    runs,
    shared_out,
    told_vectors,
)
from training.teaching.examples import Example
from training.teaching.shown import shown_vectors, window_for
from training.teaching.window_vectors import Vectors, Window
from training.zoo.ball import F64, FEWEST_EXAMPLES, Ball, ball_of
from training.zoo.clip_model import ClipEncoder
from training.zoo.teach import Taught, detector, directions

WORSE_SESSIONS = 0.1
"""Part of sessions that may have more alarms; with fewer than nine held out, more than that."""

_SESSION_S = 60.0


class Lesson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was learned.

    Attributes:
        detector: Direction and threshold; its rate is the chance that a session is worse.
        ball: What its points lie in.
        window: What its vectors are made of.
        spread: Standard deviation of the score from second to second of background.
        alarms_per_min: As asked for.
        minutes: Of background that the threshold rests on.
        alarms: Seconds of it that pass the threshold.
    """

    detector: Taught
    ball: Ball
    window: Window
    spread: float
    alarms_per_min: float
    minutes: float
    alarms: int


def learn(
    encoder: ClipEncoder,
    examples: Sequence[Example],
    background: Sequence[Source],
    *,
    alarms_per_min: float,
    window: Window | None = None,
) -> Lesson:
    """Make a detector.

    Args:
        encoder: In evaluation mode.
        examples: 3 or more; 3 to 10 are usual.
        background: Streams without the gesture, of situations like those it will be used in; three
            or more, or one or two of three minutes and three times `1 / alarms_per_min` together.
        alarms_per_min: How many false alarms a minute it may give.
        window: Of the vectors; by default as long as the examples.

    Raises:
        UsageError: There are too few of something.
        FidgetError: A recording cannot be read.
    """
    if len(examples) < FEWEST_EXAMPLES:
        raise UsageError(f"expected {FEWEST_EXAMPLES} examples or more, got {len(examples)}")
    if not 0.0 < alarms_per_min < 60.0 / UNIT_S:
        raise UsageError(
            f"expected more than 0 and less than {60.0 / UNIT_S:g} false alarms a minute, "
            f"got {alarms_per_min:g}"
        )
    window = window or window_for(examples)
    shown = shown_vectors(encoder, examples, window)
    session_s = max(_SESSION_S, 60.0 / alarms_per_min)
    ours, held_out = shared_out(background, session_s)
    if not held_out:
        raise UsageError(
            f"expected three recordings of background or more, or {3 * session_s / 60:.0f} minutes "
            f"of one: a promise of {alarms_per_min:g} false alarms a minute rests on what the "
            "detector was not made from"
        )
    background_runs = (made for session in ours for made in runs(encoder, session, window))
    return lesson_of(
        shown,
        told_vectors(background_runs),
        (runs(encoder, session, window) for session in held_out),
        window,
        alarms_per_min,
    )


def lesson_of(
    shown: F32,
    background: F32,
    held_out: Iterable[Iterable[Vectors]],
    window: Window,
    alarms_per_min: float,
) -> Lesson:
    """Make a detector of what an encoder made of recordings.

    Args:
        shown: `(E, P)` of the examples.
        background: `(B, P)` of what is not the gesture; ball and direction rest on it.
        held_out: Runs over each of further sessions without the gesture; the threshold rests on
            them.
        window: Of all these vectors.
        alarms_per_min: How many false alarms a minute it may give.

    Raises:
        UsageError: There are too few of something.
    """
    ball = ball_of(background, shown)
    ways = directions(shown, ball)
    told = [peaks_of(made, ball, ways) for made in held_out]
    peaks = [own for own in told if len(own.scores)]
    if not peaks:
        raise UsageError("the background that is held out has no second with a pose")
    thresholds = np.stack([own_threshold(own, alarms_per_min) for own in peaks])
    # The largest of n keeps one in n + 1: fewer sessions promise less.
    worse = max(WORSE_SESSIONS, 1.0 / (len(peaks) + 1))
    taught = detector(ball.of(shown), ways, thresholds, false_alarm_rate=worse)
    scores = np.concatenate([own.scores[:, -1] for own in peaks])
    return Lesson(
        detector=taught,
        ball=ball,
        window=window,
        spread=max(float(scores.std()), float(np.finfo(np.float32).tiny)),
        alarms_per_min=alarms_per_min,
        minutes=sum(own.minutes for own in peaks),
        alarms=int((scores > taught.threshold).sum()),
    )


def operating_point(onset: float, offset: float) -> ClassDecoderConfig:
    """Decoder settings under which no two alarms begin within `UNIT_S`.

    Args:
        onset: The score that the threshold has.
        offset: A lower one.
    """
    return ClassDecoderConfig(onset=onset, offset=offset, min_duration_s=0.12, merge_gap_s=UNIT_S)


def own_threshold(peaks: Peaks, alarms_per_min: float) -> F64:
    """`(K,)` of each direction: what no more seconds of a session pass than may."""
    allowed = math.floor(alarms_per_min * peaks.minutes + 1e-9)
    ordered = -np.sort(-peaks.scores, axis=0)
    thresholds: F64 = ordered[min(allowed, len(ordered) - 1)]
    return thresholds

"""Background second by second, so that hours of it need little memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.clips.live_ticks import Stretch, live_stretches
from training.datasets.published import RATE_HZ
from training.evaluation.tally import I64
from training.pretraining.sources import Source
from training.teaching.window_vectors import Vectors, Window, vectors_at
from training.zoo.ball import F64, Ball
from training.zoo.clip_model import ClipEncoder

STRIDE = 5
"""Ticks from one run of a detector to the next, live and here; a second has whole runs."""

UNIT_S = 1.0
"""Length of what is counted: no two alarms begin within it, see `lesson.operating_point`."""

_RUNS_A_UNIT = round(UNIT_S * RATE_HZ) // STRIDE
SHARES = 3
"""One session in so many is for the direction, the others are for the threshold."""


@dataclass(frozen=True)
class Session:
    """Some background that hangs together: what another day, person or room would be.

    Attributes:
        source: Of which stream.
        start_s: From its first sample.
        end_s: Whatever begins before.
    """

    source: Source
    start_s: float = 0.0
    end_s: float = float("inf")


@dataclass(frozen=True)
class Peaks:
    """How near each second of a session comes.

    Attributes:
        scores: `(N, K)` the nearest of each second to each direction; seconds in which nothing can
            be told are left out.
    """

    scores: F64

    @property
    def minutes(self) -> float:
        """In which something can be told."""
        return len(self.scores) * UNIT_S / 60.0


def shared_out(sources: Sequence[Source], session_s: float) -> tuple[list[Session], list[Session]]:
    """A third for the direction, the rest for the threshold.

    Streams are sessions where there are three or more of them. Of fewer, stretches of the same
    stream must do, which are less unlike than another day is.

    Args:
        sources: Streams.
        session_s: Length of such stretches.

    Raises:
        FidgetError: A stream cannot be read.
    """
    sessions = [Session(source) for source in sources]
    if len(sources) < SHARES:
        sessions = [part for source in sources for part in _cut(source, session_s)]
    ours = sessions[::SHARES]
    return ours, [session for session in sessions if session not in ours]


def runs(encoder: ClipEncoder, session: Session, window: Window) -> Iterator[Vectors]:
    """What a detector would be told at each of its runs over a session, stretch by stretch.

    Raises:
        FidgetError: The stream cannot be read.
    """
    for stretch in live_stretches(session.source.samples()):
        ends = run_ends(stretch)
        times_s = stretch.start_s + ends / RATE_HZ
        yield vectors_at(encoder, stretch.ticks, _within(session, ends, times_s), window)


def run_ends(stretch: Stretch) -> I64:
    """`(N,)` the ticks at which a detector runs."""
    return np.arange(0, len(stretch.ticks), STRIDE)


def told_vectors(made: Iterable[Vectors]) -> F32:
    """`(N, P)` of all runs in which something can be told; `(0, 0)` without a stretch."""
    found = [each.vectors[each.told] for each in made]
    return np.concatenate(found) if found else np.zeros((0, 0), np.float32)


def peaks_of(made: Iterable[Vectors], ball: Ball, ways: F64) -> Peaks:
    """The nearest of each second to directions `(K, P)`."""
    peaks = []
    for each in made:
        scores = np.where(each.told[:, None], ball.of(each.vectors) @ ways.T, -np.inf)
        units = [scores[k : k + _RUNS_A_UNIT] for k in range(0, len(scores), _RUNS_A_UNIT)]
        peaks += [unit.max(axis=0) for unit in units if np.isfinite(unit).any()]
    return Peaks(np.reshape(peaks, (-1, len(ways))))


def _within(session: Session, ends: I64, times_s: F64) -> I64:
    return ends[(times_s >= session.start_s) & (times_s < session.end_s)]


def _cut(source: Source, session_s: float) -> list[Session]:
    last_s = max(
        (s.start_s + len(s.ticks) / RATE_HZ for s in live_stretches(source.samples())), default=0.0
    )
    count = int(last_s // session_s)
    return [Session(source, k * session_s, (k + 1) * session_s) for k in range(count)]

"""Background second by second, so that hours of it need little memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.poses import F32
from training.clips.live_ticks import live_stretches
from training.datasets.published import RATE_HZ
from training.evaluation.tally import I64
from training.pretraining.sources import Source
from training.teaching.window_vectors import Vectors, Window, vectors_at
from training.zoo.clip_model import ClipEncoder
from training.zoo.teach import F64

STRIDE = 5
"""Ticks from one run of a detector to the next, live and here; a second has whole runs."""

UNIT_S = 1.0
"""Length of what is counted: no two alarms begin within it, see `lesson.operating_point`."""

_RUNS_A_UNIT = round(UNIT_S * RATE_HZ) // STRIDE
_SHARES = 3


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
    """How far each second of a session goes.

    Attributes:
        name: Of the stream.
        scores: `(N, K)` the farthest of each second in each direction; seconds in which nothing
            can be told are left out.
    """

    name: str
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
    if len(sources) < _SHARES:
        sessions = [part for source in sources for part in _cut(source, session_s)]
    ours = sessions[::_SHARES]
    return ours, [session for session in sessions if session not in ours]


def vectors_of(encoder: ClipEncoder, sessions: Iterable[Session], window: Window) -> F32:
    """`(N, P)` of all runs in which something can be told."""
    found = [
        made.vectors[made.told] for session in sessions for made in _runs(encoder, session, window)
    ]
    return np.concatenate(found) if found else np.zeros((0, window.pooling.width(1)), np.float32)


def peaks_of(encoder: ClipEncoder, session: Session, window: Window, ways: F64) -> Peaks:
    """The farthest of each second in directions `(K, P)`."""
    peaks = []
    for made in _runs(encoder, session, window):
        scores = np.where(made.told[:, None], made.vectors @ ways.T, -np.inf)
        units = [scores[k : k + _RUNS_A_UNIT] for k in range(0, len(scores), _RUNS_A_UNIT)]
        peaks += [unit.max(axis=0) for unit in units if np.isfinite(unit).any()]
    return Peaks(session.source.name, np.reshape(peaks, (-1, len(ways))))


def _runs(encoder: ClipEncoder, session: Session, window: Window) -> Iterator[Vectors]:
    for stretch in live_stretches(session.source.samples()):
        ends = np.arange(0, len(stretch.ticks), STRIDE)
        times_s = stretch.start_s + ends / RATE_HZ
        yield vectors_at(encoder, stretch.ticks, _within(session, ends, times_s), window)


def _within(session: Session, ends: I64, times_s: F64) -> I64:
    return ends[(times_s >= session.start_s) & (times_s < session.end_s)]


def _cut(source: Source, session_s: float) -> list[Session]:
    last_s = max(
        (s.start_s + len(s.ticks) / RATE_HZ for s in live_stretches(source.samples())), default=0.0
    )
    count = int(last_s // session_s)
    return [Session(source, k * session_s, (k + 1) * session_s) for k in range(count)]

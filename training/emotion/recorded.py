"""Gestures that the engine found in recordings as sequences, with how each recording ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from training.emotion.gesture_sequence import GestureSequence
from training.emotion.outcomes import Outcome
from training.emotion.rates import CLASSES
from training.emotion.watched import Watched, hidden_s, watch
from training.labels import CLASS_NAMES

_SLUGS = CLASS_NAMES[:CLASSES]


@dataclass(frozen=True)
class Recorded:
    """Sequences of some recordings.

    Attributes:
        sequences: One for each.
        recognizers: Who found the gestures, `name@model_hash`; more than one makes recordings
            harder to compare.
        others: Gestures left out as their class is not one of iMiGUE's.
    """

    sequences: tuple[GestureSequence, ...]
    recognizers: tuple[str, ...]
    others: int


def recorded(
    folder: Path, outcomes: Sequence[Outcome], tell: Callable[[str], None] = lambda _: None
) -> Recorded:
    """Read what is known of some recordings.

    Time in which a class could not be seen is not absence: the recogniser does not cover it,
    nobody was in view, or the view did not support it (from recordings to the second, from
    summaries of `analyze` to the tick).

    Args:
        folder: Of recordings, or of what `analyze` wrote.
        outcomes: Which ones, and how each ended.
        tell: Hears what is being read.

    Raises:
        UsageError: A file is missing, cannot be read, or in it nobody was in view or no class of
            iMiGUE's could have been found.
    """
    sequences, recognizers, others = [], set(), 0
    for outcome in outcomes:
        tell(f"reading {outcome.name}")
        watched = watch(folder, outcome.recording, outcome.stream)
        if watched.seen_s <= 0:
            raise UsageError(
                f"{outcome.name}: nobody was in view: take its line out of the outcomes"
            )
        one = _sequence(outcome, watched)
        if len(one.hidden_s) == CLASSES and min(one.hidden_s.values()) >= one.seen_s:
            raise UsageError(
                f"{outcome.name}: {watched.recognizer} could not have found any gesture of "
                "iMiGUE's there, as it covers none or the view supported none: take its line out "
                "of the outcomes"
            )
        sequences.append(one)
        recognizers.add(watched.recognizer)
        others += len(watched.events) - len(one)
    return Recorded(tuple(sequences), tuple(sorted(recognizers)), others)


def _sequence(outcome: Outcome, watched: Watched) -> GestureSequence:
    known = [row for row in watched.events if row["label"] in _SLUGS]
    rows = sorted(known, key=lambda row: float(row["t_start_s"]))
    start_s = np.array([row["t_start_s"] for row in rows], np.float32)
    # Of one whose end is not recorded only the start is known.
    ends_s = [row["t_start_s"] if row["t_end_s"] is None else row["t_end_s"] for row in rows]
    return GestureSequence(
        name=outcome.name,
        subject=outcome.subject,
        positive=outcome.positive,
        seen_s=watched.seen_s,
        classes=np.array([_SLUGS.index(row["label"]) for row in rows], np.int64),
        start_s=start_s,
        end_s=np.maximum(np.array(ends_s, np.float32), start_s),
        scores=np.array([row["score"] for row in rows], np.float32),
        hidden_s={_SLUGS.index(k): s for k, s in hidden_s(watched, _SLUGS).items()},
    )

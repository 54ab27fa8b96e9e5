"""Thresholds and shortest durations, class by class, by what they do to events.

Chosen on validation simulation only: a real clip must never see them being chosen.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.config import ClassDecoderConfig, DecoderConfig
from engine.poses import F32
from plugins.recognizers.graph.fusion import places_at_head
from training.fitting.decoding import decoded_events
from training.labels import CLASS_IDS, CLASS_NAMES, IGNORE, NONE_INDEX
from training.simulator.shards import I8, Shard

_ONSETS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9)
_OFFSET_SHARES = (0.35, 0.55, 0.75, 0.95)
_SHORTEST_S = (0.12, 0.24, 0.4)
_LEAST_EVENTS = 5  # of a class: with fewer, what looks best is luck
_IOU = 0.3
_DELAY_COST_PER_S = 0.08
"""Of the shortest duration: a start cannot be told before it has passed."""
_FALSE_EVENT_COST = 1.5
"""A false event weighs so much against a missed one: nobody keeps a tool that cries wolf."""
_AS_GOOD = 0.02
"""Candidates that differ by less are as good as one another: so much is luck of who was drawn."""


@dataclass(frozen=True)
class Truth:
    """True events of one long timeline.

    Attributes:
        class_index: `(E,)` int8.
        interval: `(E, 2)` float32 first instant and first instant after, in ticks.
    """

    class_index: I8
    interval: F32


def timeline(scores: Sequence[F32], shards: Sequence[Shard]) -> tuple[F32, Truth]:
    """All sequences of all shards one after the other, with pauses that no event spans.

    Ticks that are not scored get the score 0.

    Args:
        scores: For each shard `(N, T, 32)`, by the tick they describe.
        shards: Their truth.

    Returns:
        Scores `(M, 32)` and the true events.
    """
    pause = 50
    rows, classes, intervals, position = [], [], [], 0
    for values, shard in zip(scores, shards, strict=True):
        count, ticks = shard.labels.shape
        hidden = np.where((shard.labels == IGNORE)[..., None], 0, values)
        padded = np.pad(hidden, ((0, 0), (0, pause), (0, 0)))
        rows.append(padded.reshape(-1, padded.shape[-1]).astype(np.float32))
        begins = position + shard.event_sequence.astype(np.int64) * (ticks + pause)
        classes.append(shard.event_class)
        interval = np.stack([shard.event_start_tick, shard.event_end_tick], 1) + begins[:, None]
        intervals.append(interval)
        position += count * (ticks + pause)
    return np.concatenate(rows), Truth(np.concatenate(classes), np.concatenate(intervals))


def operating_points(
    scores: F32, truth: Truth, decoder: DecoderConfig
) -> dict[str, ClassDecoderConfig]:
    """The best settings of each class; classes with too few events share the common best.

    The places of a hand at the head share one point, chosen for whether a hand is there at all:
    which place it is, the scores say. Chosen place by place, each would rather miss a touch than
    give it the wrong name.

    Args:
        scores: `(M, 32)` of one timeline.
        truth: Its events.
        decoder: The engine's general values, of which the merge gap stays.

    Returns:
        Class slug to settings, for all 32 classes.
    """
    counts = [_counts(scores[:, c], _of(truth, c), decoder.merge_gap_s) for c in range(NONE_INDEX)]
    known = [c for c in range(NONE_INDEX) if len(_of(truth, c)) >= _LEAST_EVENTS]
    candidates = _candidates()
    common = _best(np.sum([counts[c] for c in known], 0)) if known else None
    at_head = places_at_head(CLASS_IDS)
    touches = _counts(scores[:, at_head].max(1), _of(truth, *at_head), decoder.merge_gap_s)
    touch = _best(touches, eager=True) if touches[0, [0, 2]].sum() >= _LEAST_EVENTS else None
    points = {}
    for c in range(NONE_INDEX):
        best = _best(counts[c]) if c in known else common
        if c in at_head and touch is not None:
            best = touch
        if best is not None:
            points[CLASS_NAMES[c]] = candidates[best]
    return points


def matched(found: npt.NDArray[np.int64], true: F32, iou: float) -> int:
    """How many pairs there are at this overlap, one to one, in order of time.

    Args:
        found: `(E, 2)` intervals that do not overlap each other, sorted.
        true: `(F, 2)` the same.
        iou: Least intersection over union.
    """
    pairs = i = k = 0
    while i < len(found) and k < len(true):
        both = min(found[i, 1], true[k, 1]) - max(found[i, 0], true[k, 0])
        either = max(found[i, 1], true[k, 1]) - min(found[i, 0], true[k, 0])
        if both > 0 and both >= iou * either:
            pairs, i, k = pairs + 1, i + 1, k + 1
        elif found[i, 1] < true[k, 1]:
            i += 1
        else:
            k += 1
    return pairs


def _candidates() -> list[ClassDecoderConfig]:
    return [
        ClassDecoderConfig(onset=onset, offset=round(onset * share, 3), min_duration_s=shortest)
        for onset, share, shortest in itertools.product(_ONSETS, _OFFSET_SHARES, _SHORTEST_S)
    ]


def _counts(scores: F32, true: F32, merge_gap_s: float) -> npt.NDArray[np.int64]:
    """`(candidates, 3)`: matched, false and missed events."""
    rows = []
    for point in _candidates():
        found = decoded_events(scores, point, merge_gap_s)
        pairs = matched(found, true, _IOU)
        rows.append((pairs, len(found) - pairs, len(true) - pairs))
    return np.array(rows, np.int64)


def _best(counts: npt.NDArray[np.int64], *, eager: bool = False) -> int:
    """The candidate in the middle of those that are as good as the best, by onset.

    In simulation beliefs are surer than on real people: almost every onset is as good as the best
    one, which is high. The middle is the farthest from being too low or too high; of durations the
    longest that is nearly the best, for what flickers is no gesture.

    Args:
        counts: `(candidates, 3)`.
        eager: Take the lowest onset that is as good instead, and the shortest duration of all.
    """
    value = _values(counts)
    good = np.flatnonzero(value.max((1, 2)) >= value.max() - _AS_GOOD)
    onset = good[0] if eager else good[len(good) // 2]
    durations = np.flatnonzero(value[onset].max(0) >= value[onset].max() - _AS_GOOD / 2)
    lasting = 0 if eager else durations[-1]
    offset = value[onset, :, lasting].argmax()
    return int(np.ravel_multi_index((onset, offset, lasting), value.shape))


def _values(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What each candidate is worth, `(onsets, offsets, durations)`: F1, costs taken off."""
    hits, false, missed = counts.T.astype(np.float64)
    value = 2 * hits / np.maximum(2 * hits + _FALSE_EVENT_COST * false + missed, 1)
    value = value.reshape(len(_ONSETS), len(_OFFSET_SHARES), len(_SHORTEST_S))
    value = value - _DELAY_COST_PER_S * np.array(_SHORTEST_S)
    # The top of a jagged curve is luck: a threshold must be good where its neighbours are.
    padded = np.pad(value, ((1, 1), (0, 0), (0, 0)), mode="edge")
    return np.asarray(0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:])


def _of(truth: Truth, *classes: int) -> F32:
    own = truth.interval[np.isin(truth.class_index, classes)]
    return np.asarray(own[np.argsort(own[:, 0])])

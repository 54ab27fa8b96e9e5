"""What the recogniser makes of the poses of each policy, beside what it makes of the graph's."""

import math
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.__main__ import run
from benchmarks.accuracy.annotations import load_clips
from benchmarks.accuracy.candidates import candidates
from benchmarks.accuracy.found import Found
from benchmarks.accuracy.result import FIGURES, ClipResult
from benchmarks.pose.contenders import GRAPH
from benchmarks.pose.passes import Seen
from benchmarks.report import Result
from engine.config import Config

# Two events are the same if their class is and they overlap by so much of what both cover.
_SAME_IOU = 0.5


def events(clips: Sequence[Seen], folder: Path) -> Result:
    """Score the poses of each pose stage on the annotated clips, as `benchmarks.accuracy` does.

    Args:
        clips: With `whole`.
        folder: Holds the annotations.

    Returns:
        Recogniser, number of clips, and for each pose stage the figures of
        `benchmarks.accuracy.result` and how many events are the same as with the graph.

    Raises:
        UsageError: The annotations cannot be read.
        FidgetError: The recogniser cannot be used, or broke.
    """
    seen = {each.path.name: each for each in clips}
    annotated = [clip for clip in load_clips(folder, True) if clip.path.name in seen]
    ((recogniser, config),) = candidates((), Config()).items()
    results = {
        name: run(annotated, {clip: each.whole[name] for clip, each in seen.items()}, config)
        for name in clips[0].whole
    }
    return {
        "recogniser": recogniser,
        "clips": len(annotated),
        "stages": {name: _figures(own, results[GRAPH.name]) for name, own in results.items()},
    }


def same_events(one: Sequence[Found], other: Sequence[Found]) -> int:
    """How many events of one are events of the other, each only once."""
    left, same = list(other), 0
    for event in one:
        twin = next((each for each in left if _is_same(event, each)), None)
        if twin is not None:
            left.remove(twin)
            same += 1
    return same


def _is_same(one: Found, other: Found) -> bool:
    shared_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    both_s = max(one.end_s, other.end_s) - min(one.start_s, other.start_s)
    return one.slug == other.slug and shared_s >= _SAME_IOU * both_s > 0


def _figures(results: Sequence[ClipResult], reference: Sequence[ClipResult]) -> Result:
    pairs = list(zip(results, reference, strict=True))
    return {
        **{figure.key: _told(figure.of(results), figure.digits + 1) for figure in FIGURES},
        "events": sum(len(own.found) for own, _ in pairs),
        "events_of_graph": sum(len(theirs.found) for _, theirs in pairs),
        "same_events": sum(same_events(own.found, theirs.found) for own, theirs in pairs),
    }


def _told(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)

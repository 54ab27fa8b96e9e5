"""What the recogniser makes of the poses of each policy, beside what it makes of the graph's."""

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.accuracy.__main__ import run
from benchmarks.accuracy.annotations import load_clips
from benchmarks.accuracy.candidates import candidates
from benchmarks.accuracy.found import Found
from benchmarks.accuracy.result import FIGURES, ClipResult
from benchmarks.pose.contenders import GRAPH
from benchmarks.pose.passes import Seen
from benchmarks.report import Result
from engine.config import Config
from training.simulator.landmarks.recorded import RecordedPose

# Two events are the same if their class is and they overlap by so much of what both cover.
_SAME_IOU = 0.5


def events(clips: Sequence[Seen], folder: Path) -> Result:
    """Score the poses of each pose stage on the annotated clips, as `benchmarks.accuracy` does.

    Args:
        clips: With `whole`.
        folder: Holds the annotations.

    Returns:
        Recogniser, number of clips, and for each pose stage the figures of
        `benchmarks.accuracy.result` and how many events are the same as with the graph; if
        there are such passes, the spread of each over pictures with a grey level of noise.

    Raises:
        UsageError: The annotations cannot be read.
        FidgetError: The recogniser cannot be used, or broke.
    """
    known = {each.path.name for each in clips}
    annotated = [clip for clip in load_clips(folder, True) if clip.path.name in known]
    ((recogniser, config),) = candidates((), Config()).items()

    def scored(poses: Sequence[RecordedPose]) -> list[ClipResult]:
        names = (each.path.name for each in clips)
        return run(annotated, dict(zip(names, poses, strict=True)), config)

    stages = list(clips[0].whole)
    results = {name: scored([each.whole[name] for each in clips]) for name in stages}
    reference = results[GRAPH.name]
    shaken = {
        name: [
            _figures(scored(poses), reference)
            for poses in zip(*(each.shaken[name] for each in clips), strict=True)
        ]
        for name in clips[0].shaken
    }
    return {
        "recogniser": recogniser,
        "clips": len(annotated),
        "stages": {name: _figures(own, reference) for name, own in results.items()},
        "with_noise": {name: _spread(runs) for name, runs in shaken.items()},
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


def _spread(runs: Sequence[Result]) -> Result:
    """Mean, least and most of each figure over runs that have it."""
    return {
        key: {"mean": round(fmean(values), 4), "least": min(values), "most": max(values)}
        for key in runs[0]
        if (values := [run[key] for run in runs if run[key] is not None])
    }


def _told(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)

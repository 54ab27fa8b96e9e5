"""How much landmarks of people who keep still jump from frame to frame."""

from collections.abc import Sequence

import numpy as np

from benchmarks.engines.targets import at_most
from benchmarks.pose.contenders import GRAPH
from benchmarks.pose.distances import PARTS
from benchmarks.pose.passes import Seen
from benchmarks.pose.stillness import STILL, WINDOW_S, jitter, pooled, still_windows
from benchmarks.report import Result
from training.simulator.landmarks.recorded import RecordedPose


def still(clips: Sequence[Seen]) -> Result:
    """Median jitter of each pose stage, as it is and without smoothing.

    Args:
        clips: With `raw`.

    Returns:
        For each part the still seconds and what each pose stage jitters in them; what was asked.
    """
    told = {part: _part(clips, part) for part in PARTS}
    return {
        "window_s": WINDOW_S,
        "still_below": STILL,
        "parts": told,
        "targets": [target for part in PARTS for target in _targets(part, told[part])],
    }


def _part(clips: Sequence[Seen], part: str) -> Result:
    windows = {seen.path.name: still_windows(seen.tracks[GRAPH.name], part) for seen in clips}
    counts = {name: len(found) for name, found in windows.items() if found}
    stages: Result = {}
    for name in clips[0].tracks:
        smooth = [(seen, seen.tracks[name]) for seen in clips]
        # Without a still stretch a clip is not run without smoothing.
        raw = [(seen, seen.raw[name]) for seen in clips if name in seen.raw]
        stages[name] = {
            "smooth": _figures(smooth, part, windows),
            "raw": _figures(raw, part, windows),
        }
    return {"windows": sum(counts.values()), "by_clip": counts, "stages": stages}


def _figures(
    tracks: Sequence[tuple[Seen, RecordedPose]], part: str, windows: dict[str, list[slice]]
) -> Result:
    values = pooled(
        [
            jitter(track, seen.tracks[GRAPH.name], part, window)
            for seen, track in tracks
            for window in windows[seen.path.name]
        ]
    )
    if not values.size:
        return {"points": 0}
    return {"points": int(values.size), "median": round(float(np.median(values)), 5)}


def _targets(part: str, told: Result) -> list[Result]:
    graph = told["stages"][GRAPH.name]["smooth"].get("median")
    found = []
    for name, own in told["stages"].items():
        median = own["smooth"].get("median")
        if graph and median is not None and name != GRAPH.name:
            what = f"{name}: jitter of a still {part}, times the graph's"
            found.append(at_most(what, 1.0, round(median / graph, 2)))
    return found

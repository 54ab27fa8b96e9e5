"""The landmarks of each policy beside those of MediaPipe's graph."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from benchmarks.engines.targets import at_least, at_most
from benchmarks.pose import open_loop
from benchmarks.pose.contenders import GRAPH
from benchmarks.pose.distances import PARTS, Found, apart, found, of_body, of_hands
from benchmarks.pose.passes import Seen
from benchmarks.report import Result
from plugins.pose.direct.region import F64
from training.simulator.landmarks.recorded import RecordedPose

_GROUPS: dict[str, Callable[[F64], F64]] = {"body": of_body, "hands": of_hands}
_EXACT = "exact"
_OPEN_LOOP_PX = 0.05


def landmarks(clips: Sequence[Seen]) -> Result:
    """All figures, of all clips together and of each.

    Returns:
        Landmarks in MediaPipe's own regions, distances of free running, frames in which somebody
        and hands were found, and what was asked of that.
    """
    by_clip = {seen.path.name: _figures([seen]) for seen in clips}
    together = _figures(clips)
    return {**together, "targets": _targets(together), "clips": by_clip}


def _figures(clips: Sequence[Seen]) -> Result:
    names = [name for name in clips[0].tracks if name != GRAPH.name]
    noise = _distances([(s.tracks[GRAPH.name], track) for s in clips for track in s.noisy])
    free: Result = {"noise": noise}
    for name in names:
        told = _distances([(s.tracks[GRAPH.name], s.tracks[name]) for s in clips])
        free[name] = {group: _beside(told[group], noise[group]) for group in told}
    return {
        "open_loop": open_loop.summary([seen.open_loop_px for seen in clips]),
        "free_running": free,
        "found": {name: _found(clips, name) for name in names},
    }


def _distances(pairs: Sequence[tuple[RecordedPose, RecordedPose]]) -> Result:
    distances = [apart(reference, other) for reference, other in pairs]
    return {
        group: _told(np.concatenate([np.zeros(0), *map(values, distances)]))
        for group, values in _GROUPS.items()
    }


def _told(distances: F64) -> Result:
    """In shoulder widths."""
    if not distances.size:
        return {"points": 0}
    median, p95 = np.percentile(distances, (50, 95))
    return {
        "points": int(distances.size),
        "median": round(float(median), 5),
        "p95": round(float(p95), 4),
    }


def _beside(told: Result, noise: Result) -> Result:
    """With how many times the noise that is."""
    ratios = {
        f"{name}_to_noise": round(told[name] / noise[name], 2)
        for name in ("median", "p95")
        if name in told and noise.get(name)
    }
    return {**told, **ratios}


def _found(clips: Sequence[Seen], name: str) -> Result:
    counts = {}
    for part in PARTS:
        each = [found(seen.tracks[GRAPH.name], seen.tracks[name], part) for seen in clips]
        summed = Found(*(sum(asdict(f)[k] for f in each) for k in ("reference", "other", "both")))
        counts[part] = {"graph": summed.reference, "ours": summed.other, "both": summed.both}
    return counts


def _targets(together: Result) -> list[Result]:
    asked = [
        at_most(
            f"given the same region, worst landmark of {part}, median px",
            _OPEN_LOOP_PX,
            figures.get("median_px"),
        )
        for part, figures in together["open_loop"].items()
    ]
    for group, figures in together["free_running"].get(_EXACT, {}).items():
        ratio = figures.get("median_to_noise")
        asked.append(at_most(f"exact, free running, {group}: times the noise", 1.0, ratio))
    for name, parts in together["found"].items():
        for part, counts in parts.items():
            what = f"{name}: frames with {part}"
            asked.append(at_least(what, counts["graph"], counts["ours"]))
    return [target for target in asked if target]

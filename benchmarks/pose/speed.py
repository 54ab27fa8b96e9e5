"""Frames a second of every pose stage, in one run, on one core and on two."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import psutil

from benchmarks.engines.targets import at_least, at_most
from benchmarks.pose.clip_frames import clip_frames
from benchmarks.pose.contenders import GRAPH, Contender
from benchmarks.pose.laps import in_turns, of_clips, summary
from benchmarks.pose.network_times import network_times
from benchmarks.pose.runners import HOLISTIC, HolisticRunner, PluginRunner, Runner
from benchmarks.pose.side_by_side import side_by_side
from benchmarks.pose.spans import spans
from benchmarks.report import Result
from plugins.pose.direct.savings import LIVE

_NETWORK_RUNS = 60
# Clips with both hands in view nearly all the time, by how their names begin.
_HANDS_IN_VIEW = ("intel_asl_", "mediapipe_selfie")
_EXACT = "exact"
_DEFAULT = LIVE


@dataclass(frozen=True, kw_only=True)
class Race:
    """What is timed.

    Attributes:
        paths: Clips.
        policies: What runs beside Holistic and the graph.
        until_s: Clips end there, as they are all kept in memory.
        rounds: Of each over all clips.
    """

    paths: tuple[Path, ...]
    policies: tuple[Contender, ...]
    until_s: float
    rounds: int


def speed(race: Race, cores: Sequence[int]) -> Result:
    """Time everything on each number of cores, in a process of its own each time.

    Returns:
        Number of cores to set of clips to pose stage to figures; single networks and the parts of
        each policy on one core; two exact stages side by side; what was asked for.
    """
    told = {str(count): _on(count, partial(_race, race, count)) for count in cores}
    networks = _on(1, partial(network_times, _NETWORK_RUNS))
    with_hands = [path for path in race.paths if path.name.startswith(_HANDS_IN_VIEW)]
    chosen = replace(race, paths=tuple(with_hands) or race.paths)
    return {
        "until_s": race.until_s,
        "rounds": race.rounds,
        "cores": told,
        "networks": networks,
        "parts_ms": _on(1, partial(spans, chosen.paths, race.policies, race.until_s)),
        "side_by_side": _on(2, partial(_side_by_side, chosen)) if max(cores) > 1 else {},
        "targets": _targets(told),
    }


def _on(cores: int, work: Callable[[], Result]) -> Result:
    with ProcessPoolExecutor(1, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        with _cores(cores):
            # The process starts here and inherits them before it loads anything.
            done = pool.submit(work)
        result: Result = done.result()
    return result


@contextmanager
def _cores(count: int) -> Iterator[None]:
    """This process on so many cores, where the system can do that."""
    process = psutil.Process()
    if not hasattr(process, "cpu_affinity"):
        yield
        return
    before = process.cpu_affinity()
    process.cpu_affinity(before[-count:])
    try:
        yield
    finally:
        process.cpu_affinity(before)


def _race(race: Race, workers: int) -> Result:
    """All clips, and those with both hands in view."""
    clips = {path.name: clip_frames(path, race.until_s) for path in race.paths}
    runners: dict[str, Runner] = {HOLISTIC: HolisticRunner(), GRAPH.name: PluginRunner(GRAPH, 1)}
    for policy in race.policies:
        runners[policy.name] = PluginRunner(policy, min(workers, 2))
    rounds = in_turns(runners, clips, race.rounds)
    for runner in runners.values():
        runner.close()
    with_hands = [name for name in clips if name.startswith(_HANDS_IN_VIEW)]
    sets = {"hands in view": with_hands, "all clips": list(clips)}
    return {
        name: {
            "clips": len(chosen),
            "frames": sum(len(clips[clip]) for clip in chosen),
            "stages": summary(of_clips(rounds, chosen), (HOLISTIC, GRAPH.name)),
        }
        for name, chosen in sets.items()
        if chosen
    }


def _side_by_side(race: Race) -> Result:
    clips = {path.name: clip_frames(path, race.until_s) for path in race.paths}
    exact = (policy for policy in race.policies if policy.name == _EXACT)
    return {policy.name: side_by_side(policy, clips, race.rounds) for policy in exact}


def _targets(told: Result) -> list[Result]:
    one, two = (_stages(told, cores) for cores in ("1", "2"))
    found = [
        at_least("exact on one core, times Holistic", 1.5, _ratio(one, _EXACT)),
        at_least("exact on two cores", 2.0, _ratio(two, _EXACT)),
        at_least(f"the default ({_DEFAULT}) on two cores", 2.5, _ratio(two, _DEFAULT)),
        at_least("the quickest on two cores", 3.5, _quickest(two)),
        at_most("the default, p99 with both hands found, ms", 25.0, _p99(two, _DEFAULT)),
    ]
    return [target for target in found if target]


def _stages(told: Result, cores: str) -> Result:
    sets = told.get(cores, {})
    stages: Result = sets.get("hands in view", {}).get("stages", {})
    return stages


def _ratio(stages: Result, name: str) -> float | None:
    ratio: float | None = stages.get(name, {}).get("ratio", {}).get(HOLISTIC)
    return ratio


def _quickest(stages: Result) -> float | None:
    ratios = [r for name in stages if (r := _ratio(stages, name)) is not None]
    return max(ratios, default=None)


def _p99(stages: Result, name: str) -> float | None:
    p99: float | None = stages.get(name, {}).get("both_hands_ms", {}).get("p99")
    return p99

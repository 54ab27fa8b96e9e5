"""`python -m benchmarks pose`: all that was asked of the pose stage, on real clips."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pose.cases import cases
from benchmarks.pose.contenders import Contender, policies
from benchmarks.pose.endless import endless
from benchmarks.pose.events import events
from benchmarks.pose.landmarks import landmarks
from benchmarks.pose.options import CASES, ENDLESS, EVENTS, LANDMARKS, SPEED, STILL, PoseOptions
from benchmarks.pose.passes import Seen, Work, passes
from benchmarks.pose.sheet import draw_sheets
from benchmarks.pose.speed import Race, speed
from benchmarks.pose.still import still
from benchmarks.report import Result, package_versions
from engine.errors import UsageError
from training.simulator.landmarks.recorded import videos

_PACKAGES = ("openvino", "ai-edge-litert", "mediapipe")


def pose(options: PoseOptions) -> Result:
    """Run the parts that are asked for.

    Raises:
        UsageError: There are no such clips or policies.
        FidgetError: A clip cannot be read, or a pose stage broke.
    """
    paths, chosen = _chosen(options), policies(options.policies)
    took_s: Result = {}
    result: Result = {
        "clips": len(paths),
        "cut_s": options.cut_s,
        "policies": [contender.name for contender in chosen],
        "packages": package_versions(_PACKAGES),
        "took_s": took_s,
    }
    if set(options.parts) & set(_FROM_PASSES):
        with _timed(took_s, "passes"):
            seen = _seen(options, paths, chosen)
        for part, figures in _FROM_PASSES.items():
            if part in options.parts:
                with _timed(took_s, part):
                    result[part] = figures(seen, options)
    if CASES in options.parts:
        with _timed(took_s, CASES):
            result[CASES] = _cases(options)
    if SPEED in options.parts:
        with _timed(took_s, SPEED):
            result[SPEED] = _speed(options, paths, chosen)
    if ENDLESS in options.parts:
        with _timed(took_s, ENDLESS):
            result[ENDLESS] = endless(paths, options.frames, options.bound_mb)
    return result


def _chosen(options: PoseOptions) -> list[Path]:
    found = [
        path
        for path in videos(options.clips)
        if not options.only or any(part in path.name for part in options.only)
    ]
    if not found:
        raise UsageError(f"no clip in {options.clips} is called like {', '.join(options.only)}")
    return found


def _seen(options: PoseOptions, paths: list[Path], chosen: tuple[Contender, ...]) -> list[Seen]:
    work = Work(
        policies=chosen,
        cut_s=options.cut_s,
        whole=EVENTS in options.parts,
        seeds=options.seeds if {LANDMARKS, EVENTS} & set(options.parts) else 0,
        raw=STILL in options.parts,
        open_loop=bool({LANDMARKS, STILL} & set(options.parts)),
    )
    return sorted(passes(paths, work, options.processes), key=lambda seen: seen.path.name)


def _landmarks(seen: list[Seen], options: PoseOptions) -> Result:
    sheets = draw_sheets(seen, options.sheet) if options.sheet else []
    return {**landmarks(seen), "sheets": sheets}


def _cases(options: PoseOptions) -> Result:
    return cases(
        options.clips,
        cut_s=options.cases_s,
        nobody_cut_s=options.cut_s,
        processes=options.processes,
    )


def _speed(options: PoseOptions, paths: list[Path], chosen: tuple[Contender, ...]) -> Result:
    race = Race(paths=tuple(paths), policies=chosen, until_s=options.speed_s, rounds=options.rounds)
    return speed(race, options.cores)


@contextmanager
def _timed(took_s: Result, name: str) -> Iterator[None]:
    start_s = time.monotonic()
    yield
    took_s[name] = round(time.monotonic() - start_s, 1)


_FROM_PASSES: dict[str, Callable[[list[Seen], PoseOptions], Result]] = {
    LANDMARKS: _landmarks,
    STILL: lambda seen, _: still(seen),
    EVENTS: lambda seen, options: events(seen, options.clips),
}

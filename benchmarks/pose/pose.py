"""`python -m benchmarks pose`: all that was asked of the pose stage, on real clips."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pose.contenders import Contender, policies
from benchmarks.pose.landmarks import landmarks
from benchmarks.pose.options import LANDMARKS, SPEED, PoseOptions
from benchmarks.pose.passes import Seen, Work, passes
from benchmarks.pose.sheet import draw_sheets
from benchmarks.pose.speed import Race, speed
from benchmarks.report import Result, package_versions
from engine.errors import UsageError
from training.simulator.landmarks.recorded import videos

_FROM_PASSES = (LANDMARKS,)
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
        if LANDMARKS in options.parts:
            with _timed(took_s, LANDMARKS):
                result[LANDMARKS] = landmarks(seen)
                if options.sheet:
                    result["sheets"] = draw_sheets(seen, options.sheet)
    if SPEED in options.parts:
        race = Race(
            paths=tuple(paths), policies=chosen, until_s=options.speed_s, rounds=options.rounds
        )
        with _timed(took_s, SPEED):
            result[SPEED] = speed(race, options.cores)
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
    work = Work(policies=chosen, cut_s=options.cut_s, seeds=options.seeds)
    return sorted(passes(paths, work, options.processes), key=lambda seen: seen.path.name)


@contextmanager
def _timed(took_s: Result, name: str) -> Iterator[None]:
    start_s = time.monotonic()
    yield
    took_s[name] = round(time.monotonic() - start_s, 1)

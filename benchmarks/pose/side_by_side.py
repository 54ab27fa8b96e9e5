"""What two cores can give at best: two pose stages that share nothing, a thread each."""

import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from benchmarks.pose.contenders import Contender
from benchmarks.pose.runners import HolisticRunner, PluginRunner, Runner
from benchmarks.report import Result
from engine.frames import Frame

Clips = Mapping[str, Sequence[Frame]]


def side_by_side(policy: Contender, clips: Clips, rounds: int) -> Result:
    """Time two stages over the same clips at once, in turns with one Holistic.

    Neither ever waits for the other, so that both cores are always busy. A stage that looked at
    several pictures at a time, bodies of the next ones beside hands of this one, could not give
    more pictures a second than this.

    Args:
        policy: Of both.
        clips: Name to frames.
        rounds: Of each.

    Returns:
        Times Holistic's frames a second: of each round, and the median.
    """
    holistic = HolisticRunner()
    pair = [PluginRunner(policy, 1) for _ in range(2)]
    with ThreadPoolExecutor(len(pair)) as pool:
        times = []
        for _ in range(rounds):
            alone_s = _seconds(pool, [holistic], clips)
            times.append(len(pair) * alone_s / _seconds(pool, pair, clips))
    runners: list[Runner] = [holistic, *pair]
    for runner in runners:
        runner.close()
    return {
        "times": [round(one, 3) for one in times],
        "ratio": round(statistics.median(times), 3),
    }


def _seconds(pool: ThreadPoolExecutor, runners: Sequence[Runner], clips: Clips) -> float:
    start_s = perf_counter()
    for done in [pool.submit(_run, runner, clips) for runner in runners]:
        done.result()
    return perf_counter() - start_s


def _run(runner: Runner, clips: Clips) -> None:
    for frames in clips.values():
        runner.begin()
        for frame in frames:
            runner.step(frame)

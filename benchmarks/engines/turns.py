"""Contenders timed in turns, so that whatever else the machine does hits all of them."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import torch

from benchmarks.engines.contenders import Contender
from benchmarks.report import Result, percentiles

_ROUNDS = 20
_WARM_UP = 20
_AT_LEAST = 20


@dataclass(frozen=True)
class Times:
    """What ticks took, in milliseconds.

    Attributes:
        wall: By a clock on the wall.
        processor: Of this process, as OpenVINO computes in a thread of its own; other work on the
            machine disturbs it less.
    """

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def figures(self, streams: int) -> Result:
        """Percentiles of a tick, and what that is for each of the streams."""
        whole = percentiles(self.wall)
        cost = percentiles([wall / streams for wall in self.wall], digits=4)
        return {**whole, "per_stream": {"p50": cost["p50"], "p99": cost["p99"]}}


def in_turns(contenders: Sequence[Contender], steps: int, seconds: float) -> dict[str, Times]:
    """Time contenders round by round.

    Args:
        contenders: Of the same network and number of streams.
        steps: Ticks of each.
        seconds: One that would take longer gets fewer ticks, but no fewer than 20.

    Returns:
        Name to times.
    """
    counts = [_affordable(contender, steps, seconds) for contender in contenders]
    times = {contender.name: Times() for contender in contenders}
    for turn in range(_ROUNDS):
        for contender, count in zip(contenders, counts, strict=True):
            for _ in range(count * turn // _ROUNDS, count * (turn + 1) // _ROUNDS):
                _add(times[contender.name], contender)
    return times


def ratio(slow: Times, quick: Times) -> Result:
    """How many times longer the one takes, by medians."""
    return {
        "wall": round(statistics.median(slow.wall) / statistics.median(quick.wall), 1),
        "processor": round(
            statistics.median(slow.processor) / statistics.median(quick.processor), 1
        ),
    }


@contextmanager
def one_core() -> Iterator[None]:
    """This process on one core, where the system can do that, and torch on one thread."""
    process, threads = psutil.Process(), torch.get_num_threads()
    can = hasattr(process, "cpu_affinity")
    before = process.cpu_affinity() if can else []
    torch.set_num_threads(1)
    try:
        if can:
            process.cpu_affinity(before[-1:])
        yield
    finally:
        torch.set_num_threads(threads)
        if can:
            process.cpu_affinity(before)


def _affordable(contender: Contender, steps: int, seconds: float) -> int:
    """Warm up and see how many ticks fit."""
    for _ in range(contender.fill):
        contender.tick()
    tried = Times()
    for _ in range(_WARM_UP):
        _add(tried, contender)
    fitting = int(seconds * 1e3 / max(statistics.median(tried.wall), 1e-6))
    return min(steps, max(_AT_LEAST, fitting))


def _add(times: Times, contender: Contender) -> None:
    processor, wall = time.process_time(), time.perf_counter()
    contender.tick()
    end = time.perf_counter()
    times.wall.append((end - wall) * 1e3)
    times.processor.append((time.process_time() - processor) * 1e3)

"""What `python -m benchmarks gpu` is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.step_graph import RUNGS

STEPS, STREAMS, FAILOVER, TESTS = "steps", "streams", "failover", "tests"
PARTS = (STEPS, STREAMS, FAILOVER, TESTS)


@dataclass(frozen=True, kw_only=True)
class GpuOptions:
    """The defaults fit into ten minutes with two backends.

    Attributes:
        parts: Of `PARTS`.
        backends: Names as `BackendSpec` takes them; empty for every accelerator that is installed.
        sizes: Numbers of streams.
        steps: Ticks of each number of streams, back to back.
        seconds: A number of streams that would take longer gets fewer ticks.
        paced_s: At each of 30 and 60 Hz, for each number of streams.
        hosted_steps: Ticks of each number of streams in a process of its own.
        streams: In the recogniser.
        streams_s: In real time; 400 make the 10,000 ticks that p99.9 needs.
        kills: How often the process is killed, for each number of streams.
        killed_sizes: The numbers of streams for that.
        limit_s: For each part of a backend; what takes longer is broken off.
        within_s: For everything.
    """

    parts: Sequence[str] = PARTS
    backends: Sequence[str] = ()
    sizes: Sequence[int] = RUNGS
    steps: int = 10_000
    seconds: float = 40.0
    paced_s: float = 4.0
    hosted_steps: int = 1_000
    streams: int = 1024
    streams_s: float = 45.0
    kills: int = 3
    killed_sizes: Sequence[int] = (1, 64)
    limit_s: float = 240.0
    within_s: float = 570.0

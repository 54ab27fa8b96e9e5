"""Puts together what the engine says about itself once a second."""

from typing import Any

import psutil

from engine.clock import NS_PER_S, Clock
from engine.contracts import Source
from engine.messages import Health
from engine.runtime.drops import DropLedger
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import Counts


class HealthReporter:
    """Reads the parts of a run; one thread at a time.

    Args:
        source: For its status.
        latencies: Of the stages.
        drops: Of the edges.
        clock: Time.
    """

    def __init__(
        self,
        source: Source[Any],
        latencies: StageLatencies,
        drops: DropLedger,
        clock: Clock,
    ) -> None:
        self._source = source
        self._latencies = latencies
        self._drops = drops
        self._clock = clock
        self._process = psutil.Process()
        self._start_ns = clock.now_ns()
        self._last = self._start_ns, 0

    def report(self, counts: Counts, *, state: str, recorder: str) -> Health:
        """The state of the engine now.

        Args:
            counts: Of the pipeline.
            state: `running` or `stopped`.
            recorder: `off`, `on` or `failed: …`.
        """
        pair = self._clock.pair()
        status = self._source.status()
        return Health(
            state=state,
            uptime_s=round((pair.monotonic_ns - self._start_ns) / NS_PER_S, 3),
            monotonic_ns=pair.monotonic_ns,
            wall_ns=pair.wall_ns,
            source_state=status.state,
            source_trouble=status.trouble,
            source_message=status.message,
            epoch=counts.epoch,
            frames_in=counts.frames_in,
            pose_hz=self._pose_hz(pair.monotonic_ns, counts.samples_out),
            latency_ms=self._latencies.summary(),
            queued=counts.queued,
            drops=self._drops.totals(),
            degrade_level=0,
            memory_mb=round(self._process.memory_info().rss / 2**20, 1),
            recorder=recorder,
            abstained=counts.abstained,
        )

    def _pose_hz(self, now_ns: int, samples_out: int) -> float:
        then_ns, then = self._last
        self._last = now_ns, samples_out
        elapsed_s = (now_ns - then_ns) / NS_PER_S
        return round((samples_out - then) / elapsed_s, 1) if elapsed_s > 0 else 0.0

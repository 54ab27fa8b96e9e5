"""Puts together what the engine says about itself once a second."""

from collections import Counter

import psutil

from engine.clock import NS_PER_S, Clock
from engine.contracts import SourceStatus, StepModel
from engine.messages import Health, StreamHealth
from engine.runtime.drops import SessionDrops
from engine.runtime.edges import RECOGNISE_PUBLISH
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import Counts, CountsOf

# Of several streams the one that most needs looking at speaks for all.
_WORST_FIRST = ("trouble", "waiting", "ok", "ended")
_NONE = SourceStatus("ended")


class HealthReporter:
    """Reads the parts of a run; one thread at a time.

    Args:
        latencies: Of the stages.
        drops: Of the session.
        clock: Time.
        model: The recogniser; it tells what runs its network.
    """

    def __init__(
        self,
        latencies: StageLatencies,
        drops: SessionDrops,
        clock: Clock,
        model: StepModel,
    ) -> None:
        self._model = model
        self._latencies = latencies
        self._drops = drops
        self._clock = clock
        self._process = psutil.Process()
        self._start_ns = clock.now_ns()
        self._last_ns = self._start_ns
        self._samples: dict[str, int] = {}

    def report(self, counts: CountsOf, *, state: str, recorder: str) -> Health:
        """The state of the engine now.

        Args:
            counts: Of the pipeline's streams.
            state: `running` or `stopped`.
            recorder: `off`, `on` or `failed: …`.
        """
        pair = self._clock.pair()
        streams = self._streams(counts, pair.monotonic_ns)
        status = _spokesman(counts)
        each = list(counts.values())
        backend = self._model.backend
        return Health(
            state=state,
            uptime_s=round((pair.monotonic_ns - self._start_ns) / NS_PER_S, 3),
            monotonic_ns=pair.monotonic_ns,
            wall_ns=pair.wall_ns,
            source_state=status.state,
            source_trouble=status.trouble,
            source_message=status.message,
            epoch=max((one.epoch for one in each), default=0),
            frames_in=sum(one.frames_in for one in each),
            pose_hz=round(sum(one.pose_hz for one in streams.values()), 1),
            latency_ms=self._latencies.summary(),
            queued=_queued(each),
            drops=self._drops.totals(),
            degrade_level=max((one.degrade_level for one in streams.values()), default=0),
            memory_mb=round(self._process.memory_info().rss / 2**20, 1),
            recorder=recorder,
            abstained=each[0].abstained if len(each) == 1 else (),
            quality=next(iter(streams.values())).quality if len(each) == 1 else "",
            stuck=tuple(sorted({stage for one in streams.values() for stage in one.stuck})),
            backend=backend.name,
            backend_reason=backend.reason,
            precision=self._model.precision,
            streams=streams if len(each) > 1 else {},
        )

    def _streams(self, counts: CountsOf, now_ns: int) -> dict[str, StreamHealth]:
        elapsed_s = (now_ns - self._last_ns) / NS_PER_S
        before, self._samples = self._samples, {n: one.samples_out for n, one in counts.items()}
        self._last_ns = now_ns
        return {
            name: _of_stream(one, one.samples_out - before.get(name, 0), elapsed_s)
            for name, one in counts.items()
        }


def _of_stream(one: Counts, samples: int, elapsed_s: float) -> StreamHealth:
    governor = one.governor
    return StreamHealth(
        source_state=one.status.state,
        source_trouble=one.status.trouble,
        source_message=one.status.message,
        epoch=one.epoch,
        frames_in=one.frames_in,
        pose_hz=round(samples / elapsed_s, 1) if elapsed_s > 0 else 0.0,
        drops=one.drops,
        degrade_level=governor.level if governor else 0,
        quality=governor.level_name if governor else "",
        stuck=governor.stuck if governor else (),
        abstained=one.abstained,
    )


def _spokesman(counts: CountsOf) -> SourceStatus:
    """The status of the source that is worst off, with the stream's name if there are several."""
    found = [(one.status, name) for name, one in counts.items()]
    status, name = min(found, key=lambda x: _WORST_FIRST.index(x[0].state), default=(_NONE, ""))
    if len(found) < 2 or not status.message:
        return status
    return SourceStatus(status.state, status.trouble, f"{name}: {status.message}")


def _queued(each: list[Counts]) -> dict[str, int]:
    """Of edges that streams have each for themselves the sum; the shared one is the same in all."""
    queued: Counter[str] = Counter()
    for one in each:
        queued.update({edge: n for edge, n in one.queued.items() if edge != RECOGNISE_PUBLISH})
    shared = {e: n for one in each for e, n in one.queued.items() if e == RECOGNISE_PUBLISH}
    return {**queued, **shared}

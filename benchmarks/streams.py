"""Many recorded streams in one engine, in real time: does any of them wait for the recogniser?"""

import time
from pathlib import Path
from typing import Any

from benchmarks.processes import engine_process
from benchmarks.report import Result, percentiles
from benchmarks.watching import received
from engine.clock import NS_PER_MS
from engine.messages import Health
from engine.wire.recording import open_recording
from engine.wire.subscriber import Subscriber

_SETTLE_S = 3.0
_SPARE_S = 2.0


def streams(recording: Path, count: int, seconds: float) -> Result:
    """Play `recording` as `count` cameras at once.

    Args:
        recording: Must last `seconds` and five more.
        count: Streams.
        seconds: How long, after the first three.

    Returns:
        Ages of events and estimates at the publisher, those that were late, stage figures of the
        engine, what was dropped, and the processor time it took as a part of one core.
    """
    lasts_s = open_recording(recording).survey.duration_s
    if lasts_s < seconds + _SETTLE_S + _SPARE_S:
        raise SystemExit(f"{recording} lasts {lasts_s:.0f} s: too short for {seconds:g} s")
    entry = '[streams.s{:04d}]\nsource = "{}"\n'
    config = "".join(entry.format(i, recording.resolve().as_posix()) for i in range(count))
    with (
        engine_process(config=config) as engine,
        Subscriber(engine.endpoint, ("gesture.", "emotion.", "health."), buffer=100_000) as feed,
    ):
        time.sleep(_SETTLE_S)
        busy_s = sum(engine.process.cpu_times()[:2])
        seen = _watch(feed, seconds)
        busy_s = sum(engine.process.cpu_times()[:2]) - busy_s
        lost = feed.lost()
    return {
        "streams": count,
        "seconds": seconds,
        "cores_used": round(busy_s / seconds, 3),
        "lost_on_the_wire": lost,
        **seen,
    }


def _watch(feed: Subscriber, seconds: float) -> Result:
    healths = []
    ages_ms: dict[str, list[float]] = {"gesture": [], "emotion": []}
    missed = 0
    for item in received(feed, seconds):
        envelope, body = item.message.envelope, item.message.body
        if isinstance(body, Health):
            healths.append(body)
        else:
            age_ns = envelope.published_ns - envelope.capture_ns
            ages_ms[item.topic.split(".")[0]].append(age_ns / NS_PER_MS)
            missed += envelope.missed_deadline
    return {
        "capture_to_publish_ms": {kind: percentiles(ages) for kind, ages in ages_ms.items()},
        "missed_deadline": missed,
        **_at_the_end(healths),
    }


def _at_the_end(healths: list[Health]) -> dict[str, Any]:
    last = healths[-1]
    return {
        "poses_per_s": {
            "min": min(health.pose_hz for health in healths[1:]),
            "last": last.pose_hz,
        },
        "stages_ms": {
            name: {"count": s.count, "p50": s.p50, "p95": s.p95, "p99": s.p99, "max": s.max}
            for name, s in last.latency_ms.items()
        },
        "drops": last.drops,
        "longest_queue": {
            name: max(health.queued[name] for health in healths) for name in last.queued
        },
        "memory_mb": last.memory_mb,
    }

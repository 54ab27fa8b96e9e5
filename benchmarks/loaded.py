"""Live from a camera while other programs take every core: does the deadline hold?"""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result, percentiles
from benchmarks.watching import received
from engine.clock import NS_PER_MS, NS_PER_S, SystemClock
from engine.messages import Envelope, Health
from engine.wire.subscriber import Subscriber

_SETTLE_S = 10.0
_KINDS = ("pose", "gesture", "emotion")


def loaded(
    video: Path | None, *, fps: float, seconds: float, deadline_ms: float, rounds: int
) -> Result:
    """Quiet, loaded and released stretches in turn.

    Args:
        video: What the camera shows; a moving portrait if None.
        fps: Of the camera.
        seconds: Length of each stretch.
        deadline_ms: From capture to publish.
        rounds: How often there is a load.

    Returns:
        Ages at the publisher by stretch, levels, messages that were late and did not say so, and
        the time from each release until quality was full again.
    """
    phases = [phase for _ in range(rounds) for phase in ("quiet", "loaded", "released")]
    seen = _Seen(deadline_ms)
    with (
        Camera(video, fps) as camera,
        engine_process("--source", camera.url, "--deadline-ms", str(deadline_ms)) as engine,
        Subscriber(engine.endpoint, (*(f"{k}." for k in _KINDS), "health."), buffer=20_000) as feed,
    ):
        seen.watch(feed, _SETTLE_S, "")
        for phase in phases:
            with _busy(phase == "loaded"):
                seen.watch(feed, seconds, phase)
    return {
        "camera_fps": fps,
        "deadline_ms": deadline_ms,
        "seconds_each": seconds,
        "rounds": rounds,
        **seen.figures(),
    }


class _Seen:
    def __init__(self, deadline_ms: float) -> None:
        self._deadline_ms = deadline_ms
        self._ages_ms: dict[str, list[float]] = {}
        self._levels: dict[str, list[int]] = {}
        self._missed: dict[str, int] = {}
        self._unsaid = 0
        self._recovered_s: list[float | None] = []
        self._drops: dict[str, dict[str, int]] = {}

    def watch(self, feed: Subscriber, seconds: float, phase: str) -> None:
        """Follow the feed for a stretch; one without a name is only waited for."""
        degraded_ns = start_ns = SystemClock().now_ns()
        for item in received(feed, seconds, 0.5):
            if not phase:
                continue
            envelope, body = item.message.envelope, item.message.body
            if isinstance(body, Health):
                self._levels.setdefault(phase, []).append(body.degrade_level)
                self._drops = body.drops
                if body.degrade_level:
                    degraded_ns = envelope.published_ns
            else:
                self._take(envelope, phase)
        if phase == "released":
            over = self._levels.get(phase, [1])[-1] == 0
            self._recovered_s.append((degraded_ns - start_ns) / NS_PER_S if over else None)

    def _take(self, envelope: Envelope, phase: str) -> None:
        age_ms = (envelope.published_ns - envelope.capture_ns) / NS_PER_MS
        self._ages_ms.setdefault(phase, []).append(age_ms)
        late = age_ms > self._deadline_ms
        self._missed[phase] = self._missed.get(phase, 0) + late
        self._unsaid += late and not envelope.missed_deadline

    def figures(self) -> Result:
        """Everything seen."""
        return {
            "age_ms": {phase: percentiles(ages) for phase, ages in self._ages_ms.items()},
            "missed_deadline": self._missed,
            "late_without_saying_so": self._unsaid,
            "seconds_at_level": {
                phase: {str(level): levels.count(level) for level in sorted(set(levels))}
                for phase, levels in self._levels.items()
            },
            "full_quality_again_after_s": [
                None if s is None else round(s, 1) for s in self._recovered_s
            ],
            "drops": self._drops,
        }


@contextmanager
def _busy(wanted: bool) -> Iterator[None]:
    """A process that does nothing but compute, for each core."""
    context = multiprocessing.get_context("spawn")
    count = psutil.cpu_count() or 1
    processes = [context.Process(target=_spin, daemon=True) for _ in range(count if wanted else 0)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _spin() -> None:
    end_s = time.monotonic() + 600.0  # ends by itself if its parent is killed
    while time.monotonic() < end_s:
        for _ in range(100_000):
            pass

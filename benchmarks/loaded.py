"""Live from a camera while other programs take every core: does the deadline hold?"""

from contextlib import nullcontext
from pathlib import Path

from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result
from benchmarks.stretches import TOPICS, Stretches
from calibration.latency.load import every_core_busy
from engine.wire.subscriber import Subscriber

_SETTLE_S = 10.0


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
    seen = Stretches(deadline_ms)
    with (
        Camera(video, fps) as camera,
        engine_process("--source", camera.url, "--deadline-ms", str(deadline_ms)) as engine,
        Subscriber(engine.endpoint, TOPICS, buffer=20_000) as feed,
    ):
        seen.watch(feed, _SETTLE_S, "")
        for phase in phases:
            with every_core_busy() if phase == "loaded" else nullcontext():
                seen.watch(feed, seconds, phase)
    return {
        "camera_fps": fps,
        "deadline_ms": deadline_ms,
        "seconds_each": seconds,
        "rounds": rounds,
        **seen.figures(),
    }

"""What Python's own settings do to latency: the same run with each of them, in turns."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.altered_engine import SETTINGS
from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result, percentiles
from benchmarks.watching import received
from engine.clock import NS_PER_MS
from engine.config import Config
from engine.wire.subscriber import Subscriber

_SETTLE_S = 4.0


def hygiene(
    video: Path | None, *, fps: float, seconds: float, rounds: int, recorded_pose: bool
) -> Result:
    """Runs of a camera, one after the other, so that a noisy minute hits all settings alike.

    Args:
        video: What the camera shows; a moving portrait if None.
        fps: Of the camera.
        seconds: Length of each run.
        rounds: How often each setting has its turn.
        recorded_pose: Run without the pose network.

    Returns:
        Ages of poses at the publisher, over all rounds, and p99 of each round; what a full
        collection takes.
    """
    ages_ms: dict[str, list[list[float]]] = {name: [] for name in SETTINGS}
    with Camera(video, fps) as camera:
        for _ in range(rounds):
            for name, runs in ages_ms.items():
                runs.append(_ages_ms(camera.url, seconds, name, recorded_pose=recorded_pose))
    return {
        "camera_fps": fps,
        "seconds_each": seconds,
        "rounds": rounds,
        "pose": "recorded (no network)" if recorded_pose else Config().pose.use,
        "full_collection": _full_collection(),
        "age_ms": {name: _figures(runs) for name, runs in ages_ms.items()},
    }


def _ages_ms(url: str, seconds: float, settings: str, *, recorded_pose: bool) -> list[float]:
    with (
        engine_process("--source", url, recorded_pose=recorded_pose, settings=settings) as engine,
        Subscriber(engine.endpoint, ("pose.",), buffer=20_000) as feed,
    ):
        for _ in received(feed, _SETTLE_S):
            pass
        envelopes = [item.message.envelope for item in received(feed, seconds)]
    return [(each.published_ns - each.capture_ns) / NS_PER_MS for each in envelopes]


def _full_collection() -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.collection"], stdout=subprocess.PIPE, check=True
    )
    told: Result = json.loads(done.stdout.splitlines()[-1])
    return told


def _figures(runs: list[list[float]]) -> Result:
    return {
        **percentiles([age for run in runs for age in run]),
        "p99_of_rounds": sorted(percentiles(run)["p99"] for run in runs),
    }

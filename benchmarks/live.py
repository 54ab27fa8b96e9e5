"""Live at 30 fps from a network camera: latency, queues and memory, for seconds or hours."""

from pathlib import Path
from typing import Any

from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result, percentiles
from benchmarks.watching import received
from engine.clock import NS_PER_MS
from engine.config_file import load_config
from engine.messages import Health
from engine.wire.subscriber import Subscriber

_SETTLE_S = 5.0


def live(
    *, video: Path | None, fps: float, seconds: float, recorded_pose: bool, config: Path | None
) -> Result:
    """One session, watched by a subscriber in this process.

    Args:
        video: What the camera shows; a moving portrait if None.
        fps: Of the camera.
        seconds: How long, after the first five.
        recorded_pose: Run without the pose network: what is left is the engine's overhead.
        config: More of the engine's configuration; may not have `[feed]`.

    Returns:
        Latency from capture to this subscriber, and what health said.

    Raises:
        ConfigError: The configuration is wrong.
    """
    pose = load_config(config).pose
    more = config.read_text(encoding="utf-8") if config else ""
    healths = []
    latency_ms: dict[str, list[float]] = {"pose": [], "emotion": []}
    with (
        Camera(video, fps) as camera,
        engine_process("--source", camera.url, recorded_pose=recorded_pose, config=more) as engine,
        Subscriber(engine.endpoint, ("pose.", "emotion.", "health.")) as feed,
    ):
        _first_pose(feed)
        for _ in received(feed, _SETTLE_S):
            pass
        for item in received(feed, seconds):
            envelope, body = item.message.envelope, item.message.body
            if isinstance(body, Health):
                healths.append(body)
            else:
                age_ns = item.received_ns - envelope.capture_ns
                latency_ms[item.topic.split(".")[0]].append(age_ns / NS_PER_MS)
        lost = feed.lost()
    return {
        "seconds": seconds,
        "camera_fps": fps,
        "pose": "recorded (no network)" if recorded_pose else pose.use,
        "pose_options": {} if recorded_pose else pose.options,
        "poses_per_s": round(len(latency_ms["pose"]) / seconds, 2),
        "capture_to_subscriber_ms": {kind: percentiles(v) for kind, v in latency_ms.items()},
        "lost_on_the_wire": lost,
        **_health_figures(healths),
    }


def _first_pose(feed: Subscriber) -> None:
    while (item := feed.receive(60.0)) is not None:
        if item.topic.startswith("pose.") and item.message.body.width_px:
            return
    raise RuntimeError("no pose within a minute")


def _health_figures(healths: list[Health]) -> dict[str, Any]:
    """Stage figures at the end, the longest queue ever seen, memory at both ends."""
    last = healths[-1]
    tenth = max(1, len(healths) // 10)
    memory = [health.memory_mb for health in healths]
    return {
        "stages_ms": {
            name: {"count": stage.count, "p50": stage.p50, "p99": stage.p99, "max": stage.max}
            for name, stage in last.latency_ms.items()
        },
        "drops": last.drops,
        "longest_queue": {
            name: max(health.queued[name] for health in healths) for name in last.queued
        },
        "memory_mb": {
            "first_tenth": round(sum(memory[:tenth]) / tenth, 1),
            "last_tenth": round(sum(memory[-tenth:]) / tenth, 1),
            "max": max(memory),
        },
    }

"""How fast a recording replays, and that it gives the same events each time."""

import statistics
from pathlib import Path

from benchmarks.report import Result
from engine.clock import SystemClock
from engine.commands.replay import Replay
from engine.wire.verify import first_difference


def replays(path: Path, runs: int) -> Result:
    """Replay `path` several times on whatever core this process is bound to.

    Returns:
        Speeds as multiples of real time, and whether every run gave the recorded events.
    """
    speeds, differences = [], 0
    media_s = 0.0
    for _ in range(runs):
        run = Replay(path, mode="lived", speed=0.0, clock=SystemClock())
        actual = [(wired.topic, wired.payload) for wired in run.messages(run.streams[0])]
        media_s = run.recording.survey.duration_s
        speeds.append(media_s / run.wall_s)
        recorded = run.recording.messages(("gesture", "emotion"))
        expected = [(wired.topic, wired.payload) for wired in recorded]
        differences += first_difference(expected, actual) is not None
    return {
        "recording": path.name,
        "media_s": round(media_s, 2),
        "runs": runs,
        "times_real_time": {
            "median": round(statistics.median(speeds), 1),
            "min": round(min(speeds), 1),
            "max": round(max(speeds), 1),
        },
        "messages_compared": len(actual),
        "runs_that_differed": differences,
    }

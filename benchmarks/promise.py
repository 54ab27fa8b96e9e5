"""Does what `calibrate latency` promised hold in the runs that follow?"""

import re
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import run_stream
from benchmarks.processes import Camera, engine_process
from benchmarks.report import Result
from benchmarks.stretches import TOPICS, Stretches
from calibration.latency.load import every_core_busy
from engine.latency_profile import LatencyProfile, read_profile
from engine.wire.subscriber import Subscriber

_SETTLE_S = 5.0


def promise(
    video: Path | None, *, fps: float, poses_hz: float, deadline_ms: float, seconds: float
) -> Result:
    """Calibrate, then run with the profile, without other load and with every core busy.

    Args:
        video: What the camera shows; a moving portrait if None.
        fps: Of the camera.
        poses_hz: Asked for.
        deadline_ms: Asked for.
        seconds: Length of each run.

    Returns:
        What was promised, and what a subscriber saw.
    """
    seen = Stretches(deadline_ms)
    with Camera(video, fps) as camera, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "latency.json"
        told = _calibrate(camera.url, file, deadline_ms, poses_hz)
        profile = read_profile(str(file))
        for phase, load in (("quiet", nullcontext), ("loaded", every_core_busy)):
            with (
                engine_process("--source", camera.url, "--latency", str(file)) as engine,
                Subscriber(engine.endpoint, TOPICS, buffer=20_000) as feed,
                load(),
            ):
                seen.watch(feed, _SETTLE_S, "")
                seen.watch(feed, seconds, phase)
    figures = seen.figures()
    return {
        "camera_fps": fps,
        "seconds_each": seconds,
        "promised": _promised(profile),
        **{key: figures[key] for key in ("age_ms", "missed_deadline", "late_without_saying_so")},
        "seconds_at_level": figures["seconds_at_level"],
        "kept": {
            phase: ages["p99"] <= profile.promised_p99_ms
            for phase, ages in figures["age_ms"].items()
        },
        "calibration_said": told,
    }


def _calibrate(url: str, out: Path, deadline_ms: float, poses_hz: float) -> list[str]:
    """As a user does; what it said, without the place of the file."""
    program = [sys.executable, str(Path(run_stream.__file__)), "calibrate", "latency"]
    asked = ["--deadline-ms", f"{deadline_ms:g}", "--fps", f"{poses_hz:g}"]
    done = subprocess.run(
        [*program, "--source", url, *asked, "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"calibration failed:\n{done.stderr}")
    return [line.rstrip() for line in re.sub(r"wrote .*", "", done.stderr).splitlines() if line]


def _promised(profile: LatencyProfile) -> Result:
    return {
        "p99_ms": profile.promised_p99_ms,
        "under_load": profile.promised_under_load,
        "backend": profile.conditions.backend.use,
        "effort": profile.conditions.quality.effort,
        "every": profile.conditions.quality.every,
        "measured_quiet_p99_ms": profile.quiet.p99_ms,
        "measured_loaded_p99_ms": profile.loaded.p99_ms,
    }

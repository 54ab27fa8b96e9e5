"""A latency profile for tests."""

from typing import Any

from msgspec import structs

from engine.calibration_file import sealed
from engine.config import PluginConfig, QualityConfig
from engine.latency_profile import LATENCY_FILE, Ages, Asked, Conditions, LatencyProfile
from engine.machine import Machine

AGES = Ages(count=100, p50_ms=40, p95_ms=55, p99_ms=60, max_ms=80, late=0, poses_hz=25)

CONDITIONS = Conditions(
    machine=Machine(cpu="Some CPU", cores=2, memory_gb=8.0, system="Linux x86_64"),
    versions={"onnxruntime": "1.27"},
    source="camera 0",
    streams=1,
    pose=PluginConfig(use="mediapipe"),
    recognizer="graph@abc",
    backend=PluginConfig(use="openvino", options={"precision": "f32"}),
    quality=QualityConfig(effort="hands every second frame", every=2),
    deadline_ms=90.0,
)


def profile(**changes: Any) -> LatencyProfile:
    made = LatencyProfile(
        kind=LATENCY_FILE.kind,
        version=LATENCY_FILE.version,
        created_wall_ns=1,
        asked=Asked(deadline_ms=90.0, poses_hz=25.0, spare=0.3),
        conditions=CONDITIONS,
        model="",
        quiet=AGES,
        loaded=AGES,
        seeds_ms=({"pose": (30.0, 31.0, 32.0)},),
    )
    return sealed(structs.replace(made, **changes))

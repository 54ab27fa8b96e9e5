"""One of everything that goes over the wire or into a recording, always the same."""

import dataclasses

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from engine.clock import ClockPair
from engine.config import Config
from engine.messages import (
    EmotionEstimate,
    Evidence,
    GestureEvent,
    Health,
    LogRecord,
    SessionInfo,
    StageLatency,
)
from engine.poses import PoseSample
from engine.skeletons import HOLISTIC_75
from engine.wire.encoder import MessageEncoder, Wired
from engine.wire.pose_codec import pose_body
from engine.wire.records import RecordingHeader, make_header
from tests.fakes.clock import FakeClock

SESSION = "20260101-120000-abcd"
START_NS = 5_000_000_000
PAIR = ClockPair(START_NS, 1_767_268_800_000_000_000)


def pose(seq: int = 0, *, epoch: int = 0, capture_ns: int | None = None) -> PoseSample:
    joints = np.arange(len(HOLISTIC_75) * 3, dtype=np.float32).reshape(-1, 3) / 256
    return PoseSample(
        capture_ns=START_NS + seq * 40_000_000 if capture_ns is None else capture_ns,
        epoch=epoch,
        seq=seq,
        skeleton=HOLISTIC_75.name,
        joints=joints + np.float32(seq),
        depth=np.linspace(-1, 1, len(HOLISTIC_75), dtype=np.float32),
        valid=True,
        reason="",
        parts=("body", "left_hand"),
        width_px=640,
        height_px=360,
        pose_ms=12.5,
    )


def gesture(
    state: str = "start", *, id_: str = "main-0-1", t_start_ns: int = START_NS + 1_000_000_000
) -> GestureEvent:
    ended = state == "end"
    return GestureEvent(
        id=id_,
        state=state,
        label_id=4,
        label="scratch_head",
        group="Head-Hand",
        t_start_ns=t_start_ns,
        t_end_ns=t_start_ns + 1_500_000_000 if ended else None,
        score=0.75,
        peak=0.875,
        coverage=1.0,
        end_reason="released" if ended else "",
    )


def emotion(t_ns: int = START_NS + 3_000_000_000) -> EmotionEstimate:
    evidence = Evidence(
        label="scratch_head",
        log_odds=-0.25,
        weight=-0.5,
        observed=0.5,
        expected=0.125,
        events=("main-0-1",),
    )
    return EmotionEstimate(
        t_ns=t_ns,
        p_positive=0.25,
        p_negative=0.375,
        p_unknown=0.375,
        verdict="unknown",
        valid=True,
        reason="",
        log_odds=-0.25,
        coverage=0.5,
        baseline="none",
        evidence=(evidence,),
    )


def health(abstained: tuple[str, ...] = ()) -> Health:
    return Health(
        state="running",
        uptime_s=12.0,
        monotonic_ns=START_NS,
        wall_ns=PAIR.wall_ns,
        source_state="trouble",
        source_trouble="unplugged",
        source_message="camera 0 is gone; trying again in 2 s",
        epoch=1,
        frames_in=300,
        pose_hz=24.5,
        latency_ms={"end_to_end": StageLatency(count=9, p50=40.0, p95=60.0, p99=65.0, max=70.0)},
        queued={"pose-recognize": 1},
        drops={"capture-pose": {"overload": 3}},
        degrade_level=0,
        memory_mb=412.5,
        recorder="on",
        abstained=abstained,
    )


def health_backend() -> Health:
    return replace(
        health(),
        backend="onnxruntime",
        backend_reason="tensorrt: no answer for 250 ms; another attempt in 2 s",
    )


def session() -> SessionInfo:
    return SessionInfo(
        state="started",
        monotonic_ns=START_NS,
        wall_ns=PAIR.wall_ns,
        source="webcam 0",
        pose="mediapipe",
        recognizer="geometric",
        model_hash="0123abcd",
        covered=("scratch_head",),
        not_covered=("press_lips",),
        emotion=True,
        versions={"fidget": "0.1.0"},
        exit_code=0,
    )


def log() -> LogRecord:
    return LogRecord(level="warning", logger="engine.runtime", message="camera 0 is gone")


BODIES: dict[str, tuple[str, str, Struct]] = {
    "pose": ("pose", "main", pose_body(pose())),
    "pose_person": ("pose", "desk-2", pose_body(dataclasses.replace(pose(), person=3))),
    "gesture_start": ("gesture", "main", gesture()),
    "gesture_end": ("gesture", "main", gesture("end")),
    "emotion": ("emotion", "main", emotion()),
    "health": ("health", "", health()),
    "health_abstained": ("health", "", health(("touch_jaw", "fold_arms"))),
    "health_backend": ("health", "", health_backend()),
    "health_variant": ("health", "", replace(health_backend(), precision="int8")),
    "session": ("session", "", session()),
    "session_variant": ("session", "", replace(session(), precision="int8")),
    "log": ("log", "warning", log()),
}


def encoder(session_id: str = SESSION, clock: FakeClock | None = None) -> MessageEncoder:
    clock = clock or FakeClock(START_NS, PAIR.wall_ns)
    return MessageEncoder(session_id, clock, 200.0, lambda _: {"capture-pose": {"overload": 3}})


def wire(encoder_: MessageEncoder, name: str, body: Struct | None = None) -> Wired:
    """The message called `name` in `BODIES`, or another body of its kind."""
    kind, stream, usual = BODIES[name]
    return encoder_.encode(
        kind,
        body or usual,
        stream=stream,
        epoch=0,
        capture_ns=START_NS - 50_000_000,
        decided_ns=START_NS - 1_000_000,
    )


def header() -> RecordingHeader:
    return make_header(
        Config(),
        session=SESSION,
        source="rtsp://user:secret@camera/1",
        recognizer="geometric@0123abcd",
        pair=PAIR,
        versions={"fidget": "0.1.0"},
    )

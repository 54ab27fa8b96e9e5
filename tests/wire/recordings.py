"""Recordings made by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.messages import GestureEvent
from engine.poses import PoseSample
from engine.wire.recording_writer import RecordingWriter
from engine.wire.records import SchedulerDecision
from tests.wire import samples

DROPPED_SEQ = 4


def write_recording(
    path: Path, *, poses: int = 10, chunks: int = 3, finish: bool = True, messages: bool = True
) -> Path:
    """`poses` samples with a message each, over `chunks` chunks; sample 4 was dropped."""
    writer = RecordingWriter(path, samples.header())
    encoder = samples.encoder()
    per_chunk = -(-poses // chunks)
    for seq in range(poses):
        sample = samples.pose(seq, epoch=seq // 6)
        writer.write_pose(sample, sample.capture_ns)
        if messages:
            event = _event_of(seq)
            writer.write_message(samples.wire(encoder, "gesture_start", event), sample.capture_ns)
        if seq == DROPPED_SEQ + 2:
            decision = SchedulerDecision(
                at_ns=sample.capture_ns,
                edge="pose-recognize",
                cause="overload",
                sample_seq=DROPPED_SEQ,
            )
            writer.write_decision(decision, sample.capture_ns)
        if (seq + 1) % per_chunk == 0:
            writer.flush()
    if messages:
        writer.write_message(samples.wire(encoder, "emotion"), samples.START_NS)
    if finish:
        writer.finish({})
    else:
        writer.flush()
        writer.abandon()
    return path


def _event_of(seq: int) -> GestureEvent:
    """Gestures in turn: start, end, start, end, …"""
    return samples.gesture("end" if seq % 2 else "start", id_=f"main-0-{seq // 2}")


class FillingDisk:
    """An opener whose file takes `room_bytes` and then fails; small writes are split in two."""

    def __init__(self, room_bytes: int, make_error: Callable[[], OSError]) -> None:
        self.room_bytes = room_bytes
        self._make_error = make_error
        self.closed = False

    def __call__(self, path: Path, overwrite: bool) -> "FillingDisk":
        self._file = path.open("wb" if overwrite else "xb", buffering=0)
        return self

    def write(self, data: memoryview, /) -> int | None:
        if self.room_bytes <= 0:
            raise self._make_error()
        part = data[: max(1, min(self.room_bytes, len(data) // 2))]
        self.room_bytes -= len(part)
        return self._file.write(part)

    def close(self) -> None:
        self.closed = True
        self._file.close()


def same_pose(one: PoseSample, two: PoseSample) -> bool:
    return (one.capture_ns, one.epoch, one.seq, one.pose_ms, one.parts) == (
        two.capture_ns,
        two.epoch,
        two.seq,
        two.pose_ms,
        two.parts,
    ) and np.array_equal(one.joints, two.joints)

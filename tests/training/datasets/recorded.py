"""Recordings of somebody who moves."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.poses import PoseSample
from engine.wire.recording_writer import RecordingWriter
from tests.fakes.samples import upright
from tests.wire import samples


def recorded(path: Path, poses: Iterable[PoseSample]) -> Path:
    writer = RecordingWriter(path, samples.header())
    for seq, sample in enumerate(poses):
        writer.write_pose(replace(sample, seq=seq), sample.capture_ns)
    writer.finish({})
    return path


def moving(seconds: float, rate_hz: float, start_s: float = 7.0) -> list[PoseSample]:
    """A person who goes right by a tenth of the picture a second."""
    times_s = np.arange(round(seconds * rate_hz) + 1) / rate_hz
    return [upright(start_s + t_s, dx=0.1 * t_s) for t_s in times_s]

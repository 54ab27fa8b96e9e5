"""The camera inside the process."""

import numpy as np
import pytest

from benchmarks.engines.camera_frames import CameraFrames
from engine.errors import EndOfStream
from engine.frames import Frame
from tests.fakes.clock import FakeClock
from tests.fakes.network_camera import encode_jpegs

JPEGS = encode_jpegs([np.full((16, 24, 3), shade, np.uint8) for shade in (0, 100, 200)])


def open_camera(rate_hz: float, count: int) -> tuple[CameraFrames, FakeClock]:
    camera, clock = CameraFrames(JPEGS, rate_hz, count), FakeClock()
    camera.open(clock)
    return camera, clock


def read(camera: CameraFrames) -> Frame:
    frame = camera.read(1.0)
    assert frame is not None
    return frame


def test_at_a_rate_frames_come_when_they_are_due() -> None:
    camera, clock = open_camera(10.0, 4)
    start_ns = clock.now_ns()
    frames = [read(camera) for _ in range(4)]
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [frame.capture_ns - start_ns for frame in frames] == [0, 10**8, 2 * 10**8, 3 * 10**8]
    assert [round(float(frame.image.mean()), -1) for frame in frames] == [0, 100, 200, 0]
    with pytest.raises(EndOfStream):
        camera.read(1.0)
    assert camera.drops() == {"stale": 0}


def test_the_newest_wins_and_keeps_the_instant_at_which_it_was_taken() -> None:
    camera, clock = open_camera(10.0, 5)
    start_ns = clock.now_ns()
    read(camera)
    clock.advance(0.35)
    frame = read(camera)
    assert (frame.index, frame.capture_ns - start_ns) == (3, 3 * 10**8)
    assert camera.drops() == {"stale": 2}
    clock.advance(1.0)
    with pytest.raises(EndOfStream):
        camera.read(1.0)
    assert camera.drops() == {"stale": 3}


def test_as_fast_as_it_goes_none_is_left_out() -> None:
    camera, clock = open_camera(0.0, 3)
    for index in range(3):
        clock.advance(0.5)
        frame = read(camera)
        assert (frame.index, frame.capture_ns) == (index, clock.now_ns())
    with pytest.raises(EndOfStream):
        camera.read(1.0)
    assert camera.drops() == {"stale": 0}


def test_what_is_not_due_within_the_timeout_is_nothing_yet() -> None:
    camera, _ = open_camera(0.5, 2)
    assert read(camera).index == 0
    assert camera.read(1.5) is None
    assert read(camera).index == 1

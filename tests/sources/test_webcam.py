"""The webcam: every trouble told apart, and back by itself."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SystemClock
from engine.errors import SourceError, Trouble
from plugins.sources.webcam import WebcamSource
from tests.fakes.capture import SimulatedCamera
from tests.sources.manual_clock import ManualClock
from tests.sources.waiting import eventually, next_frame


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def camera(tmp_path: Path) -> SimulatedCamera:
    return SimulatedCamera(tmp_path)


@contextmanager
def watching(
    camera: SimulatedCamera, clock: ManualClock, **options: object
) -> Iterator[WebcamSource]:
    config = WebcamSource.Config(**options)  # type: ignore[arg-type]
    source = WebcamSource(camera.target, config, camera.factory)
    source.open(clock)
    try:
        yield source
    finally:
        camera.unplug(file_too=False)
        source.close()


def trouble(source: WebcamSource) -> str:
    """What the status says, after giving the source the chance to notice."""
    source.read(0.0)
    return source.status().trouble


def refused(camera: SimulatedCamera, clock: ManualClock, **options: object) -> SourceError:
    with pytest.raises(SourceError) as caught, watching(camera, clock, **options):
        pass
    assert camera.released == len(camera.opened)
    return caught.value


def test_gives_what_the_camera_sees_with_the_time_of_the_grab(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        assert source.status().state == "waiting"
        image = np.zeros((48, 64, 3), np.uint8)
        image[:, :, 0] = 200
        camera.show(image)
        frame = next_frame(source)
        assert frame.capture_ns == clock.now_ns()
        assert (frame.epoch, frame.index) == (0, 0)
        # OpenCV's blue first becomes red first.
        assert tuple(frame.image[0, 0]) == (0, 0, 200)
        assert source.status().state == "ok"
        assert camera.opened == [camera.target]
    assert source.status().state == "ended"
    assert camera.released == 1


@pytest.mark.parametrize("shape", [(48, 64), (48, 64, 1), (48, 64, 4), (1, 1, 3)])
def test_other_kinds_of_pictures(
    camera: SimulatedCamera, clock: ManualClock, shape: tuple[int, ...]
) -> None:
    with watching(camera, clock) as source:
        camera.show(np.full(shape, 9, np.uint8))
        assert next_frame(source).image.shape == (*shape[:2], 3)


def test_a_bad_picture_is_counted_and_the_next_one_comes(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        camera.show(np.zeros((4, 4, 2), np.uint8))
        eventually(lambda: trouble(source) == Trouble.BAD_FRAME.value)
        clock.advance(0.01)
        camera.show_noise(1)
        assert next_frame(source).index == 1
        assert source.drops()["bad_frame"] == 1
        assert source.status().state == "ok"


def test_only_the_newest_is_kept_and_the_others_are_counted(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        for seed in range(5):
            camera.show_noise(seed)
        eventually(lambda: source.drops()["stale"] == 4)
        assert next_frame(source).index == 4


def test_a_coarse_clock_gives_times_that_grow(camera: SimulatedCamera, clock: ManualClock) -> None:
    with watching(camera, clock) as source:
        times = []
        for seed in range(3):
            camera.show_noise(seed)
            times.append(next_frame(source).capture_ns)
        assert times == sorted(set(times))
        assert times[2] - times[0] == 2


def test_time_going_backwards_starts_a_new_epoch(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        camera.show_noise(1)
        assert next_frame(source).epoch == 0
        clock.advance(-0.5)
        camera.show_noise(2)
        assert next_frame(source).epoch == 1
        assert source.status().trouble == Trouble.TIME_JUMP.value
        assert source.status().state == "ok"


def test_not_found(
    camera: SimulatedCamera, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    camera.path.unlink()
    error = refused(camera, clock)
    assert not caplog.records, "the error says it all"
    assert error.trouble is Trouble.NOT_FOUND
    assert error.transient
    assert camera.target in str(error)


def test_busy(camera: SimulatedCamera, clock: ManualClock) -> None:
    camera.busy = True
    error = refused(camera, clock)
    assert error.trouble is Trouble.BUSY
    assert error.transient


def test_denied(
    camera: SimulatedCamera, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert refused(camera, clock).trouble is Trouble.DENIED


def test_a_size_that_is_not_given_is_a_warning(
    camera: SimulatedCamera, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING),
        watching(camera, clock, width=1280, height=48, fps=60.0),
    ):
        pass
    assert "width 1280 requested, 64 given" in caplog.text
    assert "fps 60 requested, 30 given" in caplog.text
    assert "height" not in caplog.text


def test_a_size_that_is_not_given_is_an_error_if_strict(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    error = refused(camera, clock, width=1280, strict=True)
    assert "1280 requested, 64 given" in str(error)
    assert not error.transient


def test_a_size_that_is_given_is_no_matter(
    camera: SimulatedCamera, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    camera.obeys = True
    config = WebcamSource.Config(width=1280, height=720, fps=25.0, strict=True)
    source = WebcamSource(camera.target, config, camera.factory)
    info = source.open(clock)
    camera.unplug()
    source.close()
    assert (info.width_px, info.height_px, info.fps) == (1280, 720, 25.0)


def test_unplugged_and_plugged_in_several_times(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        indices = []
        for epoch in range(4):
            clock.advance(0.01)
            camera.show_noise(epoch)
            frame = next_frame(source)
            assert frame.epoch == epoch
            indices.append(frame.index)
            camera.unplug()
            eventually(lambda: trouble(source) == Trouble.UNPLUGGED.value)
            assert "trying again" in source.status().message
            assert source.status().state == "trouble"
            # Attempts go on, find nothing, and say the same.
            clock.advance(0.2)
            assert trouble(source) == Trouble.UNPLUGGED.value
            camera.plug_in()
            eventually(lambda: comes_back(source, clock))
        assert indices == [0, 1, 2, 3]
        assert set(camera.opened) == {camera.target}


def comes_back(source: WebcamSource, clock: ManualClock) -> bool:
    """Let a little time pass; whether the camera is open again."""
    clock.advance(0.1)
    return source.status().state == "waiting"


def has_dropped(source: WebcamSource, cause: str, count: int) -> bool:
    return source.drops()[cause] == count


def has_begun_to_grab(camera: SimulatedCamera, times: int) -> bool:
    return camera.grabs == times


def was_opened(camera: SimulatedCamera, times: int) -> bool:
    return len(camera.opened) == times


def test_a_lost_camera_that_another_program_took_is_busy(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        camera.busy = True
        camera.unplug(file_too=False)

        def is_busy() -> bool:
            clock.advance(0.1)
            return trouble(source) == Trouble.BUSY.value

        eventually(is_busy)


def test_frozen_is_held_back_reported_and_reopened(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        still = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)

        def repeat(after_s: float) -> None:
            clock.advance(after_s)
            camera.show(still)

        for after_s in (0.5, 1.0, 0.9):
            repeat(after_s)
            assert next_frame(source).epoch == 0
        for number in range(1, 5):
            repeat(1.5)
            eventually(partial(has_dropped, source, "frozen", number))
            assert trouble(source) == Trouble.FROZEN.value
            assert source.read(0.0) is None
        repeat(10.0)
        eventually(lambda: comes_back(source, clock))
        assert len(camera.opened) == 2
        # The same picture after reopening is still frozen.
        repeat(0.1)
        eventually(lambda: trouble(source) == Trouble.FROZEN.value)
        camera.show_noise(5)
        assert next_frame(source).epoch == 1
        assert source.status().state == "ok"


def test_a_hung_grab_is_left_alone_and_the_camera_opened_again(
    camera: SimulatedCamera, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    with watching(camera, clock, stall_s=2.0) as source:
        camera.show_noise(1)
        next_frame(source)
        eventually(partial(has_begun_to_grab, camera, 2))
        wake = camera.hang()
        clock.advance(1.9)
        assert source.read(0.0) is None
        assert source.status().state == "ok"
        clock.advance(0.2)
        assert source.read(0.0) is None
        # The status may already tell of the next connection.
        assert "unplugged: camera" in caplog.text
        assert "no picture within 2 s" in caplog.text
        eventually(lambda: len(camera.opened) == 2)
        camera.show_noise(2)
        assert next_frame(source).epoch == 1
        # The old thread returns at last: it lets go of its device and changes nothing.
        wake.set()
        eventually(lambda: camera.released == 1)
        assert source.status().state == "ok"
        clock.advance(0.01)
        camera.show_noise(3)
        assert next_frame(source).epoch == 1


def test_a_driver_that_hangs_for_ever_does_not_pile_up_threads(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock, stall_s=1.0) as source:
        wakes = []
        for attempt in range(1, 9):
            eventually(partial(has_begun_to_grab, camera, min(attempt, 5)))
            wakes.append(camera.hang())
            clock.advance(1.1)
            source.read(0.0)
            eventually(partial(was_opened, camera, min(1 + attempt, 5)))
        assert "hang in the driver" in source.status().message
        for wake in wakes:
            wake.set()


def test_an_open_that_hangs_is_a_timeout(camera: SimulatedCamera) -> None:
    wake = camera.hang()

    def hangs(handle: int | str) -> object:
        wake.wait(20.0)
        return camera.factory(handle)

    config = WebcamSource.Config(open_timeout_s=0.05)
    source = WebcamSource(camera.target, config, hangs)  # type: ignore[arg-type]
    released = threading.Timer(0.2, wake.set)
    released.start()
    with pytest.raises(SourceError) as caught:
        source.open(SystemClock())
    released.join()
    assert caught.value.trouble is Trouble.TIMEOUT
    assert caught.value.transient


def test_an_unforeseen_error_of_the_reader_is_raised_by_read(
    camera: SimulatedCamera, clock: ManualClock
) -> None:
    with watching(camera, clock) as source:
        # Not an image at all: a fault of the driver's binding, not of the device.
        camera.show("nonsense")  # type: ignore[arg-type]

        def failure() -> SourceError | None:
            try:
                source.read(0.0)
            except SourceError as error:
                return error
            return None

        error = eventually(failure)
        assert "AttributeError" in str(error)
        assert isinstance(error.__cause__, AttributeError)
        assert source.status().state == "trouble"


def test_close_is_idempotent_and_allowed_before_open(camera: SimulatedCamera) -> None:
    source = WebcamSource(camera.target, WebcamSource.Config(), camera.factory)
    source.close()
    source.close()
    assert source.status().state == "waiting"


def test_read_before_open_is_an_error(camera: SimulatedCamera) -> None:
    with pytest.raises(SourceError, match="call open first"):
        WebcamSource(camera.target, WebcamSource.Config(), camera.factory).read(0.0)

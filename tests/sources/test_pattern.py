"""The pattern: a person without camera or file, the same each time."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from engine.clock import NS_PER_S, SystemClock
from engine.errors import EndOfStream, SourceError
from engine.frames import Frame
from plugins.sources.pattern import PatternSource
from tests.fakes.clock import FakeClock


def opened(clock: FakeClock | None = None, **options: object) -> PatternSource:
    source = PatternSource("pattern", PatternSource.Config(**options))  # type: ignore[arg-type]
    source.open(clock or FakeClock())
    return source


def read(source: PatternSource, count: int) -> list[Frame]:
    frames = [source.read(1.0) for _ in range(count)]
    assert None not in frames
    return [frame for frame in frames if frame is not None]


def test_times_are_exact_and_do_not_drift() -> None:
    frames = read(opened(width=32, height=24, fps=30.0), 100)
    assert [frame.capture_ns for frame in frames] == [round(n * NS_PER_S / 30) for n in range(100)]
    assert [frame.index for frame in frames] == list(range(100))
    assert {frame.epoch for frame in frames} == {0}


def test_same_seed_same_pixels_other_seed_others() -> None:
    first, again, other = (read(opened(seed=seed), 20)[-1].image for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_picture_moves() -> None:
    frames = read(opened(fps=2.0), 4)
    for before, after in pairwise(frames):
        assert not np.array_equal(before.image, after.image)


def test_people_can_be_left_out() -> None:
    person = read(opened(), 1)[0].image
    room = read(opened(people=False), 1)[0].image
    assert person.shape == room.shape == (480, 640, 3)
    # A photograph has black and white; the wall is grey throughout.
    assert room.min() > 40
    assert room.max() < 215
    assert person.min() < 20
    assert person.max() > 235


@pytest.mark.parametrize("size", [(1, 1), (1920, 1080), (7, 300)])
def test_any_size(size: tuple[int, int]) -> None:
    assert read(opened(width=size[0], height=size[1]), 1)[0].size == size


def test_duration_ends_it() -> None:
    source = opened(width=16, height=16, fps=10.0, duration_s=0.5)
    assert len(read(source, 5)) == 5
    with pytest.raises(EndOfStream):
        source.read(0.0)
    assert source.status().state == "ended"


def test_read_before_open_is_an_error() -> None:
    with pytest.raises(SourceError, match="call open first"):
        PatternSource("pattern", PatternSource.Config()).read(0.0)


def test_live_is_paced_by_the_clock() -> None:
    clock = FakeClock()
    source = opened(clock, width=16, height=16, fps=10.0, live=True)
    assert source.live
    start_ns = clock.now_ns()
    frames = read(source, 4)
    assert [frame.capture_ns - start_ns for frame in frames] == [n * 100_000_000 for n in range(4)]


def test_live_says_none_until_the_next_picture_is_due() -> None:
    clock = FakeClock()
    source = opened(clock, width=16, height=16, fps=1.0, live=True)
    assert source.read(0.0) is not None
    assert source.read(0.25) is None
    assert source.read(0.75) is not None


def test_live_leaves_out_what_is_late_and_counts_it() -> None:
    clock = FakeClock()
    source = opened(clock, width=16, height=16, fps=10.0, live=True)
    read(source, 1)
    clock.advance(0.55)
    frame = read(source, 1)[0]
    assert frame.index == 5
    assert source.drops() == {"stale": 4}


def test_close_ends_a_waiting_read() -> None:
    source = PatternSource("pattern", PatternSource.Config(fps=0.01, live=True))
    source.open(SystemClock())
    source.read(0.0)
    closer = threading.Timer(0.05, source.close)
    closer.start()
    assert source.read(60.0) is None
    closer.join()
    with pytest.raises(EndOfStream):
        source.read(0.0)

import pytest

from engine.runtime.pacing import PacedSource
from tests.fakes.clock import FakeClock
from tests.fakes.sources import ListSource, frame


def opened(clock: FakeClock, *items: object) -> PacedSource:
    source = PacedSource(ListSource(items))
    source.open(clock)
    return source


def test_items_come_when_due_and_carry_that_time() -> None:
    clock = FakeClock(now_ns=50_000_000_000)
    source = opened(clock, frame(3.0), frame(3.1), frame(3.3))
    got = [source.read(1.0).capture_ns for _ in range(3)]
    assert got == [50_000_000_000, 50_100_000_000, 50_300_000_000]
    assert clock.now_ns() == 50_300_000_000


def test_what_is_due_later_than_the_timeout_is_kept() -> None:
    clock = FakeClock(now_ns=0)
    source = opened(clock, frame(0.0), frame(1.0))
    source.read(0.2)
    assert [source.read(0.4) for _ in range(2)] == [None, None]
    assert source.read(0.4).capture_ns == 1_000_000_000


def test_late_items_keep_the_time_they_were_due() -> None:
    clock = FakeClock(now_ns=0)
    source = opened(clock, frame(0.0), frame(0.1))
    source.read(1.0)
    clock.advance(5.0)
    assert source.read(1.0).capture_ns == 100_000_000
    assert clock.now_ns() == 5_000_000_000


def test_a_new_epoch_starts_now_wherever_its_time_begins() -> None:
    clock = FakeClock(now_ns=0)
    source = opened(clock, frame(10.0), frame(0.5, epoch=1))
    source.read(1.0)
    clock.advance(1.0)
    assert source.read(1.0).capture_ns == pytest.approx(1_000_000_000)

import threading

import pytest

from engine.clock import SystemClock
from engine.serving.watchdog import Watchdog
from tests.fakes.clock import FakeClock

PATIENT_S = 20.0


def test_a_call_that_does_not_end_is_acted_upon_more_than_once() -> None:
    acted, calls = threading.Semaphore(0), []

    def act() -> None:
        calls.append(threading.current_thread().name)
        acted.release()

    dog = Watchdog("test", 10.0, act, SystemClock())
    try:
        with dog.watching():
            assert acted.acquire(timeout=PATIENT_S)
            assert acted.acquire(timeout=PATIENT_S)
        assert set(calls) == {"fidget-watch-test"}
    finally:
        dog.close()


class _SteppedClock(FakeClock):
    """Its waits last until the test moves time."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._moved = threading.Semaphore(0)
        self._waiting = threading.Semaphore(0)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        self.waits.append(timeout_s)
        self._waiting.release()
        self._moved.acquire()
        return event.is_set()

    def until_it_waits(self) -> float:
        assert self._waiting.acquire(timeout=PATIENT_S)
        return self.waits[-1]

    def move(self, seconds: float) -> None:
        self.advance(seconds)
        self._moved.release()


@pytest.mark.parametrize("times", [1.0, 3.0])
def test_it_acts_at_the_bound_of_a_call_and_not_before(times: float) -> None:
    clock, acts = _SteppedClock(), []
    dog = Watchdog("test", 100.0, lambda: acts.append(clock.now_ns()), clock)
    assert clock.until_it_waits() == pytest.approx(0.1)
    clock.advance(0.06)
    begin_ns = clock.now_ns()
    with dog.watching(times):
        clock.move(0.04)
        while (left_s := clock.until_it_waits()) and not acts:
            clock.move(left_s)
        assert acts[0] - begin_ns == pytest.approx(times * 0.1e9)
    acts.clear()
    for _ in range(5):  # nothing is watched any more
        clock.move(0.1)
        clock.until_it_waits()
    assert not acts
    closer = threading.Thread(target=dog.close)
    closer.start()
    while closer.is_alive():
        clock.move(0.1)
        closer.join(0.01)


def test_a_call_in_time_is_left_alone() -> None:
    acts: list[int] = []
    dog = Watchdog("test", 10_000.0, lambda: acts.append(1), SystemClock())
    for _ in range(1000):
        with dog.watching():
            pass
    dog.close()
    assert not acts

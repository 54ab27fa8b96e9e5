from collections.abc import Callable

import pytest

from plugins.backends.waiting import PolledWait

_US = 1_000


class Gpu:
    """A clock, and something on it that takes a while; asking takes a microsecond."""

    def __init__(self) -> None:
        self.now = 0
        self.takes = 0
        self.began = 0
        self.asked = 0
        self.slept: list[float] = []

    def now_ns(self) -> int:
        return self.now

    def sleep(self, duration_s: float) -> None:
        self.slept.append(duration_s)
        self.now += round(duration_s * 1e9)

    def ready(self) -> bool:
        self.asked += 1
        self.now += _US
        return self.now >= self.began + self.takes

    def begin(self, takes_us: int) -> Callable[[], bool]:
        self.began, self.takes = self.now, takes_us * _US
        self.asked = 0
        self.slept.clear()
        return self.ready


@pytest.fixture
def gpu() -> Gpu:
    return Gpu()


@pytest.fixture
def wait(gpu: Gpu) -> PolledWait:
    return PolledWait(now_ns=gpu.now_ns, sleep=gpu.sleep)


def never() -> bool:
    return False


def settle(wait: PolledWait, gpu: Gpu, takes_us: int, times: int = 200) -> None:
    for _ in range(times):
        wait.until(gpu.begin(takes_us), never)


def test_what_is_quick_is_asked_for_without_sleeping(wait: PolledWait, gpu: Gpu) -> None:
    settle(wait, gpu, 90)
    assert gpu.slept == []
    assert gpu.now - gpu.began == pytest.approx(90 * _US, abs=_US)


def test_what_is_slow_is_slept_through_until_shortly_before(wait: PolledWait, gpu: Gpu) -> None:
    settle(wait, gpu, 10_000)
    assert len(gpu.slept) == 1
    assert 0.007 < gpu.slept[0] < 0.010
    assert gpu.asked > 1
    assert gpu.now - gpu.began == pytest.approx(10_000 * _US, abs=2 * _US)


def test_one_that_became_faster_is_soon_not_overslept(wait: PolledWait, gpu: Gpu) -> None:
    settle(wait, gpu, 10_000)
    settle(wait, gpu, 5_000, times=10)
    assert gpu.now - gpu.began == pytest.approx(5_000 * _US, abs=2 * _US)


def test_a_single_stall_is_forgotten(wait: PolledWait, gpu: Gpu) -> None:
    settle(wait, gpu, 90)
    wait.until(gpu.begin(50_000), never)
    settle(wait, gpu, 90, times=15)
    assert gpu.slept == []


def test_what_is_long_overdue_does_not_keep_a_core_busy(wait: PolledWait, gpu: Gpu) -> None:
    settle(wait, gpu, 90)
    wait.until(gpu.begin(1_000_000), never)
    assert gpu.asked < 8_000  # each ask takes 1 µs: of a second, some 5 ms
    assert len(gpu.slept) > 1_000


def test_giving_up_ends_it(wait: PolledWait, gpu: Gpu) -> None:
    gpu.begin(10**9)
    assert not wait.until(gpu.ready, lambda: gpu.asked == 3)
    assert gpu.asked == 3


def test_what_is_ready_counts_even_if_given_up(wait: PolledWait, gpu: Gpu) -> None:
    assert wait.until(gpu.begin(0), lambda: True)

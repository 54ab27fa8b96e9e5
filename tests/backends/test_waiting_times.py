"""How a result is waited for, by a clock that only moves when it is looked at or slept by."""

import pytest

from plugins.backends.waiting import PolledWait

LOOK_NS = 10_000
MS = 1_000_000


class Device:
    """A result that comes some time after it was asked for; each look at the clock takes time."""

    def __init__(self) -> None:
        self.now = 0
        self.due = 0
        self.slept_ms: list[float] = []

    def now_ns(self) -> int:
        self.now += LOOK_NS
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept_ms.append(round(seconds * 1e3, 3))
        self.now += round(seconds * 1e9)

    def ready(self) -> bool:
        self.now += LOOK_NS
        return self.now >= self.due

    def waits(self, wait: PolledWait, *took_ms: float) -> list[float]:
        """Milliseconds by which each of these was noticed late."""
        late = []
        for ms in took_ms:
            self.due = self.now + round(ms * MS)
            wait.until(self.ready)
            late.append((self.now - self.due) / MS)
        return late


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def wait(device: Device, monkeypatch: pytest.MonkeyPatch) -> PolledWait:
    monkeypatch.setattr("plugins.backends.waiting._AWAKE_NS", 200_000)
    return PolledWait(20 * MS, device.now_ns, device.sleep)


def test_a_short_one_is_never_slept_through(device: Device, wait: PolledWait) -> None:
    late = device.waits(wait, *[0.15] * 50)
    assert device.slept_ms == []
    assert max(late) < 0.05


def test_of_a_long_one_only_the_end_is_spun(device: Device, wait: PolledWait) -> None:
    late = device.waits(wait, *[5.0] * 200)
    assert device.slept_ms[-1] == pytest.approx(4.8, abs=0.1)
    assert max(late[1:]) < 0.05


def test_one_that_gets_shorter_is_soon_noticed_in_time(device: Device, wait: PolledWait) -> None:
    device.waits(wait, *[5.0] * 200)
    late = device.waits(wait, *[1.0] * 20)
    assert late[0] > 3.0
    assert max(late[10:]) < 0.05


def test_a_stall_hardly_changes_what_is_usual(device: Device, wait: PolledWait) -> None:
    device.waits(wait, *[0.5] * 200, 100.0)
    late = device.waits(wait, *[0.5] * 30)
    assert sum(late) < 30.0
    assert max(late[15:]) < 0.05


def test_what_is_overdue_is_looked_at_only_now_and_then(device: Device, wait: PolledWait) -> None:
    device.waits(wait, *[0.1] * 10)
    late = device.waits(wait, 1000.0)
    assert set(device.slept_ms) == {0.5}
    assert 1800 < len(device.slept_ms) < 2000
    assert late[0] < 0.6

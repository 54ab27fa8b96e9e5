import pytest

from engine.clock import NS_PER_MS, NS_PER_S
from engine.runtime.governor.pressure import Pressure

FREE, PRESSED = 0.5, -0.1


def first_sustained_s(*runs: tuple[int, float, float]) -> float | None:
    """When pressure is first sustained in runs of (frames, ms between them, slack)."""
    pressure, now_ns = Pressure(0.05, NS_PER_S), 0
    for frames, every_ms, slack in runs:
        for _ in range(frames):
            now_ns += round(every_ms * NS_PER_MS)
            if pressure.note(slack, now_ns):
                return now_ns / NS_PER_S
    return None


def test_frames_with_slack_are_no_pressure() -> None:
    assert first_sustained_s((1000, 33.0, 0.05)) is None


def test_frames_without_are_after_a_second() -> None:
    assert first_sustained_s((30, 50.0, FREE), (40, 50.0, 0.049)) == 30 * 0.05 + 0.05 + 1.0


def test_one_call_however_long_is_not() -> None:
    for wait_ms in (100.0, 900.0, 5000.0, 60_000.0):
        assert first_sustained_s((30, 50.0, FREE), (1, wait_ms, -9.0), (30, 50.0, FREE)) is None


def test_a_burst_shorter_than_a_second_is_not() -> None:
    assert first_sustained_s((30, 50.0, FREE), (28, 33.0, PRESSED), (30, 50.0, FREE)) is None


def test_bursts_apart_do_not_add_up() -> None:
    burst, calm = (10, 50.0, PRESSED), (12, 50.0, FREE)
    assert first_sustained_s(*[burst, calm] * 20) is None


def test_few_frames_are_as_good_as_many() -> None:
    assert first_sustained_s((10, 900.0, FREE), (10, 900.0, PRESSED)) == pytest.approx(11.7)


def test_every_fourth_frame_is_pressure_and_every_tenth_is_not() -> None:
    quarter, tenth = [(1, 50.0, PRESSED), (3, 50.0, FREE)], [(1, 50.0, PRESSED), (9, 50.0, FREE)]
    assert first_sustained_s(*quarter * 50) is not None
    assert first_sustained_s(*tenth * 200) is None


def test_reset_forgets_the_episode() -> None:
    pressure = Pressure(0.05, NS_PER_S)
    for at_ms in range(0, 990, 33):
        assert not pressure.note(PRESSED, at_ms * NS_PER_MS)
    pressure.reset()
    assert not pressure.note(PRESSED, NS_PER_S)
